package dev.ganglion.lane;

import dev.ganglion.bus.Addresses;
import dev.ganglion.bus.ChangeNotice;
import dev.ganglion.bus.LaneMessage.DeliverCommands;
import dev.ganglion.bus.LocalBus;
import dev.ganglion.bus.NodeBus;
import dev.ganglion.bus.NodeMessage;
import dev.ganglion.bus.SessionMessage;
import dev.ganglion.bus.SessionRef;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Delivers the commands of a lane's agents: decides when the store assigns commands to sessions, passes assigned
 * commands to the sessions of this node, and wakes the other nodes whose sessions should receive commands. Runs on the
 * lane's context.
 *
 * <pre>
 *   arrival or end of a session ──> deliverAll ──┐
 *   free window of a session ──> deliverWaiting ─┼─> lane ──> store ──> claimed ──> sessions of this node
 *                 RECHECK_MS ────────────────────┘                         └──────> other nodes
 * </pre>
 */
final class CommandDelivery implements Outcome.Visitor<DeliverCommands> {
    /** Time between two looks at commands that other nodes hold, in milliseconds. */
    private static final long RECHECK_MS = 2_000;
    /** Least time between two wake-ups of other nodes for the same agent, in milliseconds. */
    private static final long WAKE_AGAIN_MS = 20;

    private final LocalBus bus;
    private final NodeBus nodes;
    private final PollWakeUps polls;
    private final Timers timers;
    private final Consumer<DeliverCommands> lane;
    private final Set<DeliverCommands> rechecks = new HashSet<>();
    private final Set<DeliverCommands> refills = new HashSet<>();
    private final Map<DeliverCommands, List<String>> wakeUps = new HashMap<>();

    /**
     * Creates the delivery of one lane.
     *
     * @param lane receives the messages that ask the store for commands
     */
    CommandDelivery(LocalBus bus, NodeBus nodes, PollWakeUps polls, Timers timers, Consumer<DeliverCommands> lane) {
        this.bus = bus;
        this.nodes = nodes;
        this.polls = polls;
        this.timers = timers;
        this.lane = lane;
    }

    /** Delivers all open commands of an agent, because the sessions that may receive them changed. */
    void deliverAll(SessionRef session) {
        lane.accept(new DeliverCommands(session.projectId(), session.shard(), session.agentId()));
    }

    /** Delivers waiting commands of an agent, because its session has room. All frames that arrive first share a call. */
    void deliverWaiting(SessionRef session) {
        DeliverCommands waiting = waitingOnly(session);
        if (refills.add(waiting)) {
            lane.accept(waiting);
        }
    }

    @Override
    public void claimed(DeliverCommands deliver, Outcome.Claimed claimed) {
        polls.wake(claimed.polls());
        for (Outcome.Delivery delivery : claimed.deliveries()) {
            send(delivery);
        }
        if (!claimed.deliveries().isEmpty()) {
            nodes.changed(deliver.projectId(), ChangeNotice.Topic.COMMAND);
        }
        refills.remove(deliver);
        wakeOwners(
                DeliverCommands.waitingOnly(deliver.projectId(), deliver.shard(), deliver.agentId()),
                claimed.waitedFor());
        if (!claimed.otherNodes().isEmpty()) {
            recheck(new DeliverCommands(deliver.projectId(), deliver.shard(), deliver.agentId()));
        }
    }

    /** Passes on the commands that a poll claimed for other sessions. The poll's answer contains its own commands. */
    void claimedByPoll(SessionRef poll, Outcome.Claimed claimed) {
        for (Outcome.Delivery delivery : claimed.deliveries()) {
            if (!delivery.sessionId().equals(poll.sessionId())) {
                send(delivery);
            }
        }
        wakeOwners(waitingOnly(poll), claimed.waitedFor());
    }

    private void send(Outcome.Delivery delivery) {
        bus.send(Addresses.session(delivery.sessionId()), new SessionMessage.Deliver(delivery.command()));
    }

    private static DeliverCommands waitingOnly(SessionRef session) {
        return DeliverCommands.waitingOnly(session.projectId(), session.shard(), session.agentId());
    }

    /**
     * Wakes the nodes whose sessions should receive waiting commands. Two nodes may each assign the commands to the
     * other for a moment, so wake-ups for an agent are at least {@link #WAKE_AGAIN_MS} apart. The latest request within
     * that time follows at its end.
     */
    private void wakeOwners(DeliverCommands waiting, List<String> owners) {
        if (owners.isEmpty()) {
            return;
        }
        if (wakeUps.containsKey(waiting)) {
            wakeUps.put(waiting, owners);
            return;
        }
        wakeUps.put(waiting, List.of());
        owners.forEach(node -> nodes.send(node, new NodeMessage.CommandsWaiting(waiting)));
        timers.after(WAKE_AGAIN_MS, () -> wakeOwners(waiting, Objects.requireNonNull(wakeUps.remove(waiting))));
    }

    /** Delivers again later: a node that holds commands may crash, and no message reports that to this lane. */
    private void recheck(DeliverCommands all) {
        if (rechecks.add(all)) {
            timers.after(RECHECK_MS, () -> {
                rechecks.remove(all);
                lane.accept(all);
            });
        }
    }
}
