package dev.ganglion.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganglion.config.source.ConfigException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyRangesTest {
    /** Parameters: key, smallest allowed value, a smaller one, largest allowed value, a larger one. */
    @ParameterizedTest
    @CsvSource({
        "http.port, 0, -1, 65535, 65536",
        "http.event-loops, 0, -1, 1024, 1025",
        "redis.lanes, 1, 0, 64, 65",
        "redis.min-replicas, 0, -1, 16, 17",
        "agent.heartbeat-interval, 1s, 999ms, 300s, 300001ms",
        "auth.session-ttl, 2s, 1999ms, 90d, 7776000001ms",
        "auth.session-idle, 2s, 1999ms, 90d, 7776000001ms",
        "audit.max-records, 100, 99, 10000000, 10000001",
        "agent.idle-timeout, 2s, 1999ms, 1h, 3600001ms",
        "agent.hello-timeout, 1s, 999ms, 1m, 61s",
        "agent.max-frame-size, 64KiB, 65535B, 16MiB, 16777217B",
        "agent.connection-cap, 0, -1, 100000, 100001",
        "agent.frames-in-flight, 1, 0, 1024, 1025",
        "agent.max-pending-output, 64KiB, 65535B, 1GiB, 1073741825B",
        "agent.handshake-rate, 0, -1, 1000000, 1000001",
        "agent.handshake-burst, 1, 0, 1000000, 1000001",
        "events.retention-age, 1m, 59s, 3650d, 315360000001ms",
        "events.retention-bytes, 1MiB, 1023KiB, 1PiB, 1025TiB",
        "store.pause-limit, 5s, 4s, 45s, 46s"
    })
    void acceptsTheBoundsAndRejectsValuesBeyondThem(
            String key, String least, String less, String greatest, String more) {
        assertThat(accepts(key, least)).isTrue();
        assertThat(accepts(key, greatest)).isTrue();
        assertRefused(key, less);
        assertRefused(key, more);
    }

    @ParameterizedTest
    @CsvSource({
        "master-secret, 32, 4096",
        "previous-secrets, 32, 4096",
        "metrics.token, 8, 256",
        "redis.password, 1, 4096"
    })
    void measuresSecretsInBytes(String key, int least, int greatest) {
        assertThat(accepts(key, "é".repeat(least / 2) + "x".repeat(least % 2))).isTrue();
        assertThat(accepts(key, "é".repeat(greatest / 2))).isTrue();
        assertRefused(key, "é".repeat(greatest / 2) + "x");
        if (least > 1) {
            assertRefused(key, "x".repeat(least - 1));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "z4k_0123456789abcdef, true",
        "z4k_0123456789abcde, false",
        "z4x_0123456789abcdef, false",
        "z4k_0123456789abcdéf, false",
        "z4k_01234567 9abcdef, false"
    })
    void checksTheFormatOfTheAdminKey(String text, boolean accepted) {
        assertThat(accepts("admin-key", text)).isEqualTo(accepted);
    }

    @ParameterizedTest
    @CsvSource({
        "agent.idle-timeout, 1.5m",
        "agent.idle-timeout, PT90S",
        "agent.idle-timeout, 90 s",
        "agent.idle-timeout, 90S",
        "agent.idle-timeout, s",
        "agent.idle-timeout, -90s",
        "agent.idle-timeout, 999999999999999999d",
        "agent.idle-timeout, 9999999999999999999999s",
        "agent.max-frame-size, 1MB",
        "agent.max-frame-size, 1mib",
        "http.port, 0x10",
        "http.port, 7_700",
        "http.port, 1.0",
        "http.port, 99999999999999999999",
        "http.host, ''",
        "http.host, 'a b'",
        "redis.durability, ALWAYS",
        "redis.durability, no"
    })
    void rejectsEveryOtherSpelling(String key, String text) {
        assertRefused(key, text);
    }

    @ParameterizedTest
    @CsvSource({"8, true", "9, false"})
    void limitsTheNumberOfPreviousSecrets(int count, boolean accepted) {
        assertThat(accepts("previous-secrets", ("x".repeat(32) + "\n").repeat(count)))
                .isEqualTo(accepted);
    }

    /** Returns whether the value is valid, with the heartbeat interval and idle timeout set not to contradict it. */
    private static boolean accepts(String key, String text) {
        Map<String, String> flags = new HashMap<>(Map.of("agent.heartbeat-interval", "1s", "agent.idle-timeout", "1h"));
        flags.put(key, text);
        try {
            return GanglionConfig.with(flags) != null;
        } catch (ConfigException e) {
            return false;
        }
    }

    private static void assertRefused(String key, String text) {
        assertThatThrownBy(() -> GanglionConfig.with(Map.of(key, text)))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(key + ": ")
                .hasMessageContaining("; allowed: ");
    }
}
