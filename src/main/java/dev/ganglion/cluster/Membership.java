package dev.ganglion.cluster;

import dev.ganglion.telemetry.Ticker;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tracks which nodes are in the cluster, from two sources. In the store, each node renews a record every second, and a
 * record expires after ten seconds. Hazelcast reports the members that it sees.
 *
 * <p>A node is dead when both sources lack it. The cluster is split when the store has the record of a node that
 * Hazelcast does not see, or with which this node cannot exchange messages. Thread-safe.
 */
public final class Membership implements Liveness {
    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
    private static final Duration RENEW_INTERVAL = Duration.ofSeconds(1);
    /** Interval at which this node checks whether its record changed. A changed record is written at once. */
    private static final Duration CHECK_INTERVAL = Duration.ofMillis(100);
    /**
     * Longest time that a caller of {@link #refresh} waits for the store. After that, the caller gets the last known
     * nodes.
     */
    private static final Duration REFRESH_TIMEOUT = Duration.ofSeconds(1);

    private static final Duration MAX_VIEW_AGE = Duration.ofSeconds(3);
    /** A node that did not renew its record for this long may have been treated as dead. */
    private static final Duration MAX_ABSENCE = Duration.ofSeconds(5);

    /** How long the records must agree before one of two nodes gives way to the other. */
    private static final Duration STABLE = Duration.ofSeconds(5);

    private static final Duration MAX_CLOCK_SKEW = Duration.ofSeconds(2);

    /**
     * This node as Hazelcast sees it.
     *
     * @param id id of this node
     * @param clustered whether other nodes may exist
     * @param peers supplies the nodes that Hazelcast sees, including this node
     * @param unreachable supplies those of the nodes with which this node cannot exchange messages, with the cause
     */
    public record Self(
            String id, boolean clustered, Supplier<Set<String>> peers, Supplier<Map<String, String>> unreachable) {}

    private record View(Map<String, NodeRecord> records, long at, boolean cutOff) {}

    private final Vertx vertx;
    private final String self;
    private final boolean clustered;
    private final Supplier<Set<String>> peers;
    private final Supplier<Map<String, String>> unreachable;
    private final Function<Membership, NodeRecord> ownRecord;
    private final Clock clock;
    private final Ticker ticker;
    private final List<Runnable> onChange = new CopyOnWriteArrayList<>();
    private final List<Runnable> onView = new CopyOnWriteArrayList<>();
    private final List<Runnable> onRecovery = new CopyOnWriteArrayList<>();
    private final Set<String> warned = new HashSet<>();
    private volatile View view;
    private long outrankedSince = Long.MAX_VALUE;
    private volatile long clockOffsetMs;
    private @Nullable NodeStore store;
    private long timer = -1;
    private boolean renewing;
    private volatile long renewedAt;
    private volatile @Nullable NodeRecord lastWritten;

    /**
     * Creates a membership that no other node knows yet.
     *
     * @param ownRecord creates this node's current record
     * @param clock the clock that is compared with the store's clock
     */
    public Membership(Vertx vertx, Self self, Function<Membership, NodeRecord> ownRecord, Clock clock, Ticker ticker) {
        this.vertx = vertx;
        this.self = self.id();
        this.clustered = self.clustered();
        this.peers = self.peers();
        this.unreachable = self.unreachable();
        this.ownRecord = ownRecord;
        this.clock = clock;
        this.ticker = ticker;
        this.view = new View(Map.of(), Long.MIN_VALUE, false);
    }

    /**
     * Writes this node's record to the store and renews it from then on. The future completes after the first write.
     */
    public Future<Void> start(NodeStore in) {
        store = in;
        timer = vertx.setPeriodic(CHECK_INTERVAL.toMillis(), tick -> {
            if (!renewing && (ticker.nanos() - renewedAt >= RENEW_INTERVAL.toNanos() || changed())) {
                renewing = true;
                renew(in)
                        .onComplete(done -> renewing = false)
                        .onFailure(failure -> LOG.atDebug()
                                .setCause(failure)
                                .log("Failed to renew this node's record in the store; retrying"));
            }
        });
        return renew(in);
    }

    private boolean changed() {
        NodeRecord now = ownRecord.apply(this);
        NodeRecord before = lastWritten;
        return before == null
                || !before.load().equals(now.load())
                || before.draining() != now.draining()
                || !before.sees().equals(now.sees())
                || !before.address().equals(now.address());
    }

    /**
     * Renews this node's record and returns the nodes that have one. Returns the last known nodes if the store does not
     * answer within one second.
     */
    public Future<List<NodeRecord>> refresh() {
        NodeStore in = store;
        Future<Void> called = in == null ? Future.succeededFuture() : renew(in);
        return called.timeout(REFRESH_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .otherwiseEmpty()
                .map(done -> nodes());
    }

    /** Stops the renewal and removes this node's record. */
    public Future<Void> stop() {
        vertx.cancelTimer(timer);
        return store == null ? Future.succeededFuture() : store.leave(self);
    }

    /** Registers an action that runs when the set of nodes changes, as either source reports it. */
    public void onChange(Runnable action) {
        onChange.add(action);
    }

    /**
     * Registers an action that runs when this node's view of the others changes: which nodes exist, and which of them
     * are draining.
     */
    public void onView(Runnable action) {
        onView.add(action);
    }

    /**
     * Registers an action that runs after this node was unresponsive for so long that others may have treated it as
     * dead.
     */
    public void onRecovery(Runnable action) {
        onRecovery.add(action);
    }

    @Override
    public String self() {
        return self;
    }

    @Override
    public Set<String> live() {
        Set<String> live = new HashSet<>(view.records().keySet());
        live.addAll(peers.get());
        live.add(self);
        return live;
    }

    @Override
    public Set<String> trusted() {
        Set<String> trusted = new HashSet<>(peers.get());
        trusted.retainAll(view.records().keySet());
        trusted.add(self);
        return trusted;
    }

    @Override
    public boolean recent() {
        return ticker.nanos() - view.at() < MAX_VIEW_AGE.toNanos() && view.at() != Long.MIN_VALUE;
    }

    /** The other nodes that this node can reach over the cluster. */
    public Set<String> others() {
        Set<String> others = new HashSet<>(peers.get());
        others.remove(self);
        return others;
    }

    /** Whether this node is on the losing side of a split and therefore rejects new agents. */
    public boolean cutOff() {
        return view.cutOff();
    }

    /** Describes what is wrong with this node's place in the cluster. Empty when nothing is wrong. */
    public Optional<String> fault() {
        if (!cutOff()) {
            return Optional.empty();
        }
        String text = "cut off from the larger part of the cluster: cannot reach " + unseen();
        List<String> causes = new ArrayList<>();
        unreachable
                .get()
                .forEach((node, cause) ->
                        causes.add("cannot exchange messages with node " + nameOf(node) + ": " + cause));
        return Optional.of(causes.isEmpty() ? text : text + "; " + String.join("; ", causes));
    }

    private String nameOf(String node) {
        NodeRecord record = view.records().get(node);
        return record == null || record.address().isEmpty() ? node : record.address() + " (" + node + ")";
    }

    /** The nodes that have a record, including this node, sorted by address and id. */
    public List<NodeRecord> nodes() {
        List<NodeRecord> nodes = new ArrayList<>(view.records().values());
        nodes.removeIf(node -> node.id().equals(self));
        nodes.add(ownRecord.apply(this));
        nodes.sort(Comparator.comparing(NodeRecord::address).thenComparing(NodeRecord::id));
        return nodes;
    }

    /** How far this node's clock is ahead of the store's clock, in milliseconds; negative if it is behind. */
    public long clockOffsetMs() {
        return clockOffsetMs;
    }

    /** The nodes that this node sees in the cluster and can exchange messages with, including itself. */
    public Set<String> reached() {
        Set<String> reached = new HashSet<>(peers.get());
        reached.removeAll(unreachable.get().keySet());
        return Set.copyOf(reached);
    }

    private Set<String> unseen() {
        Set<String> unseen = new HashSet<>(view.records().keySet());
        unseen.removeAll(reached());
        return unseen;
    }

    private Future<Void> renew(NodeStore in) {
        // The answer is as old as its request: a process that was suspended may read an old reply after it resumes.
        long asked = ticker.nanos();
        NodeRecord record = ownRecord.apply(this);
        renewedAt = asked;
        lastWritten = record;
        return in.renew(record).map(renewal -> {
            apply(renewal, asked);
            return null;
        });
    }

    /**
     * Applies the answer to a renewal. Requests may run concurrently and their replies may arrive out of order, so this
     * method ignores an answer that is older than the current view.
     */
    private synchronized void apply(NodeStore.Renewal renewal, long asked) {
        View before = view;
        if (before.at() != Long.MIN_VALUE && asked - before.at() < 0 && renewal.known()) {
            return;
        }
        Map<String, NodeRecord> records = new HashMap<>();
        renewal.nodes().forEach(node -> records.put(node.id(), node));
        Set<String> seen = reached();
        boolean cut = clustered && (SplitBrainRule.cutOff(self, seen, records) || outranked(seen, records, asked));
        view = new View(Map.copyOf(records), asked, cut);
        clockOffsetMs = Duration.between(renewal.time(), clock.instant()).toMillis();
        boolean first = before.at() == Long.MIN_VALUE;
        if (cut != before.cutOff()) {
            LOG.atWarn()
                    .addKeyValue("nodeId", self)
                    .addKeyValue("unseen", unseen())
                    .log(
                            cut
                                    ? "This node is cut off from the larger part of the cluster and rejects new agents"
                                    : "This node is no longer cut off and accepts new agents again");
        }
        warnOfDifferences(records);
        if (!first && (!renewal.known() || ticker.nanos() - before.at() > MAX_ABSENCE.toNanos())) {
            LOG.atWarn()
                    .addKeyValue("nodeId", self)
                    .log("This node failed to renew its record in time; checking which slots its sessions still hold");
            onRecovery.forEach(Runnable::run);
        }
        if (!before.records().keySet().equals(records.keySet())) {
            LOG.atInfo()
                    .addKeyValue("nodeId", self)
                    .addKeyValue(
                            "nodes",
                            records.values().stream()
                                    .map(NodeRecord::address)
                                    .sorted()
                                    .toList())
                    .log("The set of nodes changed");
            onChange.forEach(Runnable::run);
        }
        if (!draining(before.records()).equals(draining(records))) {
            onView.forEach(Runnable::run);
        }
    }

    /** Whether this node has had to give way to a node that it does not reach for {@link #STABLE}. */
    private boolean outranked(Set<String> seen, Map<String, NodeRecord> records, long now) {
        if (!SplitBrainRule.outranked(self, seen, records)) {
            outrankedSince = Long.MAX_VALUE;
            return false;
        }
        outrankedSince = Math.min(outrankedSince, now);
        return now - outrankedSince >= STABLE.toNanos();
    }

    /** Maps each node to whether it is draining. */
    private static Map<String, Boolean> draining(Map<String, NodeRecord> records) {
        Map<String, Boolean> draining = new HashMap<>();
        records.forEach((id, node) -> draining.put(id, node.draining()));
        return draining;
    }

    private void warnOfDifferences(Map<String, NodeRecord> records) {
        NodeRecord own = records.get(self);
        if (!clustered || own == null) {
            return;
        }
        warned.retainAll(records.keySet());
        records.values().forEach(other -> {
            boolean version = !other.version().equals(own.version());
            long skew = Math.abs(other.clockOffsetMs() - own.clockOffsetMs());
            if ((version || skew > MAX_CLOCK_SKEW.toMillis()) && warned.add(other.id())) {
                LOG.atWarn()
                        .addKeyValue("nodeId", other.id())
                        .addKeyValue("address", other.address())
                        .log(
                                "Node differs from this node: version {} (here {}), clocks {} ms apart",
                                other.version(),
                                own.version(),
                                skew);
            }
        });
    }
}
