package dev.ganglion.cluster;

import com.hazelcast.cluster.MembershipAdapter;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.config.Config;
import com.hazelcast.config.TcpIpConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent.LifecycleState;
import com.hazelcast.map.IMap;
import com.hazelcast.map.listener.MapPartitionLostListener;
import dev.ganglion.bus.SessionRef;
import dev.ganglion.bus.link.LinkTerms;
import dev.ganglion.bus.link.NodeLinks;
import dev.ganglion.config.ClusterConfig;
import dev.ganglion.config.source.ConfigException;
import dev.ganglion.telemetry.BrainMetrics;
import dev.ganglion.telemetry.Ticker;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.transport.Transport;
import java.io.IOException;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Represents this node's membership in the cluster, or a node that runs alone. Owns the Vert.x instance that the whole
 * node runs on, and lists the other nodes.
 */
public final class ClusterMember {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterMember.class);
    private static final String COMMON_POOL_PROPERTY = "java.util.concurrent.ForkJoinPool.common.parallelism";
    private static final int COMMON_POOL_SIZE = 4;
    private static final long RESOLVE_INTERVAL_MS = 10_000;

    private final Vertx vertx;
    private final String nodeId;
    private final ClusterConfig config;
    private final @Nullable Joined joined;

    /** What a node has only as a part of a cluster. */
    private record Joined(HazelcastInstance hazelcast, NodeLinks links) {}

    private ClusterMember(Vertx vertx, String nodeId, ClusterConfig config, @Nullable Joined joined) {
        this.vertx = vertx;
        this.nodeId = nodeId;
        this.config = config;
        this.joined = joined;
    }

    /**
     * Joins the cluster that the configuration names, or starts that cluster if no other node runs. Without a cluster
     * configuration, the node runs alone.
     *
     * <p>Resolves host names on the caller's thread, so the caller must not be an event loop. The future fails when a
     * port is taken or when {@code cluster.host} is not an address of this machine.
     *
     * @param keys keys with which the nodes authenticate each other; the current one has index 0
     */
    public static Future<ClusterMember> join(
            ClusterConfig config, List<byte[]> keys, VertxOptions options, Transport transport) {
        String nodeId = UUID.randomUUID().toString();
        VertxBuilder builder = Vertx.builder().with(options).withTransport(transport);
        if (!config.clustered()) {
            return Future.succeededFuture(new ClusterMember(builder.build(), nodeId, config, null));
        }
        enlargeCommonPool();
        Config hazelcast;
        try {
            hazelcast = MemberConfig.of(config);
        } catch (ConfigException e) {
            return Future.failedFuture(e);
        }
        Vertx vertx = builder.build();
        return NodeLinks.listen(vertx, new LinkTerms(nodeId, config, keys, Ticker.system()))
                .recover(failure -> Future.failedFuture(portTaken(
                        failure, config, "cluster.bus-port", config.own().busPort())))
                .compose(links -> {
                    MemberDirectory.describe(hazelcast, nodeId, config.own().host(), links.port());
                    return vertx.executeBlocking(() -> MemberPackets.startMember(hazelcast), false)
                            .recover(failure -> Future.failedFuture(explained(failure, config)))
                            .map(started -> new ClusterMember(vertx, nodeId, config, new Joined(started, links)));
                })
                .compose(member -> member.connect().map(member))
                .recover(failure -> vertx.close().transform(closed -> Future.failedFuture(failure)));
    }

    private Future<Void> connect() {
        return joined == null
                ? Future.succeededFuture()
                : joined.links().connect(node -> MemberDirectory.busAddress(joined.hazelcast(), node), () -> {
                    Set<String> others = peers();
                    others.remove(nodeId);
                    return others;
                });
    }

    /** Turns a socket failure of Hazelcast, which wraps it, into an error that names the setting and the port. */
    private static Throwable explained(Throwable failure, ClusterConfig config) {
        for (@Nullable Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof IOException) {
                return portTaken(each, config, "cluster.port", config.own().port());
            }
        }
        return failure;
    }

    private static Throwable portTaken(Throwable failure, ClusterConfig config, String key, int port) {
        return failure instanceof IOException
                ? new IOException(
                        "cannot listen on cluster.host %s, %s %d: %s"
                                .formatted(config.own().host(), key, port, failure.getMessage()),
                        failure)
                : failure;
    }

    /**
     * Gives the common pool at least four threads. On a machine with few cores that pool has one thread, and Hazelcast
     * then starts a new thread for each response. The setting only has an effect before the pool's first use.
     */
    private static void enlargeCommonPool() {
        if (System.getProperty(COMMON_POOL_PROPERTY) == null
                && Runtime.getRuntime().availableProcessors() <= COMMON_POOL_SIZE) {
            System.setProperty(COMMON_POOL_PROPERTY, Integer.toString(COMMON_POOL_SIZE));
        }
    }

    /** The Vert.x instance of this node. */
    public Vertx vertx() {
        return vertx;
    }

    /** This node's id in the cluster. Each start creates a new id. */
    public String nodeId() {
        return nodeId;
    }

    /** Whether this node is part of a cluster, even if no other node runs at the moment. */
    public boolean clustered() {
        return joined != null;
    }

    /** The ids of the nodes that the cluster sees now, including this node. Callable from any thread. */
    public Set<String> peers() {
        Set<String> peers = joined == null ? new HashSet<>() : MemberDirectory.nodes(joined.hazelcast());
        peers.add(nodeId);
        return peers;
    }

    /** The connections to the other nodes; empty if this node runs alone. */
    public Optional<NodeLinks> links() {
        return Optional.ofNullable(joined).map(Joined::links);
    }

    /** Leaves the cluster, and closes the Vert.x instance. */
    public Future<Void> close() {
        Joined left = joined;
        Future<Void> leaving = left == null
                ? Future.succeededFuture()
                : left.links()
                        .close()
                        .eventually(() -> vertx.executeBlocking(
                                () -> {
                                    left.hazelcast().shutdown();
                                    return nothing();
                                },
                                false));
        return leaving.onFailure(
                        failure -> LOG.atWarn().setCause(failure).log("This node did not leave the cluster cleanly"))
                .eventually(vertx::close);
    }

    /** Creates the slot directory: a shared one in a cluster, a local one for a node that runs alone. */
    public SlotDirectory slots(Liveness nodes, Clock clock, Ticker ticker) {
        return joined == null
                ? new LocalSlots(nodeId, ticker)
                : new SharedSlots(vertx, joined.hazelcast(), nodes, clock, ticker);
    }

    /**
     * Starts a task that keeps the directory in line with the open sockets.
     *
     * @param slots a directory that {@link #slots} created
     * @param lost receives the sessions of dead nodes, on one of the surviving nodes
     * @return a supplier that stops the task
     */
    public Supplier<Future<Void>> startKeeper(
            SlotDirectory slots, Membership nodes, BrainMetrics metrics, Clock clock, Consumer<SessionRef> lost) {
        if (!(slots instanceof SharedSlots shared)) {
            return Future::succeededFuture;
        }
        SlotKeeper keeper = new SlotKeeper(vertx, shared, nodes, metrics, clock, lost);
        keeper.start();
        onChange(keeper::sweepNow);
        return keeper::stop;
    }

    /**
     * Registers an action that runs when a member joins or leaves, when a split cluster merges, and when a partition
     * loses its entries. The action runs on Hazelcast's threads.
     */
    private void onChange(Runnable action) {
        if (joined == null) {
            return;
        }
        HazelcastInstance hazelcast = joined.hazelcast();
        hazelcast.getCluster().addMembershipListener(new MembershipAdapter() {
            @Override
            public void memberAdded(MembershipEvent event) {
                action.run();
            }

            @Override
            public void memberRemoved(MembershipEvent event) {
                action.run();
            }
        });
        hazelcast.getLifecycleService().addLifecycleListener(event -> {
            if (event.getState() == LifecycleState.MERGED) {
                action.run();
            }
        });
        MapPartitionLostListener lost = event -> action.run();
        hazelcast.getMap(MemberConfig.SLOTS).addPartitionLostListener(lost);
    }

    /**
     * Verifies that all nodes use the same store, and starts to resolve the members' host names every 10 s.
     *
     * @param storeIdentity id that distinguishes this node's store from other stores
     * @return fails when another node uses another store, since neither node would know the events that the other
     *     acknowledges
     */
    public Future<Void> verifySameStore(String storeIdentity) {
        if (joined == null) {
            return Future.succeededFuture();
        }
        HazelcastInstance hazelcast = joined.hazelcast();
        vertx.setPeriodic(
                RESOLVE_INTERVAL_MS,
                tick -> vertx.executeBlocking(() -> resolveMembers(hazelcast), false)
                        .onFailure(failure -> LOG.atDebug()
                                .setCause(failure)
                                .log("Failed to resolve the addresses of the cluster's members; retrying in 10 s")));
        return vertx.executeBlocking(
                () -> {
                    IMap<String, String> stores = hazelcast.getMap(MemberConfig.NODES);
                    stores.put(nodeId, storeIdentity);
                    Set<String> present = peers();
                    stores.keySet().stream()
                            .filter(node -> !present.contains(node))
                            .forEach(stores::delete);
                    Optional<String> different = stores.entrySet().stream()
                            .filter(node -> present.contains(node.getKey())
                                    && !node.getValue().equals(storeIdentity))
                            .map(Map.Entry::getKey)
                            .findAny();
                    if (different.isPresent()) {
                        stores.remove(nodeId);
                        throw new ConfigException(List.of("redis.uri: node " + different.get()
                                + " of the cluster uses another Redis; all nodes must use the same"));
                    }
                    return null;
                },
                false);
    }

    /** Changes the store that this node uses, as {@link #verifySameStore} compares it. */
    public Future<Void> changeStore(String storeIdentity) {
        return joined == null
                ? Future.succeededFuture()
                : vertx.executeBlocking(
                                () -> joined.hazelcast()
                                        .<String, String>getMap(MemberConfig.NODES)
                                        .put(nodeId, storeIdentity),
                                false)
                        .mapEmpty();
    }

    private Void resolveMembers(HazelcastInstance hazelcast) {
        List<String> members = MemberNetwork.members(config);
        TcpIpConfig tcp = MemberNetwork.join(hazelcast.getConfig());
        if (!members.isEmpty() && !members.equals(tcp.getMembers())) {
            tcp.setMembers(members);
        }
        return nothing();
    }

    @SuppressWarnings("NullAway") // a Void has no other value
    private static Void nothing() {
        return null;
    }
}
