package dev.ganglion.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.wire.WireAgent;
import dev.ganglion.testing.wire.WireFrames;
import dev.ganglion.testing.wire.WireSocket;
import dev.ganglion.testing.wire.WireSocket.Answer;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AdmissionIT {
    @RegisterExtension
    static final BrainExtension brain = new BrainExtension()
            .with("agent.connection-cap", "2")
            .with("agent.handshake-rate", "1")
            .with("agent.handshake-burst", "3")
            .with("http.trusted-proxies", "127.0.0.1/32");

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private static final AtomicInteger ADDRESSES = new AtomicInteger();

    private final String here = "192.0.2." + ADDRESSES.incrementAndGet();

    @AfterEach
    void awaitNoOpenConnections() {
        brain.awaitNoConnections();
    }

    private Answer knock(String path, String forwardedFor, String authorization) {
        try (WireSocket socket = WireSocket.connect(brain.port())) {
            return socket.upgrade(path, Map.of("X-Forwarded-For", forwardedFor, "Authorization", authorization));
        }
    }

    @Test
    void rateLimitsAnAddressBeforeTheUpgrade() {
        for (int i = 0; i < 3; i++) {
            assertThat(knock("/ws/agent", here, "Bearer nobodys").status()).isEqualTo(401);
        }
        for (String path : new String[] {"/ws/agent", "/ws"}) {
            Answer answer = knock(path, here, "Bearer nobodys");
            assertThat(answer.status()).isEqualTo(429);
            assertThat(Integer.parseInt(answer.headers().get("retry-after"))).isPositive();
            assertThat(new JsonObject(answer.body()).getString("error")).isEqualTo("rate_limited");
        }
        assertThat(knock("/ws/agent", "6.6.6.6, " + here, "Bearer nobodys").status())
                .isEqualTo(429);
        assertThat(knock("/ws/agent", "198.51.100.1", "Bearer nobodys").status())
                .isEqualTo(401);
        assertThat(brain.metric("ganglion_upgrades_refused_total", "reason", "rate"))
                .isGreaterThanOrEqualTo(3);
    }

    @Test
    void reportsTheAddressBehindTheProxy() {
        EnrolledAgent enrolled = brain.agent();
        try (WireSocket socket = WireSocket.connect(brain.port())) {
            socket.upgrade("/ws", Map.of("X-Forwarded-For", here, "Authorization", "bEARER " + enrolled.token()));
            socket.send(WireSocket.Opcode.TEXT, WireFrames.hello().toBuffer().getBytes());
            try (WireAgent agent = enrolled.awaitHelloAck(socket)) {
                agent.ingest(WireFrames.event());
                assertThat(enrolled.remoteAddress()).isEqualTo(here);
            }
        }
    }

    @Test
    void limitsEachAddressBehindTheProxySeparately() {
        String others = "203.0.113." + here.substring(here.lastIndexOf('.') + 1);
        for (int i = 0; i < 3; i++) {
            assertThat(knock("/ws/agent", here, "Bearer nobodys").status()).isEqualTo(401);
            assertThat(knock("/ws/agent", others, "Bearer nobodys").status()).isEqualTo(401);
        }
        assertThat(knock("/ws/agent", here, "Bearer nobodys").status()).isEqualTo(429);
        assertThat(knock("/ws/agent", others, "Bearer nobodys").status()).isEqualTo(429);
    }

    @Test
    void ignoresAForwardedHeaderFromTheAgentItself() {
        EnrolledAgent enrolled = brain.agent();
        try (WireSocket socket = WireSocket.connect(brain.port())) {
            socket.upgrade(
                    "/ws",
                    Map.of(
                            "X-Forwarded-For",
                            "6.6.6.6",
                            "x-forwarded-for",
                            here,
                            "Authorization",
                            "Bearer " + enrolled.token()));
            socket.send(WireSocket.Opcode.TEXT, WireFrames.hello().toBuffer().getBytes());
            try (WireAgent agent = enrolled.awaitHelloAck(socket)) {
                agent.ingest(WireFrames.event());
                assertThat(enrolled.remoteAddress()).isEqualTo(here);
            }
        }
    }

    @Test
    void rejectsOverlongBearerTokens() {
        assertThat(knock("/ws/agent", here, "Bearer " + "b".repeat(256)).status())
                .isEqualTo(401);
        assertThat(knock("/ws/agent", here, "Bearer " + "b".repeat(257)).status())
                .isEqualTo(401);
        assertThat(knock("/ws", here, "Bearer " + "b".repeat(257)).status()).isEqualTo(101);
    }

    @Test
    void answersAPlainRequestWithUpgradeRequired() {
        assertThat(brain.rest().call("GET", "/ws", null).status()).isEqualTo(426);
        assertThat(brain.rest().call("POST", "/ws/agent", "{}").status()).isEqualTo(426);
    }
}
