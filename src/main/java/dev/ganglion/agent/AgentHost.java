package dev.ganglion.agent;

import dev.ganglion.protocol.FrameReader;
import dev.ganglion.protocol.ProtocolLimits;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import java.time.Clock;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** What the agents of one JVM share: Vert.x, one WebSocket client, the clock, the randomness of their backoff. */
public final class AgentHost {
    /** Idle sockets cost little; the pool's own bound would make agents wait for each other. */
    private static final int MAX_CONNECTIONS = 100_000;

    private static final int CLOSING_TIMEOUT_SECONDS = 2;

    /** Commands that may block at the same time; others wait for a thread. */
    private static final int COMMAND_THREADS = 16;

    private final Vertx vertx;
    private final WebSocketClient client;
    private final Clock clock;
    private final RandomGenerator random;
    private final Patience patience;
    private final WorkerExecutor workers;
    /** A reader holds buffers and belongs to one thread: one per event loop serves all agents on it. */
    private final ThreadLocal<FrameReader> readers =
            ThreadLocal.withInitial(() -> new FrameReader(ProtocolLimits.MAX_FRAME_BYTES));

    /** @param random drawn from on every event loop, so it must be safe for threads */
    public AgentHost(Vertx vertx, Clock clock, RandomGenerator random) {
        this(vertx, clock, random, Patience.DEFAULT);
    }

    AgentHost(Vertx vertx, Clock clock, RandomGenerator random, Patience patience) {
        this.vertx = vertx;
        this.clock = clock;
        this.random = random;
        this.patience = patience;
        this.workers = vertx.createSharedWorkerExecutor(
                "ganglion-agent-commands", COMMAND_THREADS, ProtocolLimits.MAX_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        this.client = vertx.createWebSocketClient(new WebSocketClientOptions()
                .setMaxConnections(MAX_CONNECTIONS)
                .setMaxFrameSize(ProtocolLimits.MAX_FRAME_BYTES)
                .setMaxMessageSize(ProtocolLimits.MAX_FRAME_BYTES)
                .setTryUsePerMessageCompression(false)
                .setTryUsePerFrameCompression(false)
                .setConnectTimeout((int) patience.upgrade().toMillis())
                .setClosingTimeout(CLOSING_TIMEOUT_SECONDS));
    }

    /** The system's clock and a random seed. */
    public static AgentHost on(Vertx vertx) {
        return new AgentHost(vertx, Clock.systemUTC(), new Random());
    }

    Vertx vertx() {
        return vertx;
    }

    WebSocketClient client() {
        return client;
    }

    Clock clock() {
        return clock;
    }

    RandomGenerator random() {
        return random;
    }

    /** Threads that a command may block. */
    WorkerExecutor workers() {
        return workers;
    }

    Patience patience() {
        return patience;
    }

    FrameReader reader() {
        return readers.get();
    }
}
