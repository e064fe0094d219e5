package dev.ganglion.availability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.brain.FurtherBrain;
import dev.ganglion.testing.http.Rest;
import dev.ganglion.testing.people.Browser;
import dev.ganglion.testing.people.TestUsers;
import dev.ganglion.testing.wire.WireAgent;
import dev.ganglion.testing.wire.WireFrames;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests what an operator can still do while the memory limit of Redis is reached. */
@Timeout(60)
class FullRedisIT {
    private static final int BATCHES = 48;
    private static final int BYTES = 60_000;

    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    private final TestUsers users = new TestUsers(brain);

    @AfterEach
    void free() {
        limit("0");
    }

    private static void limit(String maxmemory) {
        brain.redis().call("CONFIG", "SET", "maxmemory", maxmemory);
    }

    /** A text that stays as large as it is when its batch is compressed. */
    private static String incompressible() {
        byte[] bytes = new byte[BYTES];
        ThreadLocalRandom.current().nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes).substring(0, BYTES);
    }

    private static void assertRecorded(String action, String target) {
        JsonObject page = brain.rest().get("/audit?limit=50").expect(200);
        assertThat(page.getJsonArray("items").stream().map(JsonObject.class::cast))
                .anySatisfy(record -> {
                    assertThat(record.getString("action")).isEqualTo(action);
                    assertThat(record.getString("target")).isEqualTo(target);
                    assertThat(record.getString("outcome")).isEqualTo("ok");
                });
    }

    @Test
    void deletesAndRecordsTheDeletion() {
        EnrolledAgent agent = brain.agent();
        JsonObject user = users.user(new JsonObject());
        JsonObject key = users.key("viewer", new JsonObject());
        limit("1");

        assertThat(brain.rest().delete(agent.path()).status()).isEqualTo(204);
        assertThat(brain.rest().delete("/projects/" + agent.slug()).status()).isEqualTo(204);
        assertThat(brain.rest().delete("/users/" + user.getString("id")).status())
                .isEqualTo(204);
        assertThat(brain.rest()
                        .delete("/api-keys/" + key.getJsonObject("api_key", key).getString("id"))
                        .status())
                .isEqualTo(204);

        assertRecorded("revokeAgent", agent.path());
        assertRecorded("deleteProject", "/projects/" + agent.slug());
        assertRecorded("deleteUser", "/users/" + user.getString("id"));
    }

    @Test
    void letsUsersLogInReadAndLogOut() {
        JsonObject user = users.user(new JsonObject());
        limit("1");

        Browser browser = users.login(user);

        assertThat(browser.get("/auth/me").status()).isEqualTo(200);
        assertThat(brain.rest().get("/projects").status()).isEqualTo(200);
    }

    @Test
    void refusesWhatNeedsMemoryWithTheReason() {
        String slug = brain.project();
        limit("1");

        Rest.Response refused = brain.rest().post("/projects/" + slug + "/agents", new JsonObject().put("name", "a"));

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.text()).contains("OOM").contains("maxmemory");
        assertThat(refused.json().getJsonObject("details").getBoolean("may_have_happened"))
                .isFalse();
        await().atMost(Duration.ofSeconds(3))
                .untilAsserted(() -> assertThat(Rest.at(brain.port(), "")
                                .call("GET", "/readyz", null)
                                .text())
                        .contains("OOM"));
    }

    @Test
    void startsWithLowerLimitsAndTrims() {
        EnrolledAgent agent = brain.agent();
        try (WireAgent session = agent.connect()) {
            for (int i = 0; i < BATCHES; i++) {
                session.ingest(WireFrames.event()
                        .put("data", new JsonObject().put("task_id", "x").put("args", incompressible())));
            }
        }
        limit("1");

        FurtherBrain other =
                FurtherBrain.start(brain.redis().uri().connectionString().value(), "events.retention-bytes", "1MiB");

        try {
            await().atMost(Duration.ofSeconds(10)).until(() -> agent.events().size() < BATCHES / 2);
        } finally {
            other.close();
        }
    }
}
