package dev.ganglion.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.protocol.HmacEncoding;
import dev.ganglion.protocol.KeyDerivation;
import dev.ganglion.testing.brain.BrainProcess;
import dev.ganglion.testing.http.Rest;
import dev.ganglion.testing.redis.RedisExtension;
import dev.ganglion.testing.wire.WireAgent;
import dev.ganglion.testing.wire.WireFrames;
import dev.ganglion.testing.wire.WireSocket;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Opens silent connections to a brain of 256 MB while an agent sends its batches. The system property {@code
 * ganglion.silent-sockets} sets how many.
 */
@Timeout(120)
class SilentSocketsIT {
    private static final int SOCKETS = Integer.getInteger("ganglion.silent-sockets", 3_000);
    private static final int BATCHES = 300;
    /** Connections of one address that may wait, the default of http.waiting-connections. */
    private static final int WAITING = 1_000;
    /** An acknowledgement within this time is fast, however fast it was on an idle machine. */
    private static final Duration FAST = Duration.ofMillis(100);

    private static final long HEALTH_CHECK_NANOS = Duration.ofMillis(10).toNanos();

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    @Test
    void silentSocketsOfAStrangerLockOutNeitherAgentsNorHealthChecks() throws Exception {
        try (BrainProcess brain = BrainProcess.start(redis, "-Xmx256m", "-XX:+ExitOnOutOfMemoryError");
                SilentSockets stranger = new SilentSockets();
                WireAgent agent = connect(brain, enrol(brain))) {
            AtomicBoolean done = new AtomicBoolean();
            AtomicInteger checks = new AtomicInteger();
            CompletableFuture<Void> watching = CompletableFuture.runAsync(() -> {
                while (!done.get()) {
                    assertThat(Rest.at(brain.port(), "")
                                    .call("GET", "/readyz", null)
                                    .status())
                            .isEqualTo(200);
                    checks.incrementAndGet();
                    LockSupport.parkNanos(HEALTH_CHECK_NANOS);
                }
            });
            long alone = p99(agent);
            CompletableFuture<Void> opening = CompletableFuture.runAsync(() -> stranger.open(brain.port(), SOCKETS));
            long beside = p99(agent);
            opening.join();
            try (WireAgent newcomer = connect(brain, enrol(brain))) {
                assertThat(newcomer.ingest(WireFrames.event()).accepted()).isEqualTo(1);
            }
            beside = Math.max(beside, p99(agent));
            done.set(true);
            watching.join();

            System.out.printf(
                    "%d silent sockets, %d left open; ack p99 %.1f ms alone, %.1f ms beside them; %d health checks%n",
                    SOCKETS, stranger.openAtTheBrain(), alone / 1e6, beside / 1e6, checks.get());
            assertThat(stranger.openAtTheBrain()).isLessThanOrEqualTo(WAITING);
            assertThat(checks).hasPositiveValue();
            assertThat(Duration.ofNanos(beside)).isLessThan(Duration.ofNanos(Math.max(FAST.toNanos(), 5 * alone)));
        }
    }

    private static JsonObject enrol(BrainProcess brain) {
        Rest.Response unused = brain.rest()
                .post("/projects", new JsonObject().put("slug", "silent").put("name", "P"));
        return brain.rest()
                .post("/projects/silent/agents", new JsonObject().put("name", "agent-" + System.nanoTime()))
                .expect(201);
    }

    private static WireAgent connect(BrainProcess brain, JsonObject minted) {
        WireSocket socket = WireSocket.connect(brain.port());
        assertThat(socket.upgrade("/ws", Map.of("Authorization", "Bearer " + minted.getString("token")))
                        .status())
                .isEqualTo(101);
        return WireAgent.connectWithHello(
                socket,
                KeyDerivation.secretBytes(minted.getString("hmac_secret")),
                WireFrames.hello(),
                HmacEncoding.BASE64);
    }

    /** The time within which 99% of the batches are acknowledged, in nanoseconds. */
    private static long p99(WireAgent agent) {
        long[] nanos = new long[BATCHES];
        for (int i = 0; i < BATCHES; i++) {
            long start = System.nanoTime();
            assertThat(agent.ingest(WireFrames.event()).accepted()).isEqualTo(1);
            nanos[i] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        return nanos[BATCHES * 99 / 100];
    }
}
