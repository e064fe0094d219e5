package dev.ganglion;

import dev.ganglion.bus.Addresses;
import dev.ganglion.bus.Change;
import dev.ganglion.bus.JournalNote;
import dev.ganglion.bus.LaneMessage;
import dev.ganglion.bus.LocalBus;
import dev.ganglion.bus.NodeBus;
import dev.ganglion.bus.NodeInbox;
import dev.ganglion.bus.NodeMessage;
import dev.ganglion.bus.SessionRef;
import dev.ganglion.cluster.ClusterMember;
import dev.ganglion.cluster.Membership;
import dev.ganglion.cluster.NodeRecord;
import dev.ganglion.cluster.NodeStore;
import dev.ganglion.cluster.SlotDirectory;
import dev.ganglion.config.GanglionConfig;
import dev.ganglion.journal.Presence;
import dev.ganglion.journal.SlotAudit;
import dev.ganglion.telemetry.BrainMetrics;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** This brain among the others: how it is known to them, what it tells them, and which slots it holds. */
final class BrainNode {
    private static final String NODE_LOST = "node_lost";
    private static final long LEAVE_MS = 1_000;

    private final ClusterMember member;
    private final LocalBus bus;
    private final NodeBus nodes;
    private final Membership membership;
    private final SlotDirectory slots;
    private final GanglionConfig config;
    private final Clock clock;
    private Supplier<Future<Void>> keeper = Future::succeededFuture;

    /**
     * What a node says of itself that others make.
     *
     * @param port where it serves; 0 while it does not yet
     * @param connections agents' sockets that it holds
     * @param draining whether it is leaving
     * @param leave has it leave in order
     */
    record Self(IntSupplier port, IntSupplier connections, BooleanSupplier draining, Runnable leave) {}

    BrainNode(ClusterMember member, GanglionConfig config, Clock clock, Self self) {
        this.member = member;
        this.config = config;
        this.clock = clock;
        this.bus = LocalBus.on(member.vertx());
        this.membership =
                new Membership(member.vertx(), member.nodeId(), member.clustered(), member::peers, saying(self));
        this.slots = member.slots(membership, clock);
        this.nodes = new NodeBus(
                member.vertx(),
                member.nodeId(),
                membership::others,
                new NodeInbox(bus, config.redis().lanes(), self.leave()));
    }

    private Function<Membership, NodeRecord> saying(Self self) {
        Instant startedAt = clock.instant();
        return known -> record(known, self, startedAt);
    }

    private NodeRecord record(Membership known, Self self, Instant startedAt) {
        String host =
                member.clustered() ? config.cluster().host() : config.http().host();
        return new NodeRecord(
                member.nodeId(),
                (host.contains(":") ? "[" + host + "]" : host) + ":"
                        + self.port().getAsInt(),
                Version.current(),
                startedAt,
                self.connections().getAsInt(),
                slots.count(),
                self.draining().getAsBoolean(),
                known.peers(),
                known.clockOffsetMs());
    }

    /** Makes this node known. Fails when it must not be with those that are there. */
    Future<Void> start(NodeStore store, Presence presence, BrainMetrics metrics) {
        metrics.slots(slots::count);
        metrics.online().pollers(slots::pollers);
        metrics.members(() -> membership.others().size() + 1);
        metrics.cutOff(() -> membership.cutOff() ? 1 : 0);
        SlotAudit audit = new SlotAudit(member.vertx(), bus, presence, slots::held);
        membership.onReturn(audit::run);
        member.vertx()
                .eventBus()
                .<String>localConsumer(
                        Addresses.TASK_CHANGED, message -> nodes.changed(message.body(), Change.Topic.TASK));
        membership.onView(() -> nodes.tellSelf(new NodeMessage.Changed(Set.of(Change.ofCluster()))));
        return store.identity()
                .compose(member::compare)
                .compose(done -> nodes.start())
                .compose(done -> membership.start(store))
                .map(done -> {
                    keeper = member.keep(slots, membership, metrics, clock, this::lost);
                    return null;
                });
    }

    /** A session whose node is gone is closed as if its socket had been: its commands go elsewhere, others hear of it. */
    private void lost(SessionRef session) {
        int lane = Addresses.lane(session.agentId(), config.redis().lanes());
        bus.send(Addresses.frames(lane), new LaneMessage.CloseSession(session, NODE_LOST));
        JournalNote.Fact fact = new JournalNote.NodeLost();
        bus.send(Addresses.JOURNAL, new JournalNote(session, null, null, fact, System.nanoTime()));
    }

    /** Takes this node off the roll. */
    Future<Void> leave() {
        return keeper.get()
                .timeout(LEAVE_MS, TimeUnit.MILLISECONDS)
                .otherwiseEmpty()
                // A store that is silent learns it from the record's end.
                .compose(done -> membership.stop().timeout(LEAVE_MS, TimeUnit.MILLISECONDS))
                .otherwiseEmpty();
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
