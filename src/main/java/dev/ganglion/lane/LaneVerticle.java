package dev.ganglion.lane;

import dev.ganglion.bus.Addresses;
import dev.ganglion.bus.ChangeNotice;
import dev.ganglion.bus.EngineHealthNote;
import dev.ganglion.bus.JournalNote;
import dev.ganglion.bus.LaneMessage;
import dev.ganglion.bus.LaneMessage.CloseSession;
import dev.ganglion.bus.LaneMessage.DeliverCommands;
import dev.ganglion.bus.LaneMessage.InboundFrame;
import dev.ganglion.bus.LaneMessage.OpenSession;
import dev.ganglion.bus.LocalBus;
import dev.ganglion.bus.NodeBus;
import dev.ganglion.bus.NodeMessage;
import dev.ganglion.bus.PollMessage;
import dev.ganglion.bus.SessionMessage;
import dev.ganglion.bus.SessionRef;
import dev.ganglion.bus.ShardRef;
import dev.ganglion.bus.StoreAvailability;
import dev.ganglion.bus.WorkerChange;
import dev.ganglion.protocol.error.CloseCode;
import dev.ganglion.protocol.frame.CommandResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One lane: takes the frames of its agents from the bus, has them take effect in order, and sends the answers back. */
public final class LaneVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(LaneVerticle.class);
    private static final Duration DRAIN = Duration.ofSeconds(2);
    private static final long DRAIN_POLL_MS = 10;
    private static final long NO_TIMER = -1;
    private static final long ANNOUNCE_MS = 1_000;
    private static final long RETRY_MS = 500;
    private static final long LOOK_AGAIN_MS = 2_000;
    private static final long TELL_AGAIN_MS = 20;
    private static final long STIR_MS = 10;
    private static final Set<Outcome.Effect> REFUSALS = Set.of(Outcome.Effect.LATE, Outcome.Effect.REFUSED);
    /** Also a repeat, which may be our own after a lost reply that nobody was told of. */
    private static final Set<Outcome.Effect> ENDS = Set.of(Outcome.Effect.TOOK_EFFECT, Outcome.Effect.REPEATED);

    /** Whoever has an agent's commands may be another now. */
    private static final Set<Class<?>> ARRIVALS_AND_ENDS =
            Set.of(Outcome.Opened.class, Outcome.Closed.class, PollOutcome.PollEnded.class);

    private final int lane;
    private final LocalBus bus;
    private final NodeBus nodes;
    private final FrameStore store;
    private final OutcomeAnswers answers;
    private final PollWakeUps polls;
    private final Duration pauseLimit;
    private final FrameLane queue = new FrameLane(this::send, action -> context.runOnContext(v -> action.run()));
    private final Set<DeliverCommands> lookingAgain = new HashSet<>();
    private final Map<DeliverCommands, List<String>> told = new HashMap<>();
    private final Set<DeliverCommands> goingOn = new HashSet<>();
    private final Set<ShardRef> stirred = new HashSet<>();
    private long giveUpTimer = NO_TIMER;
    private boolean available = true;
    private boolean doubted;

    /**
     * A lane that is not yet listening.
     *
     * @param lane its number, from 0
     * @param nodes the way to other nodes
     * @param store its own line to the store
     * @param answers turns outcomes into what sessions are told
     * @param pauseLimit how long unanswered frames wait for a lost store, 5..45 s
     */
    public LaneVerticle(
            int lane, LocalBus bus, NodeBus nodes, FrameStore store, OutcomeAnswers answers, Duration pauseLimit) {
        this.lane = lane;
        this.bus = bus;
        this.nodes = nodes;
        this.store = store;
        this.answers = answers;
        this.polls = new PollWakeUps(nodes);
        this.pauseLimit = pauseLimit;
    }

    @Override
    public Future<?> start() {
        store.availabilityHandler(this::onLine);
        // Said again and again: who begins to listen later must hear of it too.
        vertx.setPeriodic(ANNOUNCE_MS, timer -> publish());
        return store.start()
                .compose(connected -> vertx.eventBus()
                        .<LaneMessage>localConsumer(Addresses.frames(lane), message -> queue.offer(message.body()))
                        .completion());
    }

    /** Waits, for a bounded time, until what is queued took effect. */
    @Override
    public Future<?> stop() {
        Promise<Void> drained = Promise.promise();
        long end = System.nanoTime() + DRAIN.toNanos();
        vertx.setPeriodic(DRAIN_POLL_MS, timer -> {
            if (queue.depth() == 0 || !available || System.nanoTime() > end) {
                vertx.cancelTimer(timer);
                drained.tryComplete();
            }
        });
        return drained.future().compose(done -> store.close());
    }

    /** Whether frames had to wait for the store a moment ago; on any thread. */
    public boolean crowded() {
        return queue.crowded();
    }

    private void send(FrameLane.Group group) {
        long sent = System.nanoTime();
        Future<List<Outcome>> outcome;
        try {
            outcome = store.apply(group.entries());
        } catch (RuntimeException e) {
            refuse(group, e);
            return;
        }
        outcome.onSuccess(outcomes -> {
                    answers.metrics().storeCall(System.nanoTime() - sent);
                    queue.answered(group, outcomes, this::answer);
                    doubted = false;
                    if (store.available()) {
                        announce(true);
                    }
                })
                .onFailure(failure -> {
                    LOG.atDebug().setCause(failure).addKeyValue("lane", lane).log("the store did not answer");
                    doubted = true;
                    announce(false);
                    queue.lost(group);
                    if (store.available()) {
                        // Not for want of a connection, so that no connection will bring it back to life.
                        vertx.setTimer(RETRY_MS, timer -> onLine(store.available()));
                    }
                });
    }

    /** A defect of ours: it may cost the sessions whose messages share the call, but never the lane. */
    private void refuse(FrameLane.Group group, RuntimeException defect) {
        LOG.atError().setCause(defect).addKeyValue("lane", lane).log("a call to the store could not be made");
        tellTheEnd(queue.refused(group), CloseCode.INTERNAL_ERROR);
    }

    private void tellTheEnd(List<LaneMessage> messages, CloseCode code) {
        for (LaneMessage message : messages) {
            SessionRef session = message.session();
            if (session != null) {
                bus.send(session.address(), new SessionMessage.End(code));
            }
        }
    }

    private void answer(LaneMessage message, Outcome outcome) {
        SessionRef session = message.session();
        SessionMessage answer = answers.of(message, outcome);
        if (answer != null && session != null) {
            bus.send(session.address(), answer);
        }
        polls.after(outcome);
        if (outcome instanceof Outcome.Opened opened && opened.displacedSession() != null && session != null) {
            displaced(session, opened.displacedSession(), opened.displacedNode());
        }
        if (session != null && ARRIVALS_AND_ENDS.contains(outcome.getClass())) {
            queue.offer(new DeliverCommands(session.projectId(), session.shard(), session.agentId()));
            nodes.changed(session.projectId(), ChangeNotice.Topic.AGENT);
        }
        commands(message, outcome);
        workers(message, outcome);
        projections(message, outcome);
    }

    /** Tells those who project what was stored: of events a moment later, once for all that came meanwhile. */
    private void projections(LaneMessage message, Outcome outcome) {
        if (!(message instanceof InboundFrame inbound)) {
            return;
        }
        SessionRef session = inbound.session();
        if (outcome instanceof Outcome.Stored stored && !stored.known() && stored.accepted() > 0) {
            ShardRef shard = new ShardRef(session.projectId(), session.shard());
            if (stirred.add(shard)) {
                vertx.setTimer(STIR_MS, timer -> {
                    stirred.remove(shard);
                    bus.send(Addresses.EVENTS_STORED, shard);
                });
            }
        }
        EngineHealthNote news = EngineAnnouncements.of(inbound, outcome);
        if (news != null) {
            bus.send(Addresses.HEALTH, news);
        }
    }

    private void displaced(SessionRef by, String session, @Nullable String node) {
        if (node == null || node.isEmpty()) {
            bus.send(Addresses.session(session), new SessionMessage.End(CloseCode.DISPLACED));
        } else {
            nodes.send(node, new NodeMessage.EndSession(session, CloseCode.DISPLACED));
            if (!node.equals(by.nodeId())) {
                answers.metrics().slotMoved();
            }
        }
    }

    /** A connection that takes its own slot again, or another's, changes nothing for the others. */
    private void workers(LaneMessage message, Outcome outcome) {
        if (message instanceof OpenSession open
                && outcome instanceof Outcome.Opened opened
                && opened.displacedSession() == null) {
            tell(new WorkerChange(open.session(), true, open.hello().worker().role(), opened.connections()), 1);
        } else if (message instanceof CloseSession close
                && outcome instanceof Outcome.Closed closed
                && closed.freed()) {
            tell(new WorkerChange(close.session(), false, closed.workerRole(), closed.connections()), 0);
        }
    }

    /** Nobody is told when the agent has no connection but its own. */
    private void tell(WorkerChange change, int own) {
        if (change.connections() > own) {
            nodes.broadcast(new NodeMessage.WorkerChanged(change));
        }
    }

    private void commands(LaneMessage message, Outcome outcome) {
        if (outcome instanceof PollOutcome.PollClaimed claimed && message instanceof PollMessage poll) {
            SessionRef asking = poll.session();
            deliver(claimed.commands(), asking.sessionId());
            tellOwners(
                    DeliverCommands.waitingOnly(asking.projectId(), asking.shard(), asking.agentId()),
                    claimed.commands().waitedFor());
        } else if (outcome instanceof Outcome.Claimed claimed) {
            deliver(claimed, "");
            if (message instanceof DeliverCommands deliver) {
                if (!claimed.deliveries().isEmpty()) {
                    nodes.changed(deliver.projectId(), ChangeNotice.Topic.COMMAND);
                }
                goingOn.remove(deliver);
                tellOwners(deliver, claimed.waitedFor());
                if (!claimed.otherNodes().isEmpty()) {
                    lookAgain(new DeliverCommands(deliver.projectId(), deliver.shard(), deliver.agentId()));
                }
            }
        } else if (outcome instanceof Outcome.CommandHeard heard && message instanceof InboundFrame inbound) {
            heard(inbound, heard);
        }
    }

    /** Hands commands to the connections of this node; those for a poll go with its answer. */
    private void deliver(Outcome.Claimed claimed, String poll) {
        for (Outcome.Delivery delivery : claimed.deliveries()) {
            if (!delivery.sessionId().equals(poll)) {
                bus.send(Addresses.session(delivery.sessionId()), new SessionMessage.Deliver(delivery.command()));
            }
        }
    }

    /**
     * Wakes the nodes whose sessions are to have what waits. Each of them may think so of another for a moment, so that
     * it is said once in a while and no more; what comes meanwhile is said at the end of it.
     */
    private void tellOwners(DeliverCommands deliver, List<String> owners) {
        if (owners.isEmpty()) {
            return;
        }
        DeliverCommands waiting = DeliverCommands.waitingOnly(deliver.projectId(), deliver.shard(), deliver.agentId());
        if (told.containsKey(waiting)) {
            told.put(waiting, owners);
            return;
        }
        told.put(waiting, List.of());
        owners.forEach(node -> nodes.send(node, new NodeMessage.CommandsWaiting(waiting)));
        vertx.setTimer(TELL_AGAIN_MS, timer -> tellOwners(waiting, Objects.requireNonNull(told.remove(waiting))));
    }

    private void heard(InboundFrame inbound, Outcome.CommandHeard heard) {
        SessionRef of = inbound.session();
        if (ENDS.contains(heard.effect())) {
            nodes.changed(of.projectId(), ChangeNotice.Topic.COMMAND);
        }
        boolean result = inbound.frame() instanceof CommandResult;
        if (result && ENDS.contains(heard.effect())) {
            nodes.broadcast(new NodeMessage.CommandEnded(heard.commandId()));
        }
        if (REFUSALS.contains(heard.effect()) || (result && heard.effect() == Outcome.Effect.REPEATED)) {
            String effect = heard.effect().name().toLowerCase(Locale.ROOT);
            JournalNote.Fact fact = new JournalNote.CommandRefused(heard.commandId(), effect);
            bus.send(Addresses.JOURNAL, new JournalNote(of, null, null, fact, System.nanoTime()));
        }
        DeliverCommands rest = DeliverCommands.waitingOnly(of.projectId(), of.shard(), of.agentId());
        // One call for all that is heard before it is sent.
        if (heard.room() && goingOn.add(rest)) {
            queue.offer(rest);
        }
    }

    /** A node that has an agent's commands may be gone, which nobody tells the agent's connections on other nodes. */
    private void lookAgain(DeliverCommands deliver) {
        if (lookingAgain.add(deliver)) {
            vertx.setTimer(LOOK_AGAIN_MS, timer -> {
                lookingAgain.remove(deliver);
                queue.offer(deliver);
            });
        }
    }

    /** A line that is back is believed once it takes what it failed before; until then the limit goes on running. */
    private void onLine(boolean connected) {
        if (!connected) {
            announce(false);
            return;
        }
        if (!doubted || queue.depth() == 0) {
            announce(true);
        }
        queue.available(true);
    }

    private void announce(boolean now) {
        if (available == now) {
            return;
        }
        available = now;
        answers.metrics().laneStoreLost(!now);
        publish();
        if (now) {
            vertx.cancelTimer(giveUpTimer);
            giveUpTimer = NO_TIMER;
        } else {
            giveUpTimer = vertx.setTimer(pauseLimit.toMillis(), timer -> giveUp());
        }
    }

    private void publish() {
        bus.publish(Addresses.STORE_AVAILABILITY, new StoreAvailability(lane, available));
    }

    private void giveUp() {
        tellTheEnd(queue.giveUp(), CloseCode.STORE_UNAVAILABLE);
        // Connections that come while the store stays away are refused at the door; what still slips in waits as long.
        giveUpTimer = vertx.setTimer(pauseLimit.toMillis(), timer -> giveUp());
    }
}
