package dev.ganglion.config.value;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.config.GanglionConfig;
import dev.ganglion.config.source.ConfigSources;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SecretTest {
    @Test
    void masksASecretEvenInsideOtherObjects() {
        GanglionConfig config = GanglionConfig.with(Map.of(
                "master-secret",
                "hunter2".repeat(5),
                "previous-secrets",
                "hunter2".repeat(5),
                "admin-key",
                "z4k_" + "hunter2".repeat(5),
                "metrics.token",
                "hunter2-token",
                "redis.password",
                "hunter2"));

        assertThat(config.toString()).doesNotContain("hunter2").contains(Secret.REDACTED);
        assertThat(Secret.of("hunter2")).hasToString("[REDACTED]");
    }

    @Test
    void omitsValuesFromPrintedSources() {
        ConfigSources sources = ConfigSources.none()
                .withEnvironment(Map.of("GANGLION_ADMIN_KEY", "hunter2"))
                .withFlags(Map.of("metrics.token", "hunter2"))
                .withPresets(Map.of("master-secret", "hunter2"));

        assertThat(sources.toString()).doesNotContain("hunter2");
    }

    @Test
    void comparesSecretsByTheirText() {
        assertThat(Secret.of("a")).isEqualTo(Secret.of("a")).hasSameHashCodeAs(Secret.of("a"));
        assertThat(Secret.of("a")).isNotEqualTo(Secret.of("b")).isNotEqualTo("a");
        assertThat(Secret.of("é").utf8()).containsExactly(0xc3, 0xa9);
    }
}
