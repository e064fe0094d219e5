package dev.ganglion.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganglion.config.source.ConfigException;
import dev.ganglion.config.value.RedisUri;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GanglionConfigTest {
    @Test
    void defaultsMatchTheProtocol() {
        GanglionConfig config = GanglionConfig.defaults();

        assertThat(config.http().host()).isEqualTo("127.0.0.1");
        assertThat(config.http().port()).isEqualTo(7700);
        assertThat(config.http().tls()).isEmpty();
        assertThat(config.agent())
                .isEqualTo(new AgentConfig(
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(90),
                        Duration.ofSeconds(10),
                        1_048_576,
                        64,
                        32,
                        4_194_304,
                        new HandshakeConfig(200, 1000)));
        assertThat(config.events())
                .isEqualTo(new EventConfig(Duration.ofDays(7), 1L << 30, 100_000, 512L << 20, Optional.empty()));
        assertThat(config.store().pauseLimit()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.redis()).isEqualTo(RedisConfig.at(RedisUri.parse("redis://127.0.0.1:6379")));
    }

    @Test
    void replacesDefaultsWithOverrides() {
        GanglionConfig config = GanglionConfig.with(Map.of("http.port", "0", "events.retention-bytes", "2GiB"));

        assertThat(config.http().port()).isZero();
        assertThat(config.events().retentionBytes()).isEqualTo(2L << 30);
    }

    @ParameterizedTest
    @CsvSource({"2s, 1", "3s, 1", "9s, 3", "10s, 3", "11s, 10", "1h, 10"})
    void shortensTheHeartbeatIntervalForAShortIdleTimeout(String idleTimeout, int seconds) {
        assertThat(GanglionConfig.with(Map.of("agent.idle-timeout", idleTimeout))
                        .agent()
                        .heartbeatInterval())
                .isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void usesOneEventLoopPerCoreAndAtLeastTwo() {
        assertThat(GanglionConfig.defaults().http().eventLoopCount())
                .isEqualTo(HttpConfig.eventLoopsOn(Runtime.getRuntime().availableProcessors()));
        assertThat(HttpConfig.eventLoopsOn(1)).isEqualTo(2);
        assertThat(HttpConfig.eventLoopsOn(2)).isEqualTo(2);
        assertThat(HttpConfig.eventLoopsOn(3)).isEqualTo(3);
        assertThat(GanglionConfig.with(Map.of("http.event-loops", "3")).http().eventLoopCount())
                .isEqualTo(3);
    }

    @Test
    void namesTheMissingMasterSecret() {
        SecurityConfig security = GanglionConfig.defaults().security();

        assertThatThrownBy(security::requiredMasterSecret)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("GANGLION_MASTER_SECRET_FILE");
    }
}
