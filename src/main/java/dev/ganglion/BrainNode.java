package dev.ganglion;

import dev.ganglion.bus.Addresses;
import dev.ganglion.bus.ChangeNotice;
import dev.ganglion.bus.JournalNote;
import dev.ganglion.bus.LaneMessage;
import dev.ganglion.bus.LocalBus;
import dev.ganglion.bus.NodeBus;
import dev.ganglion.bus.NodeInbox;
import dev.ganglion.bus.NodeMessage;
import dev.ganglion.bus.SessionRef;
import dev.ganglion.bus.link.NodeLinks;
import dev.ganglion.bus.link.Refusal;
import dev.ganglion.cluster.ClusterMember;
import dev.ganglion.cluster.Membership;
import dev.ganglion.cluster.NodeRecord;
import dev.ganglion.cluster.NodeStore;
import dev.ganglion.cluster.SlotDirectory;
import dev.ganglion.config.GanglionConfig;
import dev.ganglion.journal.Presence;
import dev.ganglion.journal.SlotCheck;
import dev.ganglion.projection.lost.PresenceView;
import dev.ganglion.telemetry.BrainMetrics;
import dev.ganglion.telemetry.Ticker;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Represents this node in the cluster. Publishes the record that other nodes read, exchanges messages with them, and
 * holds the slots of this node.
 */
final class BrainNode {
    private static final String NODE_LOST = "node_lost";
    private static final long LEAVE_MS = 1_000;
    private static final Logger LOG = LoggerFactory.getLogger(BrainNode.class);

    private final ClusterMember member;
    private final LocalBus bus;
    private final NodeBus nodes;
    private final Membership membership;
    private final SlotDirectory slots;
    private final GanglionConfig config;
    private final Clock clock;
    private final Ticker ticker;
    private Supplier<Future<Void>> keeper = Future::succeededFuture;

    /**
     * Provides the values of the node's record that only other parts of the brain know.
     *
     * @param port TCP port that the node serves on, 0 while it does not serve
     * @param connections number of agent sockets on this node
     * @param draining whether the node is shutting down
     * @param leave action that shuts the node down cleanly
     */
    record OwnState(IntSupplier port, IntSupplier connections, BooleanSupplier draining, Runnable leave) {}

    BrainNode(ClusterMember member, GanglionConfig config, Clock clock, Ticker ticker, OwnState self) {
        this.member = member;
        this.config = config;
        this.clock = clock;
        this.ticker = ticker;
        this.bus = LocalBus.on(member.vertx());
        this.membership = new Membership(
                member.vertx(),
                new Membership.Self(member.nodeId(), member.clustered(), member::peers, this::unreachable),
                recordOf(self),
                clock,
                ticker);
        this.slots = member.slots(membership, clock, ticker);
        this.nodes = new NodeBus(
                member.vertx(),
                member.nodeId(),
                membership::others,
                new NodeInbox(bus, config.redis().lanes(), self.leave()),
                member.links());
    }

    private Function<Membership, NodeRecord> recordOf(OwnState self) {
        Instant startedAt = clock.instant();
        return view -> record(view, self, startedAt);
    }

    private NodeRecord record(Membership view, OwnState self, Instant startedAt) {
        String host = member.clustered()
                ? config.cluster().own().host()
                : config.http().host();
        return new NodeRecord(
                member.nodeId(),
                (host.contains(":") ? "[" + host + "]" : host) + ":"
                        + self.port().getAsInt(),
                Version.current(),
                startedAt,
                new NodeRecord.Load(self.connections().getAsInt(), slots.count()),
                self.draining().getAsBoolean(),
                view.reached(),
                view.clockOffsetMs());
    }

    /** Registers this node in the cluster. Fails if another node of the cluster uses a different Redis. */
    Future<Void> start(NodeStore store, Presence presence, BrainMetrics metrics) {
        metrics.slots(slots::count);
        metrics.online().setPollingAgents(slots::onlinePollingAgents);
        metrics.members(() -> membership.others().size() + 1);
        metrics.cutOff(() -> membership.cutOff() ? 1 : 0);
        metrics.unreachableNodes(() -> unreachable().size());
        member.links().ifPresent(links -> {
            for (Refusal reason : Refusal.values()) {
                metrics.refusedAtBus(reason.label(), links.refusals(), counts -> counts.count(reason));
            }
        });
        SlotCheck slotCheck = new SlotCheck(member.vertx(), bus, presence, slots::held);
        membership.onRecovery(slotCheck::run);
        member.vertx()
                .eventBus()
                .<String>localConsumer(
                        Addresses.TASK_CHANGED, message -> nodes.changed(message.body(), ChangeNotice.Topic.TASK));
        membership.onView(() -> nodes.deliverLocally(new NodeMessage.Changed(Set.of(ChangeNotice.ofCluster()))));
        return store.identity()
                .compose(member::verifySameStore)
                .compose(done -> nodes.start())
                .compose(done -> membership.start(store))
                .compose(done -> settled())
                .map(done -> {
                    keeper = member.startKeeper(slots, membership, metrics, clock, this::lost);
                    return null;
                });
    }

    /**
     * Waits until this node exchanges messages with the other nodes, or until it is known which it cannot reach. So a
     * node does not report that it is ready before.
     */
    private Future<Void> settled() {
        return member.links()
                .map(links ->
                        links.settled().compose(done -> membership.refresh()).<Void>mapEmpty())
                .orElseGet(Future::succeededFuture);
    }

    private Map<String, String> unreachable() {
        return member.links().map(NodeLinks::unreachable).orElse(Map.of());
    }

    /**
     * Closes a session whose node is dead, as if its socket had closed. The brain redelivers its commands, and the
     * journal records the loss.
     */
    private void lost(SessionRef session) {
        int lane = Addresses.lane(session.agentId(), config.redis().lanes());
        bus.send(Addresses.frames(lane), new LaneMessage.CloseSession(session, NODE_LOST));
        JournalNote.Fact fact = new JournalNote.NodeLost();
        bus.send(Addresses.JOURNAL, new JournalNote(session, null, null, fact, ticker.nanos()));
    }

    /** Tells nodes that join later that this node uses another store from now on. */
    void storeAccepted(String identity) {
        member.changeStore(identity)
                .onFailure(failure -> LOG.warn("Cannot announce the accepted store to joining nodes", failure));
    }

    /** Removes this node from the cluster. */
    Future<Void> leave() {
        return keeper.get()
                .timeout(LEAVE_MS, TimeUnit.MILLISECONDS)
                .otherwiseEmpty()
                // If Redis does not answer in time, the record of this node in Redis expires.
                .compose(done -> membership.stop().timeout(LEAVE_MS, TimeUnit.MILLISECONDS))
                .otherwiseEmpty();
    }

    /** Leaves the cluster for good, and closes the Vert.x instance. */
    Future<Void> close() {
        return member.close();
    }

    /**
     * The state of the cluster for the search for lost tasks. A cluster is healthy if all nodes that have a record in Redis
     * reach each other, as far as this node sees.
     */
    PresenceView.Cluster clusterView() {
        boolean healthy =
                membership.recent() && !membership.cutOff() && membership.live().equals(membership.trusted());
        return new PresenceView.Cluster(
                healthy,
                membership.nodes().stream()
                        .filter(node -> !node.draining())
                        .map(NodeRecord::id)
                        .collect(Collectors.toUnmodifiableSet()));
    }

    String id() {
        return member.nodeId();
    }

    LocalBus bus() {
        return bus;
    }

    NodeBus nodes() {
        return nodes;
    }

    Membership membership() {
        return membership;
    }

    SlotDirectory slots() {
        return slots;
    }
}
