package dev.ganglion.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganglion.agent.outbox.Batching;
import dev.ganglion.config.value.Secret;
import dev.ganglion.protocol.KeyDerivation;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentOptionsTest {
    private static final String TOKEN = "z4j_agent_sesame";
    private static final String SECRET = KeyDerivation.secretText(new byte[32]);

    @Test
    void prints_neither_the_token_nor_the_secret() {
        AgentOptions options = AgentOptions.of("ws://localhost:7700", Secret.of(TOKEN), Secret.of(SECRET));

        assertThat(options.toString())
                .doesNotContain(TOKEN)
                .doesNotContain(SECRET)
                .contains("ws://localhost:7700");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words", "líne", "a\r\nX-Evil: 1"})
    void rejects_a_token_that_is_invalid_in_a_header(String token) {
        assertThatThrownBy(() -> AgentOptions.of("ws://localhost", Secret.of(token), Secret.of(SECRET)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "short", "not base64 at all!"})
    void rejects_a_secret_that_is_not_32_bytes_without_repeating_it(String secret) {
        assertThatThrownBy(() -> AgentOptions.of("ws://localhost", Secret.of(TOKEN), Secret.of(secret)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("32 bytes")
                .message()
                .doesNotContain("not base64 at all");
    }

    @Test
    void rejects_batching_values_out_of_range() {
        assertThatThrownBy(() -> Batching.DEFAULT.withBatchSize(501)).hasMessageContaining("500");
        assertThatThrownBy(() -> Batching.DEFAULT.withBatchSize(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Batching.DEFAULT.withMaxInFlight(257)).hasMessageContaining("256");
        assertThatThrownBy(() -> Batching.DEFAULT.withBufferLimit(1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Batching.DEFAULT.withFlushInterval(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
