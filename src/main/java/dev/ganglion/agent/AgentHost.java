package dev.ganglion.agent;

import dev.ganglion.protocol.FrameReader;
import dev.ganglion.protocol.error.ProtocolLimits;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import java.time.Clock;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The resources that the agents of one JVM share: Vert.x, a WebSocket client, worker threads, the clock, and the random
 * source of the back-off.
 */
public final class AgentHost {
    /**
     * Effectively unlimited: idle sockets cost little, and with Vert.x's own pool limit agents would wait for each
     * other.
     */
    private static final int MAX_CONNECTIONS = 100_000;

    private static final int CLOSING_TIMEOUT_SECONDS = 2;

    /** Maximum number of blocking commands that run at the same time; further commands wait for a thread. */
    private static final int COMMAND_THREADS = 16;

    private final Vertx vertx;
    private final WebSocketClient client;
    private final Clock clock;
    private final LongSupplier nanos;
    private final RandomGenerator random;
    private final AgentTimeouts timeouts;
    private final WorkerExecutor workers;
    /**
     * One reader per event loop, shared by all agents on that loop. A reader holds large buffers and must stay on one
     * thread.
     */
    private final ThreadLocal<FrameReader> readers =
            ThreadLocal.withInitial(() -> new FrameReader(ProtocolLimits.MAX_FRAME_BYTES));

    /**
     * Creates a host.
     *
     * @param random random source; must be thread-safe, because every event loop uses it
     */
    public AgentHost(Vertx vertx, Clock clock, RandomGenerator random) {
        this(vertx, clock, System::nanoTime, random, AgentTimeouts.DEFAULT);
    }

    AgentHost(Vertx vertx, Clock clock, LongSupplier nanos, RandomGenerator random, AgentTimeouts timeouts) {
        this.vertx = vertx;
        this.clock = clock;
        this.nanos = nanos;
        this.random = random;
        this.timeouts = timeouts;
        this.workers = vertx.createSharedWorkerExecutor(
                "ganglion-agent-commands", COMMAND_THREADS, ProtocolLimits.MAX_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        this.client = vertx.createWebSocketClient(new WebSocketClientOptions()
                .setMaxConnections(MAX_CONNECTIONS)
                .setMaxFrameSize(ProtocolLimits.MAX_FRAME_BYTES)
                .setMaxMessageSize(ProtocolLimits.MAX_FRAME_BYTES)
                .setTryUsePerMessageCompression(false)
                .setTryUsePerFrameCompression(false)
                .setConnectTimeout((int) timeouts.upgrade().toMillis())
                .setClosingTimeout(CLOSING_TIMEOUT_SECONDS));
    }

    /** Creates a host with the system clock and a random seed. */
    public static AgentHost on(Vertx vertx) {
        return new AgentHost(vertx, Clock.systemUTC(), new Random());
    }

    public Vertx vertx() {
        return vertx;
    }

    WebSocketClient client() {
        return client;
    }

    public Clock clock() {
        return clock;
    }

    /** The monotonic clock, in nanoseconds. */
    public long nanos() {
        return nanos.getAsLong();
    }

    RandomGenerator random() {
        return random;
    }

    /** Worker threads for commands that block. */
    WorkerExecutor workers() {
        return workers;
    }

    AgentTimeouts timeouts() {
        return timeouts;
    }

    FrameReader reader() {
        return readers.get();
    }
}
