package dev.ganglion.api.people;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ganglion.auth.TokenHash;
import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.http.Rest;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.people.TestUsers;
import dev.ganglion.testing.wire.WireSocket;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiKeysIT {
    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private final TestUsers staff = new TestUsers(brain);

    private static Rest by(JsonObject key) {
        return brain.rest("Bearer " + key.getString("key"));
    }

    private static JsonObject listed(String id) {
        return brain.rest().get("/api-keys?limit=500").expect(200).getJsonArray("items").stream()
                .map(JsonObject.class::cast)
                .filter(key -> key.getString("id").equals(id))
                .findAny()
                .orElse(new JsonObject());
    }

    @Test
    void showsAKeyOnceAndStoresItsHash() {
        JsonObject key = staff.key("viewer", new JsonObject());
        String text = key.getString("key");
        assertThat(text).matches("z4k_[A-Za-z0-9_-]{43}");
        assertThat(key.getString("prefix")).isEqualTo(text.substring(0, 12));
        assertThat(by(key).get("/projects").status()).isEqualTo(200);

        JsonObject shown = listed(key.getString("id"));
        assertThat(shown.containsKey("key")).isFalse();
        assertThat(shown.getString("name")).isEqualTo(key.getString("name"));
        String stored = StoredData.in(brain.redis());
        assertThat(stored).contains(TokenHash.of(text)).doesNotContain(text.substring(12));
    }

    @Test
    void restrictsAKeyToItsProject() {
        String slug = brain.project();
        String other = brain.project();
        JsonObject key = staff.key("admin", new JsonObject().put("project", slug));
        assertThat(key.getString("project")).isEqualTo(slug);
        Rest rest = by(key);
        assertThat(rest.get("/projects/" + slug).status()).isEqualTo(200);
        assertThat(rest.get("/projects/" + other).status()).isEqualTo(404);
        assertThat(rest.get("/users").status()).isEqualTo(403);
        assertThat(rest.post("/api-keys", new JsonObject().put("name", "n").put("role", "admin"))
                        .status())
                .as("a key cannot create a more powerful key")
                .isEqualTo(403);
    }

    @Test
    void rejectsAnExpiredKeyAndStillListsIt() {
        Instant end = Instant.now().plusSeconds(3).truncatedTo(ChronoUnit.MILLIS);
        JsonObject key = staff.key("viewer", new JsonObject().put("expires_at", end.toString()));
        assertThat(key.getString("expires_at")).isEqualTo(end.toString());
        await().atMost(WireSocket.PATIENCE).until(() -> by(key).get("/projects").status() == 401);
        assertThat(Instant.now()).isAfterOrEqualTo(end.minusMillis(500));
        assertThat(listed(key.getString("id")).getString("expires_at")).isEqualTo(end.toString());
    }

    @Test
    void acceptsAKeyBeforeItExpires() {
        JsonObject key = staff.key(
                "viewer",
                new JsonObject()
                        .put("expires_at", Instant.now().plusSeconds(3600).toString()));
        assertThat(by(key).get("/projects").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "expires_at, 2020-01-01T00:00:00Z",
        "expires_at, tomorrow",
        "role, owner",
        "project, no-such-project",
        "name, ''"
    })
    void rejectsAnInvalidKeyAndNamesTheField(String field, String value) {
        JsonObject body =
                new JsonObject().put("name", "n").put("role", "viewer").put(field, value);
        Rest.Response answer = brain.rest().post("/api-keys", body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(422);
        assertThat(answer.field()).as(answer.text()).isEqualTo(field);
    }

    @Test
    void rejectsADeletedKeyAtOnce() {
        JsonObject key = staff.key("viewer", new JsonObject());
        String path = "/api-keys/" + key.getString("id");
        brain.rest().delete(path).expect(204);
        assertThat(by(key).get("/projects").status()).isEqualTo(401);
        assertThat(brain.rest().delete(path).status()).isEqualTo(404);
        assertThat(listed(key.getString("id"))).isEmpty();
    }

    @Test
    void updatesTheLastUseOnceAMinute() {
        JsonObject key = staff.key("viewer", new JsonObject());
        String id = key.getString("id");
        assertThat(listed(id).getString("last_used_at")).isNull();
        by(key).get("/projects").expect(200);
        String first = listed(id).getString("last_used_at");
        assertThat(Instant.parse(first)).isCloseTo(Instant.now(), Assertions.within(1, ChronoUnit.MINUTES));
        by(key).get("/projects").expect(200);
        assertThat(listed(id).getString("last_used_at")).isEqualTo(first);

        String record = "{ganglion}:api-key:" + TokenHash.of(key.getString("key"));
        long longAgo = Instant.now().minusSeconds(61).toEpochMilli();
        brain.redis().call("HSET", record, "last_used_at", Long.toString(longAgo));
        by(key).get("/projects").expect(200);
        assertThat(Instant.parse(listed(id).getString("last_used_at")).toEpochMilli())
                .isGreaterThan(longAgo);
    }

    @Test
    void recordsTheIssuerOfACommand() {
        EnrolledAgent agent = brain.agent();
        JsonObject key = staff.key("operator", new JsonObject().put("project", agent.slug()));
        JsonObject body = new JsonObject().put("agent_id", agent.id()).put("worker_name", "w");
        String path = "/projects/" + agent.slug() + "/commands/restart-worker";
        assertThat(by(key).post(path, body).expect(202).getString("issued_by")).isEqualTo(key.getString("name"));
        JsonObject user = staff.user(agent.slug(), "operator");
        assertThat(staff.login(user).post(path, body).expect(202).getString("issued_by"))
                .isEqualTo(user.getString("email"));
        assertThat(brain.rest().post(path, body).expect(202).getString("issued_by"))
                .isEqualTo("admin-key");
    }
}
