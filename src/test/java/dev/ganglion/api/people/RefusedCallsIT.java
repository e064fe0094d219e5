package dev.ganglion.api.people;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.http.Rest;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.people.Browser;
import dev.ganglion.testing.people.TestUsers;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests that refused calls are counted per caller, and that no number of them pushes out a record of a change. */
class RefusedCallsIT {
    @RegisterExtension
    static final BrainExtension brain =
            new BrainExtension().with("audit.max-records", "1000").with("http.trusted-proxies", "127.0.0.1");

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private final TestUsers staff = new TestUsers(brain);

    private static List<JsonObject> audit(String path) {
        List<JsonObject> all = new ArrayList<>();
        String cursor = "";
        while (cursor != null) {
            JsonObject page = brain.rest()
                    .get(path + "?limit=7" + (cursor.isEmpty() ? "" : "&cursor=" + cursor))
                    .expect(200);
            page.getJsonArray("items").forEach(each -> all.add((JsonObject) each));
            cursor = page.getString("next_cursor");
        }
        return all;
    }

    private static JsonObject only(String actorId, String action, String outcome) {
        List<JsonObject> found = audit("/audit").stream()
                .filter(each -> actorId.equals(each.getString("actor_id")))
                .filter(each -> each.getString("action").equals(action))
                .filter(each -> each.getString("outcome").equals(outcome))
                .toList();
        assertThat(found).as(action + " " + outcome).hasSize(1);
        return found.get(0);
    }

    @Test
    void refusedWritesOfAViewerDoNotPushOutTheRecordOfAnAdminKey() {
        String slug = brain.project();
        JsonObject admin = staff.key("admin", new JsonObject());
        JsonObject viewer = staff.key("viewer", new JsonObject().put("project", slug));
        Rest rest = brain.rest("Bearer " + viewer.getString("key"));
        Instant before = Instant.now().minusMillis(2);
        IntStream.range(0, 1_600).parallel().forEach(i -> {
            JsonObject body = new JsonObject().put("name", "a" + i);
            assertThat(rest.post("/projects/" + slug + "/agents", body).status())
                    .isEqualTo(403);
        });
        IntStream.range(0, 40).parallel().forEach(i -> {
            rest.delete("/auth/sessions/none-" + i).expect(404);
            rest.call("POST", "/api/v1/auth/password", "{\"surprise\":" + i + "}")
                    .expect(422);
            rest.post("/auth/logout", new JsonObject()).expect(204);
        });

        JsonObject forbidden = only(viewer.getString("id"), "createAgent", "forbidden");
        assertThat(forbidden.getLong("count")).isEqualTo(1_600);
        assertThat(forbidden.getValue("seq")).isNull();
        assertThat(Instant.parse(forbidden.getString("first_time"))).isAfter(before);
        assertThat(Instant.parse(forbidden.getString("time")))
                .isAfterOrEqualTo(Instant.parse(forbidden.getString("first_time")));
        assertThat(only(viewer.getString("id"), "revokeSession", "not_found").getLong("count"))
                .isEqualTo(40);
        assertThat(only(viewer.getString("id"), "changePassword", "validation_failed")
                        .getLong("count"))
                .isEqualTo(40);
        assertThat(only(viewer.getString("id"), "logout", "ok").getLong("count"))
                .as("logouts of a key, which has no login")
                .isEqualTo(40);
        assertThat(audit("/audit")).anySatisfy(each -> {
            assertThat(each.getString("action")).isEqualTo("createApiKey");
            assertThat(each.getString("subject")).isEqualTo(admin.getString("id"));
            assertThat(each.getLong("count")).isEqualTo(1);
        });
        assertThat(brain.redis().call("HLEN", "{ganglion}:audit:open")).isEqualTo("0");
    }

    @Test
    void strangersAreCountedByAddressAndPushOutNobody() {
        JsonObject viewer = staff.key("viewer", new JsonObject());
        brain.rest("Bearer " + viewer.getString("key"))
                .post("/projects", new JsonObject().put("slug", "aa").put("name", "A"))
                .expect(403);
        for (int i = 0; i < 5; i++) {
            Browser.at(brain.port())
                    .with("X-Forwarded-For", "2001:db8::" + i)
                    .tryLogin("somebody-" + i + "@example.org", "not a password")
                    .expect(401);
            brain.rest("Bearer z4k_wrong").post("/projects", new JsonObject()).expect(401);
        }
        List<JsonObject> logins = audit("/audit").stream()
                .filter(each -> each.getString("action").equals("login"))
                .toList();
        assertThat(logins).hasSize(1);
        assertThat(logins.get(0).getLong("count")).isEqualTo(5);
        assertThat(logins.get(0).getString("actor")).isEqualTo("somebody-4@example.org");
        Awaitility.await()
                .untilAsserted(() -> assertThat(audit("/audit")).anySatisfy(each -> {
                    assertThat(each.getString("action")).isEqualTo("createProject");
                    assertThat(each.getString("outcome")).isEqualTo("unauthorized");
                    assertThat(each.getLong("count")).isEqualTo(5);
                }));
        assertThat(only(viewer.getString("id"), "createProject", "forbidden").getLong("count"))
                .isEqualTo(1);
    }

    @Test
    void pagesListRecordsAndRefusedCallsOnceNewestFirst() {
        for (int i = 0; i < 30; i++) {
            String slug = brain.project();
            Rest viewer = staff.rest(slug, "viewer");
            viewer.delete("/projects/" + slug).expect(403);
        }
        List<JsonObject> all = audit("/audit");
        assertThat(all.stream().map(each -> each.getString("id"))).doesNotHaveDuplicates();
        assertThat(all.stream().filter(each -> each.getString("action").equals("deleteProject")))
                .hasSize(30);
        assertThat(all.stream().filter(each -> each.getValue("seq") != null).map(each -> each.getLong("seq")))
                .isSortedAccordingTo((one, other) -> Long.compare(other, one));
        for (int i = 1; i < all.size(); i++) {
            assertThat(Instant.parse(all.get(i).getString("time")))
                    .isBeforeOrEqualTo(
                            Instant.parse(all.get(i - 1).getString("time")).plusMillis(50));
        }
    }
}
