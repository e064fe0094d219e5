package dev.ganglion.auth.people;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.config.value.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Argon2Test {
    private static final Secret PASSWORD = Secret.of("correct horse battery 😀");

    @Test
    void acceptsOnlyThePasswordOfTheHash() {
        String hash = Argon2.hash(PASSWORD);
        assertThat(hash).startsWith("$argon2id$v=19$m=19456,t=2,p=1$").doesNotContain("horse");
        assertThat(Argon2.verify(PASSWORD, hash)).isTrue();
        assertThat(Argon2.verify(Secret.of("correct horse battery"), hash)).isFalse();
        assertThat(Argon2.verify(Secret.of(""), hash)).isFalse();
    }

    @Test
    void twoHashesOfOnePasswordDiffer() {
        assertThat(Argon2.hash(PASSWORD)).isNotEqualTo(Argon2.hash(PASSWORD));
    }

    /** Hashes from the reference implementation, made with argon2-cffi and the salt {@code somesalt16bytes!}. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQxNmJ5dGVzIQ$6wJbSNUGg2llNx2V7uBFZQUJWO9OFclS+7K74K89F7M",
                "$argon2id$v=19$m=64,t=3,p=2$c29tZXNhbHQxNmJ5dGVzIQ$f63FnUexY7g3kGSccpUablNzP4eBAr0Q"
            })
    void acceptsHashesOfTheReferenceImplementation(String hash) {
        assertThat(Argon2.verify(Secret.of("password"), hash)).isTrue();
        assertThat(Argon2.verify(Secret.of("Password"), hash)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "password", "$argon2id$", "$2a$10$abcdefghijklmnopqrstuv", "$argon2id$v=19$m=8,t=1,p=1$$"})
    void rejectsTextThatIsNotAHash(String stored) {
        assertThat(Argon2.verify(Secret.of("password"), stored)).isFalse();
    }
}
