package dev.ganglion.auth.people;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.config.value.Secret;
import org.junit.jupiter.api.Test;

class AdminKeyTest {
    private static final String TEXT = "z4k_a_key_of_some_length";
    private final AdminKey key = AdminKey.of(Secret.of(TEXT));

    @Test
    void acceptsOnlyItsOwnText() {
        assertThat(key.admits("Bearer " + TEXT)).isTrue();
        assertThat(key.admits("bearer " + TEXT)).isTrue();
        assertThat(key.admits("Bearer " + TEXT + "x")).isFalse();
        assertThat(key.admits("Bearer " + TEXT.substring(1))).isFalse();
        assertThat(key.admits(TEXT)).isFalse();
        assertThat(key.admits("")).isFalse();
    }

    @Test
    void acceptsTheKeyByItsStoredHash() {
        AdminKey again = AdminKey.ofHash(key.hashHex());
        assertThat(again.admits("Bearer " + TEXT)).isTrue();
        assertThat(key.hashHex()).hasSize(64).doesNotContain(TEXT);
    }
}
