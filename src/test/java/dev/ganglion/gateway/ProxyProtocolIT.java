package dev.ganglion.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganglion.Brain;
import dev.ganglion.config.GanglionConfig;
import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.redis.RedisExtension;
import dev.ganglion.testing.wire.WireSocket;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Checks a proxy that reports the address of the client in a PROXY protocol header. */
@Timeout(90)
class ProxyProtocolIT {
    private static final int BURST = 2;
    private static final int ATTEMPTS = 60;
    private static final byte[] VERSION_2_OF_192_0_2_9 = {
        0x0D,
        0x0A,
        0x0D,
        0x0A,
        0x00,
        0x0D,
        0x0A,
        0x51,
        0x55,
        0x49,
        0x54,
        0x0A, // signature
        0x21,
        0x11,
        0,
        12, // version 2, command PROXY; TCP over IPv4; length
        (byte) 192,
        0,
        2,
        9,
        127,
        0,
        0,
        1,
        0x30,
        0x39,
        0x1E,
        0x14
    };

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private @Nullable Brain brain;

    @AfterEach
    void stop() throws Exception {
        if (brain != null) {
            brain.stop().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }

    private void startBrainTrusting(String proxies) throws Exception {
        Map<String, String> settings = new LinkedHashMap<>(Map.of(
                "http.port",
                "0",
                "http.event-loops",
                "1",
                "http.proxy-protocol",
                "true",
                "http.trusted-proxies",
                proxies,
                "agent.handshake-rate",
                "1",
                "agent.handshake-burst",
                String.valueOf(BURST),
                "master-secret",
                BrainExtension.MASTER_SECRET,
                "admin-key",
                BrainExtension.ADMIN_KEY,
                "drain.window",
                "0s"));
        settings.put("redis.uri", redis.connectionString().value());
        brain = Brain.start(GanglionConfig.with(settings), Clock.systemUTC())
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
    }

    private int knock(byte[] header, Map<String, String> more) {
        try (WireSocket socket =
                WireSocket.connect(Objects.requireNonNull(brain).port())) {
            socket.sendBytes(header);
            Map<String, String> headers = new LinkedHashMap<>(more);
            headers.put("Authorization", "Bearer nobodys");
            return socket.upgrade("/ws/agent", headers).status();
        }
    }

    private int knockFrom(String address) {
        return knock(version1(address), Map.of());
    }

    /** The limit refills by one token a second, so a slow test needs a few more attempts. */
    private static boolean isEventuallyRateLimited(IntUnaryOperator attempt) {
        return IntStream.rangeClosed(1, ATTEMPTS).map(attempt).anyMatch(status -> status == 429);
    }

    private static byte[] version1(String address) {
        return ("PROXY TCP4 " + address + " 127.0.0.1 12345 7700\r\n").getBytes(US_ASCII);
    }

    @Test
    void limitsEachAddressReportedByATrustedProxySeparately() throws Exception {
        startBrainTrusting("127.0.0.1");

        for (String address : new String[] {"192.0.2.1", "192.0.2.2"}) {
            assertThat(knockFrom(address)).isEqualTo(401);
            assertThat(isEventuallyRateLimited(number -> knockFrom(address))).isTrue();
        }
    }

    @Test
    void acceptsTheBinaryHeader() throws Exception {
        startBrainTrusting("127.0.0.1");

        assertThat(isEventuallyRateLimited(number -> knockFrom("192.0.2.8"))).isTrue();
        assertThat(knock(VERSION_2_OF_192_0_2_9, Map.of())).isEqualTo(401);
        assertThat(isEventuallyRateLimited(number -> knock(VERSION_2_OF_192_0_2_9, Map.of())))
                .isTrue();
    }

    @Test
    void ignoresTheHeadersOfAnUntrustedPeer() throws Exception {
        startBrainTrusting("10.0.0.0/8");

        assertThat(isEventuallyRateLimited(
                        number -> knock(version1("10.1.1." + number), Map.of("X-Forwarded-For", "192.0.2." + number))))
                .isTrue();
    }

    @Test
    void ignoresAForwardedHeaderOfAnAgentBehindTheProxy() throws Exception {
        startBrainTrusting("127.0.0.1");

        assertThat(isEventuallyRateLimited(
                        number -> knock(version1("192.0.2.1"), Map.of("X-Forwarded-For", "192.0.2." + number))))
                .isTrue();
    }

    @Test
    void closesAConnectionWithoutTheHeader() throws Exception {
        startBrainTrusting("127.0.0.1");

        assertThatThrownBy(() -> knock(new byte[0], Map.of())).isInstanceOf(UncheckedIOException.class);
    }
}
