package dev.ganglion.socket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.wire.WireAgent;
import dev.ganglion.testing.wire.WireFrames;
import dev.ganglion.testing.wire.WireSocket;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Checks the limits of connections to the HTTP port with small values. */
@Timeout(60)
class ConnectionLimitsIT {
    private static final int MAX = 100;
    private static final int WAITING = 5;
    /** The connections above the limit that are accepted for health checks. */
    private static final int RESERVE = 64;

    @RegisterExtension
    static final BrainExtension brain = new BrainExtension()
            .with("http.head-timeout", "2s")
            .with("http.idle-timeout", "2s")
            .with("http.max-connections", Integer.toString(MAX))
            .with("http.waiting-connections", Integer.toString(WAITING))
            .with("agent.connection-cap", "0")
            .with("agent.hello-timeout", "60s");

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    private static double ended(String reason) {
        return brain.metric("ganglion_http_connections_ended_total", "reason", reason);
    }

    @Test
    void connectionWithoutARequestHeadIsClosedAtTheDeadline() {
        double before = ended("head_timeout");
        try (WireSocket silent = WireSocket.connect(brain.port())) {
            assertThat(silent.countRemainingBytes()).isZero();
        }
        assertThat(ended("head_timeout")).isGreaterThan(before);
    }

    @Test
    void drippedRequestHeadIsClosedAtTheDeadline() {
        long start = System.nanoTime();
        try (WireSocket dripping = WireSocket.connect(brain.port())) {
            dripping.sendBytes(bytes("GET /healthz HTTP/1.1\r\n"));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> {
                        try {
                            dripping.sendBytes(bytes("X-Drip: 1\r\n"));
                            return false;
                        } catch (UncheckedIOException cut) {
                            return true;
                        }
                    });
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void idleConnectionIsClosedAfterItsAnswer() {
        double before = ended("idle");
        try (WireSocket idle = WireSocket.connect(brain.port())) {
            idle.sendBytes(bytes("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"));
            assertThat(idle.countRemainingBytes()).isPositive();
        }
        assertThat(ended("idle")).isGreaterThan(before);
    }

    @Test
    void waitingConnectionOfTheAddressThatIsOldestMakesRoomForANewOne() {
        try (SilentSockets silent = new SilentSockets()) {
            silent.open(brain.port(), 20);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(1))
                    .untilAsserted(() -> assertThat(silent.openAtTheBrain()).isLessThanOrEqualTo(WAITING));
            assertThat(brain.rest("").call("GET", "/readyz", null).status()).isEqualTo(200);
        }
    }

    @Test
    void authenticatedConnectionsDoNotCountForTheirAddress() {
        List<WireAgent> agents = new ArrayList<>();
        try {
            for (int i = 0; i < 4 * WAITING; i++) {
                agents.add(brain.agent().connect());
            }
            agents.forEach(agent ->
                    assertThat(agent.ingest(WireFrames.event()).accepted()).isEqualTo(1));
        } finally {
            agents.forEach(WireAgent::closeInOrder);
            brain.awaitNoConnections();
        }
    }

    @Test
    void nodeAtItsLimitStillAnswersHealthChecksAndRefusesOthersWith503() {
        String token = brain.agent().token();
        List<WireSocket> sockets = new ArrayList<>();
        try {
            WireSocket.Answer last = new WireSocket.Answer(101, Map.of(), "");
            while (last.status() == 101 && sockets.size() <= MAX + RESERVE) {
                WireSocket socket = WireSocket.connect(brain.port());
                sockets.add(socket);
                last = socket.upgrade("/ws", Map.of("Authorization", "Bearer " + token));
            }

            assertThat(last.status()).isEqualTo(503);
            assertThat(last.body()).contains("node_busy");
            assertThat(sockets).hasSizeBetween(MAX - 20, MAX + 1);
            for (int i = 0; i < 2 * RESERVE; i++) {
                assertThat(brain.rest("").call("GET", "/readyz", null).status()).isEqualTo(200);
            }
            assertThat(brain.metric("ganglion_http_connections_limit")).isEqualTo(MAX);
        } finally {
            sockets.forEach(WireSocket::close);
            brain.awaitNoConnections();
        }
    }

    @Test
    void requestWithTooManyHeadersIsRefused() {
        Map<String, String> headers = new TreeMap<>();
        for (int i = 0; i < 130; i++) {
            headers.put("X-" + i, "1");
        }
        try (WireSocket socket = WireSocket.connect(brain.port())) {
            assertThat(socket.upgrade("/ws", headers).status()).isEqualTo(431);
        }
    }

    @Test
    void upgradeToAnotherVersionThan13IsRefusedWith426() {
        for (String path : List.of("/ws", "/ws/agent", "/ws/dashboard")) {
            for (String version : List.of("8", "7", "0", "12", "14", "13, 8")) {
                try (WireSocket socket = WireSocket.connect(brain.port())) {
                    WireSocket.Answer answer = socket.upgrade(path, Map.of("Sec-WebSocket-Version", version));
                    assertThat(answer.status()).as(path + " " + version).isEqualTo(426);
                    assertThat(answer.headers()).containsEntry("sec-websocket-version", "13");
                    assertThat(answer.body()).contains("Sec-WebSocket-Version");
                }
            }
        }
    }

    @Test
    void upgradeOfHixie76IsRefusedWith426() {
        for (String path : List.of("/ws", "/ws/agent", "/ws/dashboard")) {
            try (WireSocket socket = WireSocket.connect(brain.port())) {
                socket.sendBytes(bytes("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n"
                        + "Upgrade: WebSocket\r\nSec-WebSocket-Key1: 4 @1  46546xW%0l 1 5\r\n"
                        + "Sec-WebSocket-Key2: 12998 5 Y3 1  .P00\r\nOrigin: http://x\r\n\r\n^n:ds[4U"));
                assertThat(socket.countRemainingBytes()).isPositive();
            }
        }
        assertThat(brain.metric("ganglion_upgrades_refused_total", "reason", "malformed"))
                .isGreaterThanOrEqualTo(3);
    }
}
