package dev.ganglion.store.redis;

import dev.ganglion.config.RedisConfig;
import dev.ganglion.config.value.RedisAddress;
import dev.ganglion.config.value.RedisUri;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;

/** The configured address of the store, and the options for a connection to each of its servers. Thread-safe. */
public final class RedisServers {
    /** Longest time that a sentinel or cluster server has to name the masters, in milliseconds. */
    static final long ASK_MS = 1_000;

    private static final int CONNECT_TIMEOUT_MS = 2_000;

    private final Vertx vertx;
    private final RedisConfig config;
    private final ServerCandidates candidates;

    public RedisServers(Vertx vertx, RedisConfig config) {
        this.vertx = vertx;
        this.config = config;
        this.candidates = new ServerCandidates(config.uri().servers());
    }

    /** Creates a route for one attempt to connect. */
    Route route() {
        return switch (config.uri().kind()) {
            case SERVER -> new ServerRoute(server(config.uri().servers().get(0)));
            case SENTINEL ->
                new SentinelRoute(vertx, this, config.uri().master().orElseThrow());
            case CLUSTER -> new ClusterRoute(this);
        };
    }

    /** The sentinels or cluster servers to ask for the masters, most promising first. */
    ServerCandidates candidates() {
        return candidates;
    }

    /** Creates a client for one connection to a Redis server. */
    Redis server(RedisAddress address) {
        return client(config.uri().at(address));
    }

    /** Creates a client for one connection to a sentinel. */
    Redis sentinel(RedisAddress address) {
        return client(config.uri().sentinelAt(address, config.sentinelPassword()));
    }

    private Redis client(RedisUri uri) {
        NetClientOptions net = new NetClientOptions()
                .setConnectTimeout(CONNECT_TIMEOUT_MS)
                .setTcpKeepAlive(true)
                .setTcpNoDelay(true)
                .setSsl(uri.tls())
                .setHostnameVerificationAlgorithm(uri.tls() ? "HTTPS" : "");
        config.ca().ifPresent(ca -> net.setTrustOptions(new PemTrustOptions().addCertPath(ca.toString())));
        return Redis.createClient(
                vertx,
                new RedisOptions()
                        .setConnectionString(uri.connectionString().value())
                        .setMaxWaitingHandlers(RedisLine.CLIENT_CALLS)
                        .setMaxPoolSize(1)
                        .setMaxPoolWaiting(1)
                        .setNetClientOptions(net));
    }
}
