package dev.ganglion.socket;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.wire.WireSocket;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Checks connections that stay silent before the first byte of HTTP, behind a proxy that passes TCP. */
@Timeout(60)
class SilentHandshakesIT {
    private static final int WAITING = 3;

    @RegisterExtension
    static final BrainExtension brain = new BrainExtension()
            .with("http.head-timeout", "2s")
            .with("http.waiting-connections", Integer.toString(WAITING))
            .with("http.proxy-protocol", "true")
            .with("http.trusted-proxies", "127.0.0.1");

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private static WireSocket proxied(String address) {
        WireSocket socket = WireSocket.connect(brain.port());
        socket.sendBytes(("PROXY TCP6 " + address + " ::1 12345 7700\r\n").getBytes(US_ASCII));
        socket.sendBytes("GET".getBytes(US_ASCII));
        return socket;
    }

    private static boolean isClosed(WireSocket socket) {
        try {
            socket.sendBytes("X".getBytes(US_ASCII));
            return false;
        } catch (UncheckedIOException closed) {
            return true;
        }
    }

    @Test
    void drippedProxyProtocolHeaderIsClosedAtTheDeadline() {
        long start = System.nanoTime();
        try (WireSocket dripping = WireSocket.connect(brain.port())) {
            dripping.sendBytes("PROXY TCP4 192.0.2.1 ".getBytes(US_ASCII));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> isClosed(dripping));
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void waitingConnectionsOfOneNetworkBehindAProxyAreLimitedAndOthersAreNot() {
        List<WireSocket> sameNetwork = new ArrayList<>();
        List<WireSocket> otherNetworks = new ArrayList<>();
        try {
            for (int i = 0; i < 4 * WAITING; i++) {
                otherNetworks.add(proxied("2001:db8:" + i + "::1"));
                sameNetwork.add(proxied("2001:db8:ffff:ffff::" + i));
            }
            Awaitility.await()
                    .atMost(Duration.ofSeconds(1))
                    .until(() -> sameNetwork.stream()
                                    .filter(socket -> !isClosed(socket))
                                    .count()
                            <= WAITING);
            assertThat(otherNetworks).noneMatch(SilentHandshakesIT::isClosed);
        } finally {
            sameNetwork.forEach(WireSocket::close);
            otherNetworks.forEach(WireSocket::close);
        }
    }
}
