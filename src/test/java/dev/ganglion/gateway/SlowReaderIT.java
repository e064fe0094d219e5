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
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SlowReaderIT {
    /** The operating system buffers megabytes on both sides before the brain's writes block. */
    private static final Duration FILLING = Duration.ofSeconds(60);

    @RegisterExtension
    static final BrainExtension brain = new BrainExtension()
            .with("agent.idle-timeout", "3s")
            .with("agent.heartbeat-interval", "1s")
            .with("agent.max-pending-output", "64KiB");

    @RegisterExtension
    final QuietLog log = new QuietLog();

    @Test
    void cutsAnAgentThatDoesNotReadItsAcksAndReleasesItsSlot() {
        double before = slowReaders();
        EnrolledAgent enrolled = brain.agent();
        try (WireAgent agent = enrolled.connect()) {
            JsonObject payload = WireFrames.batchOf(0);
            String start = "i".repeat(44);
            long[] batch = {1_000_000_000};
            untilCut(() -> {
                for (int i = 0; i < 500; i++) {
                    agent.send(agent.envelope("event_batch", payload).put("id", start + batch[0]++));
                }
            });
            brain.awaitNoConnections();
            assertThat(slowReaders()).isEqualTo(before + 1);
            Awaitility.await()
                    .untilAsserted(() -> assertThat(enrolled.view().getInteger("connections"))
                            .isZero());
        }
    }

    @Test
    void cutsAnAgentThatDoesNotReadItsPongs() {
        ByteArrayOutputStream pings = new ByteArrayOutputStream();
        byte[] ping = WireSocket.frame(Opcode.PING, true, true, new byte[125]);
        while (pings.size() < 1024 * 1024) {
            pings.writeBytes(ping);
        }
        byte[] chunk = pings.toByteArray();
        double before = slowReaders();
        try (WireAgent agent = brain.agent().connect()) {
            untilCut(() -> agent.socket().sendBytes(chunk));
            brain.awaitNoConnections();
            assertThat(slowReaders()).isEqualTo(before + 1);
        }
    }

    private static double slowReaders() {
        return brain.metric("ganglion_connections_closed_total", "reason", "slow_reader");
    }

    /** Sends until the brain has closed the connection. The operating system may accept more bytes even then. */
    private static void untilCut(Runnable more) {
        long end = System.nanoTime() + FILLING.toNanos();
        try {
            while (brain.metric("z4j_ws_connections") > 0) {
                assertThat(System.nanoTime())
                        .as("time until the brain cuts the connection")
                        .isLessThan(end);
                more.run();
            }
        } catch (UncheckedIOException cut) {
            assertThat(cut).hasMessageNotContaining("timed out");
        }
    }
}
