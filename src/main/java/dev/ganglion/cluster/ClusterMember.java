package dev.ganglion.cluster;

import com.hazelcast.cluster.MembershipAdapter;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent.LifecycleState;
import com.hazelcast.map.IMap;
import com.hazelcast.map.listener.MapPartitionLostListener;
import dev.ganglion.bus.SessionRef;
import dev.ganglion.config.ClusterConfig;
import dev.ganglion.config.ClusterConfig.BusTls;
import dev.ganglion.config.ConfigException;
import dev.ganglion.telemetry.BrainMetrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
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

/** This node as one of the cluster, or alone: the Vert.x that everything runs on, and who else is there. */
public final class ClusterMember {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterMember.class);
    private static final String COMMON_THREADS = "java.util.concurrent.ForkJoinPool.common.parallelism";
    private static final int COMMON = 4;
    private static final long LOOK_UP_MS = 10_000;
    private static final int PING_MS = 5_000;
    private static final int PING_REPLY_MS = 3_000;
    private static final int CONNECT_MS = 2_000;

    private final Vertx vertx;
    private final String nodeId;
    private final ClusterConfig config;
    private final @Nullable HazelcastClusterManager manager;

    private ClusterMember(Vertx vertx, String nodeId, ClusterConfig config, @Nullable HazelcastClusterManager manager) {
        this.vertx = vertx;
        this.nodeId = nodeId;
        this.config = config;
        this.manager = manager;
    }

    /**
     * Joins the cluster that the configuration names, or makes it; without one the node stands alone. Looks names up on
     * the caller's thread, which must be no event loop. Fails when a port is taken, or an address is not this machine's.
     */
    public static Future<ClusterMember> join(ClusterConfig config, VertxOptions options) {
        if (!config.clustered()) {
            Vertx alone = Vertx.builder().with(options).build();
            return Future.succeededFuture(
                    new ClusterMember(alone, UUID.randomUUID().toString(), config, null));
        }
        enoughCommonThreads();
        HazelcastClusterManager manager;
        try {
            manager = new HazelcastClusterManager(MemberConfig.of(config));
        } catch (ConfigException e) {
            return Future.failedFuture(e);
        }
        return Vertx.builder()
                .with(options.setEventBusOptions(busOptions(config)))
                .withClusterManager(manager)
                .buildClustered()
                .map(vertx -> new ClusterMember(vertx, manager.getNodeId(), config, manager))
                .recover(failure -> Future.failedFuture(inWords(failure, config)));
    }

    /** Hazelcast says what Java's sockets do, and the event bus's server fails by itself. */
    private static Throwable inWords(Throwable failure, ClusterConfig config) {
        for (@Nullable Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof IOException) {
                boolean bus = each == failure;
                return new IOException(
                        "cannot listen on cluster.host %s, %s %d: %s"
                                .formatted(
                                        config.host(),
                                        bus ? "cluster.bus-port" : "cluster.port",
                                        bus ? config.busPort() : config.port(),
                                        each.getMessage()),
                        failure);
            }
        }
        return failure;
    }

    /**
     * With few cores the common pool has one thread, and Hazelcast then answers each call on a new one. Has an effect
     * only before that pool is first used.
     */
    private static void enoughCommonThreads() {
        if (System.getProperty(COMMON_THREADS) == null && Runtime.getRuntime().availableProcessors() <= COMMON) {
            System.setProperty(COMMON_THREADS, Integer.toString(COMMON));
        }
    }

    private static EventBusOptions busOptions(ClusterConfig config) {
        EventBusOptions options = new EventBusOptions()
                .setHost(config.host())
                .setPort(config.busPort())
                .setConnectTimeout(CONNECT_MS)
                .setClusterPingInterval(PING_MS)
                .setClusterPingReplyInterval(PING_REPLY_MS);
        config.tls().ifPresent(tls -> secure(options, tls));
        return options;
    }

    /** Only who has a certificate of the nodes' authority may speak. */
    private static void secure(EventBusOptions options, BusTls tls) {
        options.setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addCertPath(tls.cert().toString())
                        .addKeyPath(tls.key().toString()))
                .setTrustOptions(
                        new PemTrustOptions().addCertPath(tls.authorities().toString()))
                .setTrustAll(false)
                .setClientAuth(ClientAuth.REQUIRED);
    }

    /** What everything of this node runs on; closing it leaves the cluster. */
    public Vertx vertx() {
        return vertx;
    }

    /** This node's name in the cluster, another at each start. */
    public String nodeId() {
        return nodeId;
    }

    /** Whether there may be other nodes. */
    public boolean clustered() {
        return manager != null;
    }

    /** The nodes that the cluster sees now, this one among them. Any thread. */
    public Set<String> peers() {
        if (manager == null
                || !manager.getHazelcastInstance().getLifecycleService().isRunning()) {
            return Set.of(nodeId);
        }
        Set<String> peers = new HashSet<>(manager.getNodes());
        peers.add(nodeId);
        return peers;
    }

    /** The directory of slots. */
    public SlotDirectory slots(Liveness nodes, Clock clock) {
        return manager == null
                ? new LoneSlots(nodeId)
                : new SharedSlots(vertx, manager.getHazelcastInstance(), nodes, clock);
    }

    /**
     * Begins to keep a directory that {@link #slots} gave equal to the sockets.
     *
     * @param lost told of sessions whose node is gone, by one of the nodes that are left
     * @return what stops it
     */
    public Supplier<Future<Void>> keep(
            SlotDirectory slots, Membership nodes, BrainMetrics metrics, Clock clock, Consumer<SessionRef> lost) {
        if (!(slots instanceof SharedSlots shared)) {
            return Future::succeededFuture;
        }
        SlotKeeper keeper = new SlotKeeper(vertx, shared, nodes, metrics, clock, lost);
        keeper.start();
        onChange(keeper::changed);
        return keeper::stop;
    }

    /** Has something run when a member came, went or came back, and when entries were lost; on Hazelcast's threads. */
    private void onChange(Runnable action) {
        if (manager == null) {
            return;
        }
        HazelcastInstance hazelcast = manager.getHazelcastInstance();
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
     * Compares this node with the others that are there, and goes on looking names up.
     *
     * @param storeIdentity what tells this node's store from others
     * @return fails when another node uses another store: what one acks the other could not know
     */
    public Future<Void> compare(String storeIdentity) {
        if (manager == null) {
            return Future.succeededFuture();
        }
        HazelcastInstance hazelcast = manager.getHazelcastInstance();
        vertx.setPeriodic(
                LOOK_UP_MS,
                tick -> vertx.executeBlocking(() -> lookUp(hazelcast), false)
                        .onFailure(failure -> LOG.atDebug().setCause(failure).log("members could not be looked up")));
        return vertx.executeBlocking(
                () -> {
                    IMap<String, String> stores = hazelcast.getMap(MemberConfig.NODES);
                    stores.put(nodeId, storeIdentity);
                    Set<String> present = peers();
                    stores.keySet().stream()
                            .filter(node -> !present.contains(node))
                            .forEach(stores::delete);
                    Optional<String> stranger = stores.entrySet().stream()
                            .filter(node -> present.contains(node.getKey())
                                    && !node.getValue().equals(storeIdentity))
                            .map(Map.Entry::getKey)
                            .findAny();
                    if (stranger.isPresent()) {
                        stores.remove(nodeId);
                        throw new ConfigException(List.of("redis.uri: node " + stranger.get()
                                + " of the cluster uses another Redis; all nodes must use the same"));
                    }
                    return null;
                },
                false);
    }

    private Void lookUp(HazelcastInstance hazelcast) {
        List<String> members = MemberConfig.members(config);
        var tcp = hazelcast.getConfig().getNetworkConfig().getJoin().getTcpIpConfig();
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
