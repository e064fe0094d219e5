package dev.ganglion.store.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HashSlotTest {
    @ParameterizedTest
    @CsvSource({"123456789, 12739", "foo, 12182", "'', 0"})
    void hashesTheWholeKeyWithoutBraces(String key, int slot) {
        assertThat(of(key)).isEqualTo(slot);
    }

    @Test
    void hashesOnlyTheTextInTheFirstBraces() {
        assertThat(of("{p/1}:agent:a:slots")).isEqualTo(of("p/1")).isEqualTo(of("x{p/1}{q}"));
        assertThat(of("{p/1}")).isNotEqualTo(of("{p/2}"));
    }

    @Test
    void ignoresEmptyBraces() {
        assertThat(of("{}foo")).isNotEqualTo(of("")).isNotEqualTo(of("foo"));
        assertThat(of("{foo")).isNotEqualTo(of("foo"));
        assertThat(of("{}{foo}")).isNotEqualTo(of("foo"));
    }

    private static int of(String key) {
        return HashSlot.of(key.getBytes(UTF_8));
    }
}
