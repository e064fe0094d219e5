package dev.ganglion.api.people;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.FurtherBrain;
import dev.ganglion.testing.http.Rest;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.people.Browser;
import dev.ganglion.testing.people.TestUsers;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LoginThrottleIT {
    private static final int OF_ACCOUNT = 10;
    private static final int OF_ADDRESS = 50;
    private static final int SAMPLES = 5;

    @RegisterExtension
    static final BrainExtension brain = new BrainExtension().with("http.trusted-proxies", "127.0.0.1");

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private final TestUsers staff = new TestUsers(brain);

    @BeforeEach
    void resetTheThrottle() {
        for (String key :
                brain.redis().call("KEYS", "{ganglion}:login-failures:*").split("\n", -1)) {
            brain.redis().call("DEL", key);
        }
    }

    private static Browser from(String address) {
        return Browser.at(brain.port()).with("X-Forwarded-For", address);
    }

    private static Rest.Response guess(Browser browser, String email) {
        return browser.tryLogin(email, "not the password");
    }

    @Test
    void throttlesAnAccountForAllAddressesOnEveryNode() {
        String email = staff.user(new JsonObject()).getString("email");
        for (int i = 0; i < OF_ACCOUNT; i++) {
            assertThat(guess(from("192.0.2." + i), email).status()).isEqualTo(401);
        }
        Rest.Response throttled = from("192.0.2.99").tryLogin(email.toUpperCase(Locale.ROOT), TestUsers.PASSWORD);
        assertThat(throttled.status()).isEqualTo(429);
        assertThat(throttled.json().getString("error")).isEqualTo("rate_limited");
        assertThat(Integer.parseInt(throttled.header("Retry-After").orElseThrow()))
                .isBetween(700, 900);
        try (FurtherBrain other =
                FurtherBrain.start(brain.redis().connectionString().value())) {
            assertThat(Browser.at(other.port())
                            .tryLogin(email, TestUsers.PASSWORD)
                            .status())
                    .isEqualTo(429);
        }
    }

    @Test
    void doesNotRevealWhetherAnAccountExists() {
        String email = staff.user(new JsonObject()).getString("email");
        Rest.Response known = guess(from("192.0.2.1"), email);
        Rest.Response unknown = guess(from("192.0.2.2"), "nobody@example.org");
        assertThat(unknown.status()).isEqualTo(known.status());
        assertThat(unknown.json().getString("message")).isEqualTo(known.json().getString("message"));
        for (int i = 1; i < OF_ACCOUNT; i++) {
            assertThat(guess(from("192.0.2." + i), "nobody@example.org").status())
                    .isEqualTo(401);
        }
        assertThat(guess(from("192.0.2.99"), "nobody@example.org").status()).isEqualTo(429);
    }

    /**
     * Compares the fastest of several alternating attempts, so that the load of a busy machine affects both kinds
     * equally.
     */
    @Test
    void takesAsLongForAnUnknownAccountAsForAKnownOne() {
        String email = staff.user(new JsonObject()).getString("email");
        long known = Long.MAX_VALUE;
        long unknown = Long.MAX_VALUE;
        for (int i = 0; i < SAMPLES; i++) {
            known = Math.min(known, nanos(from("192.0.2." + i), email));
            unknown = Math.min(unknown, nanos(from("198.51.100." + i), "nobody-is-called-so@example.org"));
        }
        assertThat((double) unknown / known).isBetween(0.5, 2.0);
    }

    private static long nanos(Browser browser, String email) {
        long before = System.nanoTime();
        assertThat(guess(browser, email).status()).isEqualTo(401);
        return System.nanoTime() - before;
    }

    @Test
    void countsLoginsByOutcome() {
        String email = staff.user(new JsonObject()).getString("email");
        double ok = logins("ok");
        double wrong = logins("wrong");
        double throttled = logins("throttled");
        assertThat(from("192.0.2.1").tryLogin(email, TestUsers.PASSWORD).status())
                .isEqualTo(200);
        for (int i = 0; i < OF_ACCOUNT; i++) {
            assertThat(guess(from("192.0.2.1"), email).status()).isEqualTo(401);
        }
        assertThat(guess(from("192.0.2.1"), email).status()).isEqualTo(429);
        assertThat(logins("ok") - ok).isEqualTo(1);
        assertThat(logins("wrong") - wrong).isEqualTo(OF_ACCOUNT);
        assertThat(logins("throttled") - throttled).isEqualTo(1);
    }

    private static double logins(String outcome) {
        return brain.metric("ganglion_logins_total", "outcome", outcome);
    }

    @Test
    void throttlesAnAddressThatTriesManyAccounts() {
        String good = staff.user(new JsonObject()).getString("email");
        List<Integer> answers = IntStream.rangeClosed(0, OF_ADDRESS)
                .mapToObj(i ->
                        guess(from("192.0.2.7"), "guess" + i + "@example.org").status())
                .toList();
        assertThat(answers.subList(0, OF_ADDRESS)).containsOnly(401);
        assertThat(answers.get(OF_ADDRESS)).isEqualTo(429);
        assertThat(from("192.0.2.7").tryLogin(good, TestUsers.PASSWORD).status())
                .isEqualTo(429);
        assertThat(from("192.0.2.8").tryLogin(good, TestUsers.PASSWORD).status())
                .isEqualTo(200);
    }

    @Test
    void doesNotCountSuccessfulLogins() {
        String email = staff.user(new JsonObject()).getString("email");
        for (int i = 0; i < OF_ACCOUNT + 2; i++) {
            assertThat(from("192.0.2.1").tryLogin(email, TestUsers.PASSWORD).status())
                    .isEqualTo(200);
        }
        for (int i = 0; i < OF_ACCOUNT - 1; i++) {
            assertThat(guess(from("192.0.2.1"), email).status()).isEqualTo(401);
        }
        assertThat(from("192.0.2.1").tryLogin(email, TestUsers.PASSWORD).status())
                .isEqualTo(200);
        assertThat(guess(from("192.0.2.1"), email).status())
                .as("a login resets the count of the account")
                .isEqualTo(401);
    }

    @Test
    void throttlesConcurrentAttempts() {
        String email = staff.user(new JsonObject()).getString("email");
        List<Integer> answers = IntStream.range(0, 4 * OF_ACCOUNT)
                .parallel()
                .mapToObj(i -> guess(from("192.0.2." + i), email).status())
                .toList();
        assertThat(answers).containsOnly(401, 429);
        assertThat(answers.stream().filter(status -> status == 401)).hasSize(OF_ACCOUNT);
    }
}
