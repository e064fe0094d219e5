package dev.ganglion.store.redis;

import dev.ganglion.config.RedisConfig;
import dev.ganglion.config.value.RedisAddress;
import dev.ganglion.config.value.RedisUri;
import dev.ganglion.store.fault.FaultReader;
import dev.ganglion.store.fault.StoreFaultException;
import dev.ganglion.telemetry.StoreCondition;
import dev.ganglion.telemetry.StoreFault;
import dev.ganglion.telemetry.Ticker;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The configured address of the store, and the options for a connection to each of its servers. Thread-safe. */
public final class RedisServers {
    /** Longest time that a sentinel or cluster server has to name the masters, in milliseconds. */
    static final long ASK_MS = 1_000;

    private static final int CONNECT_TIMEOUT_MS = 2_000;
    /** Longest time until a server is ready for commands; less than a line waits for all servers. */
    private static final long READY_MS = 2_500;

    private static final Logger LOG = LoggerFactory.getLogger(RedisServers.class);

    private final Vertx vertx;
    private final RedisConfig config;
    private final ServerCandidates candidates;
    private final StoreCondition condition;
    private final FaultReader faults;
    private final Credentials credentials;
    private volatile StoreCheck check = StoreCheck.NONE;

    /** Creates the servers of a command that does not watch their condition. */
    public RedisServers(Vertx vertx, RedisConfig config) {
        this(vertx, config, new StoreCondition(Ticker.system()));
    }

    /**
     * Creates the servers of a node.
     *
     * @param condition where all connections report why they fail
     */
    public RedisServers(Vertx vertx, RedisConfig config, StoreCondition condition) {
        this.vertx = vertx;
        this.config = config;
        this.condition = condition;
        this.candidates = new ServerCandidates(config.uri().servers());
        this.faults = new FaultReader(config);
        this.credentials = new Credentials(vertx, config);
    }

    /** Where all connections to these servers report why they fail. */
    StoreCondition condition() {
        return condition;
    }

    /** Returns why a connection or a call failed. */
    StoreFault fault(Throwable failure) {
        return named(credentials.explained(faults.read(failure)));
    }

    /** Adds the address to a fault of the only server. */
    StoreFault named(StoreFault fault) {
        return config.uri().kind() == RedisUri.Kind.SERVER ? fault.at(server().toString()) : fault;
    }

    /** Returns the fault that an error reply reports. */
    StoreFault answeredFault(String reply) {
        return named(faults.answer(reply));
    }

    private RedisAddress server() {
        return config.uri().servers().get(0);
    }

    /** Connects a client to its server. A failure names the server and the reason. */
    Future<RedisConnection> connect(Redis client, RedisAddress address) {
        return client.connect()
                .timeout(READY_MS, TimeUnit.MILLISECONDS)
                .map(connection -> connection.exceptionHandler(
                        failure -> LOG.atDebug().setCause(failure).log("The connection to {} failed", address)))
                .recover(failure -> Future.failedFuture(notConnected(address, failure)));
    }

    /** A server that expects TLS ends a plain connection without an answer. */
    private StoreFaultException notConnected(RedisAddress address, Throwable failure) {
        StoreFault fault = failed(address, failure).fault();
        boolean tls = config.uri().tls() || fault.reason() != StoreFault.Reason.LOST;
        String hint = tls ? "" : "; if the server uses TLS at this port, use rediss:// in redis.uri";
        return new StoreFaultException(new StoreFault(fault.reason(), fault.server(), fault.detail() + hint), failure);
    }

    /** Returns a failure that names the server and the reason. */
    StoreFaultException failed(RedisAddress address, Throwable failure) {
        return new StoreFaultException(
                credentials.explained(faults.read(failure)).at(address.toString()), failure);
    }

    /** Returns the failure of one of several servers that a route asks, unless an earlier one tells more. */
    RuntimeException oneOf(RuntimeException earlier, StoreFaultException failure) {
        return earlier instanceof StoreFaultException other
                        && other.fault().reason().compareTo(failure.fault().reason()) < 0
                ? earlier
                : failure;
    }

    /** Returns a failure that names the sentinel and the reason. */
    StoreFaultException sentinelFailed(RedisAddress address, Throwable failure) {
        StoreFault fault = credentials.explained(faults.read(failure));
        String detail = fault.detail().replace("redis.password or redis.password-file", "redis.sentinel-password");
        return new StoreFaultException(
                new StoreFault(fault.reason(), address.toString(), "sentinel: " + detail), failure);
    }

    /** Reads the files of the passwords again, for the next connections. */
    Future<Void> refresh() {
        return credentials.refresh();
    }

    /** Creates a route for one attempt to connect. */
    Route route() {
        return switch (config.uri().kind()) {
            case SERVER -> new ServerRoute(this, server());
            case SENTINEL ->
                new SentinelRoute(vertx, this, config.uri().master().orElseThrow());
            case CLUSTER -> new ClusterRoute(this);
        };
    }

    /** Sets the check that every connection has to pass before any call may use it. */
    public void require(StoreCheck required) {
        check = required;
    }

    StoreCheck check() {
        return check;
    }

    /** The sentinels or cluster servers to ask for the masters, most promising first. */
    ServerCandidates candidates() {
        return candidates;
    }

    /** Creates a client for one connection to a Redis server. */
    Redis server(RedisAddress address) {
        return client(credentials.at(address));
    }

    /** Creates a client for one connection to a sentinel. */
    Redis sentinel(RedisAddress address) {
        return client(credentials.sentinelAt(address));
    }

    private Redis client(RedisUri uri) {
        NetClientOptions net = new NetClientOptions()
                .setConnectTimeout(CONNECT_TIMEOUT_MS)
                .setSslHandshakeTimeout(CONNECT_TIMEOUT_MS)
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
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
