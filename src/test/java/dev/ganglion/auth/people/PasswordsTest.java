package dev.ganglion.auth.people;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.config.value.Secret;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The cost of a login with a known and with an unknown account. */
class PasswordsTest {
    private static final Secret PASSWORD = Secret.of("correct horse battery");

    private final Vertx vertx = Vertx.vertx();
    private final List<String> checked = new CopyOnWriteArrayList<>();
    private Passwords passwords;

    @BeforeEach
    void countChecks() {
        passwords = new Passwords(vertx, (password, hash) -> {
            checked.add(hash);
            return Argon2.verify(password, hash);
        });
    }

    @AfterEach
    void close() {
        passwords.close().await();
        vertx.close().await();
    }

    private static String cost(String hash) {
        return hash.substring(0, hash.indexOf('$', hash.indexOf("p=")));
    }

    @Test
    void anUnknownAccountCostsAsMuchAsAKnownOne() {
        String known = passwords.hash(PASSWORD).await();
        assertThat(passwords.verify(Secret.of("wrong"), known).await()).isFalse();
        assertThat(checked).containsExactly(known);

        assertThat(passwords.verify(PASSWORD, null).await()).isFalse();
        assertThat(checked).hasSize(2);
        assertThat(cost(checked.get(1))).isEqualTo(cost(known)).isEqualTo("$argon2id$v=19$m=19456,t=2,p=1");
    }

    @Test
    void rejectsEveryPasswordOfAnUnknownAccount() {
        Passwords credulous = new Passwords(vertx, (password, hash) -> true);
        assertThat(credulous.verify(PASSWORD, "any").await()).isTrue();
        assertThat(credulous.verify(PASSWORD, null).await()).isFalse();
        credulous.close().await();
    }
}
