package dev.ganglion.cluster;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
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
 * Who is in the cluster, by two accounts: the store, where each node renews a record every second that is gone after
 * ten, and the cluster itself. Dead is who is gone from both; a split is when somebody lives by the store whom the
 * cluster does not see. Thread-safe.
 */
public final class Membership implements Liveness {
    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
    private static final Duration RENEW = Duration.ofSeconds(1);
    /** What others see of this node is renewed as soon as this when it changed. */
    private static final Duration LOOK = Duration.ofMillis(100);
    /** Who asks for the roll gets the last one after so long. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final Duration FRESH = Duration.ofSeconds(3);
    /** A node that did not renew for so long was perhaps taken for dead. */
    private static final Duration AWAY = Duration.ofSeconds(5);

    private static final Duration MAX_CLOCK_SKEW = Duration.ofSeconds(2);

    private record View(Map<String, NodeRecord> records, long at, boolean cutOff) {}

    private final Vertx vertx;
    private final String self;
    private final boolean clustered;
    private final Supplier<Set<String>> peers;
    private final Function<Membership, NodeRecord> says;
    private final List<Runnable> onChange = new CopyOnWriteArrayList<>();
    private final List<Runnable> onView = new CopyOnWriteArrayList<>();
    private final List<Runnable> onReturn = new CopyOnWriteArrayList<>();
    private final Set<String> warned = new HashSet<>();
    private volatile View view;
    private volatile long clockOffsetMs;
    private @Nullable NodeStore store;
    private long timer = -1;
    private boolean renewing;
    private volatile long renewedAt;
    private volatile @Nullable NodeRecord said;

    /**
     * A membership that is not yet known to anybody.
     *
     * @param self this node
     * @param clustered whether there may be other nodes
     * @param peers the nodes that the cluster sees, this one among them
     * @param says makes this node's record
     */
    public Membership(
            Vertx vertx,
            String self,
            boolean clustered,
            Supplier<Set<String>> peers,
            Function<Membership, NodeRecord> says) {
        this.vertx = vertx;
        this.self = self;
        this.clustered = clustered;
        this.peers = peers;
        this.says = says;
        this.view = new View(Map.of(), Long.MIN_VALUE, false);
    }

    /** Makes this node known, and goes on doing so; completes when it is known for the first time. */
    public Future<Void> start(NodeStore in) {
        store = in;
        timer = vertx.setPeriodic(LOOK.toMillis(), tick -> {
            if (!renewing && (System.nanoTime() - renewedAt >= RENEW.toNanos() || changed())) {
                renewing = true;
                renew(in)
                        .onComplete(done -> renewing = false)
                        .onFailure(failure ->
                                LOG.atDebug().setCause(failure).log("the node's record could not be renewed"));
            }
        });
        return renew(in);
    }

    private boolean changed() {
        NodeRecord now = says.apply(this);
        NodeRecord before = said;
        return before == null
                || before.connections() != now.connections()
                || before.slots() != now.slots()
                || before.draining() != now.draining()
                || !before.address().equals(now.address());
    }

    /** The nodes whose record stands now; those of the last roll when the store is silent. */
    public Future<List<NodeRecord>> callRoll() {
        NodeStore in = store;
        Future<Void> called = in == null ? Future.succeededFuture() : renew(in);
        return called.timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .otherwiseEmpty()
                .map(done -> nodes());
    }

    /** Takes this node off the roll. */
    public Future<Void> stop() {
        vertx.cancelTimer(timer);
        return store == null ? Future.succeededFuture() : store.leave(self);
    }

    /** Has something run when a node came or went, by either account. */
    public void onChange(Runnable action) {
        onChange.add(action);
    }

    /** Has something run when what this node knows of the others changed: who is there, and who is leaving. */
    public void onView(Runnable action) {
        onView.add(action);
    }

    /** Has something run when this node was away for so long that others may have taken it for dead. */
    public void onReturn(Runnable action) {
        onReturn.add(action);
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
    public boolean fresh() {
        return System.nanoTime() - view.at() < FRESH.toNanos() && view.at() != Long.MIN_VALUE;
    }

    /** The nodes beside this one that can be spoken to. */
    public Set<String> others() {
        Set<String> others = new HashSet<>(peers.get());
        others.remove(self);
        return others;
    }

    /** Whether this node is on the side of a split that takes nobody new. */
    public boolean cutOff() {
        return view.cutOff();
    }

    /** What is wrong with this node's place in the cluster, in a sentence; empty when nothing is. */
    public Optional<String> fault() {
        return cutOff() ? Optional.of("cut off from the larger part of the cluster: " + unseen()) : Optional.empty();
    }

    /** The nodes whose record stands, by address and id. */
    public List<NodeRecord> nodes() {
        List<NodeRecord> nodes = new ArrayList<>(view.records().values());
        nodes.removeIf(node -> node.id().equals(self));
        nodes.add(says.apply(this));
        nodes.sort(Comparator.comparing(NodeRecord::address).thenComparing(NodeRecord::id));
        return nodes;
    }

    /** How far this node's clock is before the store's. */
    public long clockOffsetMs() {
        return clockOffsetMs;
    }

    /** Whom this node sees in the cluster. */
    public Set<String> peers() {
        return Set.copyOf(peers.get());
    }

    private Set<String> unseen() {
        Set<String> unseen = new HashSet<>(view.records().keySet());
        unseen.removeAll(peers.get());
        return unseen;
    }

    private Future<Void> renew(NodeStore in) {
        // What the roll says is as old as the question: a process that was stopped may find an answer of long ago.
        long asked = System.nanoTime();
        NodeRecord record = says.apply(this);
        renewedAt = asked;
        said = record;
        return in.renew(record).map(roll -> {
            take(roll, asked);
            return null;
        });
    }

    /** Rolls may be called at the same time, and their answers overtake each other. */
    private synchronized void take(NodeStore.Roll roll, long asked) {
        View before = view;
        if (before.at() != Long.MIN_VALUE && asked - before.at() < 0 && roll.known()) {
            return;
        }
        Map<String, NodeRecord> records = new HashMap<>();
        roll.nodes().forEach(node -> records.put(node.id(), node));
        Set<String> seen = peers.get();
        boolean cut = clustered && Sides.cutOff(self, seen, records);
        view = new View(Map.copyOf(records), asked, cut);
        clockOffsetMs = Duration.between(roll.time(), Instant.now()).toMillis();
        boolean first = before.at() == Long.MIN_VALUE;
        if (cut != before.cutOff()) {
            LOG.atWarn()
                    .addKeyValue("nodeId", self)
                    .addKeyValue("unseen", unseen())
                    .log(cut ? "cut off: this node takes no new agents" : "no longer cut off");
        }
        warnOfDifferences(records);
        if (!first && (!roll.known() || System.nanoTime() - before.at() > AWAY.toNanos())) {
            LOG.atWarn().addKeyValue("nodeId", self).log("this node was away, and looks at what it still holds");
            onReturn.forEach(Runnable::run);
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
                    .log("the nodes are now");
            onChange.forEach(Runnable::run);
        }
        if (!standing(before.records()).equals(standing(records))) {
            onView.forEach(Runnable::run);
        }
    }

    /** Whether each node is leaving. */
    private static Map<String, Boolean> standing(Map<String, NodeRecord> records) {
        Map<String, Boolean> standing = new HashMap<>();
        records.forEach((id, node) -> standing.put(id, node.draining()));
        return standing;
    }

    private void warnOfDifferences(Map<String, NodeRecord> records) {
        NodeRecord mine = records.get(self);
        if (!clustered || mine == null) {
            return;
        }
        warned.retainAll(records.keySet());
        records.values().forEach(other -> {
            boolean version = !other.version().equals(mine.version());
            long skew = Math.abs(other.clockOffsetMs() - mine.clockOffsetMs());
            if ((version || skew > MAX_CLOCK_SKEW.toMillis()) && warned.add(other.id())) {
                LOG.atWarn()
                        .addKeyValue("nodeId", other.id())
                        .addKeyValue("address", other.address())
                        .log(
                                "another node differs: version {} here {}, clocks {} ms apart",
                                other.version(),
                                mine.version(),
                                skew);
            }
        });
    }
}
