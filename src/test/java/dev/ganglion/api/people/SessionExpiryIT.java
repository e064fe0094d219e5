package dev.ganglion.api.people;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.people.Browser;
import dev.ganglion.testing.people.TestUsers;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SessionExpiryIT {
    private static final Duration IDLE = Duration.ofSeconds(4);
    private static final Duration TTL = Duration.ofSeconds(12);

    @RegisterExtension
    static final BrainExtension brain =
            new BrainExtension().with("auth.session-ttl", "12s").with("auth.session-idle", "4s");

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private final TestUsers staff = new TestUsers(brain);

    @Test
    void expiresAnIdleSession() {
        JsonObject user = staff.user(new JsonObject());
        Browser idle = staff.login(user);
        long begin = System.nanoTime();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> brain.redis().call("KEYS", "{ganglion}:session:*").isEmpty());
        assertThat(idle.get("/auth/me").status()).isEqualTo(401);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(IDLE.minusSeconds(1));
    }

    @Test
    void keepsAUsedSessionBeyondTheIdleLimitUpToItsLifetime() {
        Browser used = staff.login(staff.user(new JsonObject()));
        long begin = System.nanoTime();
        await().pollInterval(Duration.ofMillis(300))
                .atMost(Duration.ofSeconds(60))
                .until(() -> used.get("/auth/me").status() == 401);
        Duration lasted = Duration.ofNanos(System.nanoTime() - begin);
        assertThat(lasted).isBetween(TTL.minusSeconds(2), TTL.plusSeconds(40));
    }

    /** The times of a session record apply, independently of Redis key expiry. */
    @Test
    void rejectsAnExpiredSessionWhoseRecordStillExists() {
        Browser browser = staff.login(staff.user(new JsonObject()));
        String key = brain.redis().call("KEYS", "{ganglion}:session:*").split("\n", -1)[0];
        brain.redis().call("PERSIST", key);
        brain.redis().call("HSET", key, "expires_at", "1000");
        assertThat(browser.get("/auth/me").status()).isEqualTo(401);
        brain.redis().call("DEL", key);
    }
}
