package dev.ganglion.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.wire.WireAgent;
import dev.ganglion.testing.wire.WireFrames;
import dev.ganglion.testing.wire.WireSocket;
import dev.ganglion.testing.wire.WireSocket.Opcode;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DeadlinesIT {
    private static final Duration HELLO = Duration.ofSeconds(1);
    private static final Duration IDLE = Duration.ofSeconds(2);

    @RegisterExtension
    static final BrainExtension brain = new BrainExtension()
            .with("agent.hello-timeout", HELLO.toSeconds() + "s")
            .with("agent.idle-timeout", IDLE.toSeconds() + "s")
            .with("agent.heartbeat-interval", "1s");

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private final long begun = System.nanoTime();

    @AfterEach
    void awaitNoOpenConnections() {
        brain.awaitNoConnections();
    }

    @Test
    void closesWith4400WithoutAHello() {
        try (WireSocket socket = brain.agent().openSocket()) {
            assertThat(WireAgent.endingOf(socket)).hasToString("4400 ");
            assertThat(elapsed()).isGreaterThan(HELLO);
        }
    }

    @Test
    void closesWith4400OnAnIncompleteHello() {
        byte[] hello = WireFrames.hello().toBuffer().getBytes();
        try (WireSocket socket = brain.agent().openSocket()) {
            socket.send(Opcode.TEXT, false, hello);
            assertThat(WireAgent.endingOf(socket)).hasToString("4400 ");
        }
    }

    @Test
    void closesAnIdleSessionWith4408() {
        EnrolledAgent enrolled = brain.agent();
        try (WireAgent agent = enrolled.connect()) {
            assertThat(agent.ending()).hasToString("4408 idle_timeout");
            assertThat(elapsed()).isGreaterThan(IDLE);
        }
        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(enrolled.view().getString("state")).isEqualTo("offline"));
    }

    @Test
    void doesNotCountPingsAsActivity() {
        try (WireAgent agent = brain.agent().connect()) {
            for (int i = 0; i < 3; i++) {
                pass(Duration.ofMillis(500));
                agent.socket().send(Opcode.PING, new byte[] {1});
            }
            assertThat(agent.ending()).hasToString("4408 idle_timeout");
            assertThat(elapsed()).isBetween(IDLE, IDLE.multipliedBy(2));
        }
    }

    @Test
    void countsHeartbeatsAsActivity() {
        try (WireAgent agent = brain.agent().connect()) {
            long end = System.nanoTime() + IDLE.plusSeconds(1).toNanos();
            while (System.nanoTime() < end) {
                pass(Duration.ofMillis(600));
                agent.send("heartbeat", new JsonObject());
            }
            assertThat(agent.ingest(WireFrames.event()).accepted()).isEqualTo(1);
        }
    }

    /** Waits until {@code time} has passed. These tests are about time itself, so no condition can replace the wait. */
    private static void pass(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        Awaitility.await().pollInterval(20, TimeUnit.MILLISECONDS).until(() -> System.nanoTime() > end);
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - begun);
    }
}
