package dev.ganglion.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.wire.WireAgent;
import dev.ganglion.testing.wire.WireFrames;
import dev.ganglion.testing.wire.WireSocket;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Checks that the brain ignores the headers of a peer that is not a trusted proxy. */
class UntrustedProxyIT {
    @RegisterExtension
    static final BrainExtension brain = new BrainExtension()
            .with("agent.handshake-rate", "1")
            .with("agent.handshake-burst", "3")
            .with("http.trusted-proxies", "10.0.0.0/8");

    @RegisterExtension
    final QuietLog log = new QuietLog();

    @AfterEach
    void awaitNoOpenConnections() {
        brain.awaitNoConnections();
    }

    @Test
    void ignoresTheForwardedHeaderOfAnUntrustedPeer() {
        EnrolledAgent enrolled = brain.agent();
        try (WireSocket socket = WireSocket.connect(brain.port())) {
            socket.upgrade("/ws", Map.of("X-Forwarded-For", "10.1.1.1", "Authorization", "Bearer " + enrolled.token()));
            socket.send(WireSocket.Opcode.TEXT, WireFrames.hello().toBuffer().getBytes());
            try (WireAgent agent = enrolled.awaitHelloAck(socket)) {
                agent.ingest(WireFrames.event());
                assertThat(enrolled.remoteAddress()).isEqualTo("127.0.0.1");
            }
        }
        // The limit refills by one token a second, so a slow test needs a few more attempts.
        assertThat(IntStream.rangeClosed(1, 60).map(number -> knock("192.0.2." + number)))
                .as("statuses for attempts of the same peer")
                .contains(429);
    }

    private static int knock(String forwardedFor) {
        try (WireSocket socket = WireSocket.connect(brain.port())) {
            return socket.upgrade(
                            "/ws/agent", Map.of("X-Forwarded-For", forwardedFor, "Authorization", "Bearer nobodys"))
                    .status();
        }
    }
}
