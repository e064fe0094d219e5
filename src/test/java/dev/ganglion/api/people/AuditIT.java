package dev.ganglion.api.people;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.http.Rest;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.people.Browser;
import dev.ganglion.testing.people.TestUsers;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AuditIT {
    @RegisterExtension
    static final BrainExtension brain = new BrainExtension().with("http.trusted-proxies", "127.0.0.1");

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private final TestUsers staff = new TestUsers(brain);

    private static List<JsonObject> newest(int count) {
        return brain.rest().get("/audit?limit=" + count).expect(200).getJsonArray("items").stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    private static JsonObject last() {
        return newest(1).get(0);
    }

    @Test
    void recordsActorActionTargetAndOutcomeOfAChange() {
        String slug = brain.project();
        JsonObject user = staff.user(slug, "admin");
        Browser browser = staff.login(user).with("X-Forwarded-For", "192.0.2.5");
        Rest.Response made = browser.post("/projects/" + slug + "/agents", new JsonObject().put("name", "a"));
        JsonObject record = last();

        assertThat(record.getString("actor")).isEqualTo(user.getString("email"));
        assertThat(record.getString("actor_kind")).isEqualTo("user");
        assertThat(record.getString("actor_id")).isEqualTo(user.getString("id"));
        assertThat(record.getString("action")).isEqualTo("createAgent");
        assertThat(record.getString("target")).isEqualTo("/projects/" + slug + "/agents");
        assertThat(record.getString("subject"))
                .isEqualTo(made.expect(201).getJsonObject("agent").getString("id"));
        assertThat(record.getString("project")).isEqualTo(slug);
        assertThat(record.getString("outcome")).isEqualTo("ok");
        assertThat(record.getString("remote_address")).isEqualTo("192.0.2.5");
        assertThat(record.getString("request_id"))
                .isEqualTo(made.header("X-Request-Id").orElseThrow());
        assertThat(record.getString("node"))
                .isEqualTo(brain.rest()
                        .get("/cluster")
                        .expect(200)
                        .getJsonArray("nodes")
                        .getJsonObject(0)
                        .getString("id"));
        assertThat(Instant.parse(record.getString("time")))
                .isCloseTo(Instant.now(), Assertions.within(1, ChronoUnit.MINUTES));
        assertThat(newest(50).toString()).doesNotContain(TestUsers.PASSWORD).doesNotContain("z4j_agent_");
    }

    @Test
    void recordsACommand() {
        EnrolledAgent agent = brain.agent();
        JsonObject body = new JsonObject().put("agent_id", agent.id()).put("worker_name", "w");
        JsonObject command = brain.rest()
                .post("/projects/" + agent.slug() + "/commands/restart-worker", body)
                .expect(202);
        assertThat(last().getString("action")).isEqualTo("issue:restart-worker");
        assertThat(last().getString("subject")).isEqualTo(command.getString("id"));
        assertThat(last().getString("actor")).isEqualTo("admin-key");
    }

    @Test
    void recordsFailedAndForbiddenChanges() {
        String slug = brain.project();
        brain.rest()
                .post("/projects", new JsonObject().put("slug", slug).put("name", "P"))
                .expect(409);
        assertThat(last().getString("outcome")).isEqualTo("conflict");

        Rest viewer = staff.rest(slug, "viewer");
        assertThat(viewer.post("/projects/" + slug + "/agents", new JsonObject().put("name", "a"))
                        .status())
                .isEqualTo(403);
        JsonObject refused = last();
        assertThat(refused.getString("outcome")).isEqualTo("forbidden");
        assertThat(refused.getString("action")).isEqualTo("createAgent");
        assertThat(refused.getString("target")).isEqualTo("/projects/" + slug + "/agents");

        Browser browser = staff.login(staff.user(slug, "admin"));
        browser.with("X-CSRF-Token", "no")
                .post("/projects/" + slug + "/agents", new JsonObject())
                .expect(403);
        assertThat(last().getString("outcome")).isEqualTo("csrf_failed");
    }

    @Test
    void recordsLoginsAndFailedLoginsByTheGivenEmail() {
        JsonObject user = staff.user(new JsonObject());
        staff.login(user);
        assertThat(last().getString("action")).isEqualTo("login");
        assertThat(last().getString("outcome")).isEqualTo("ok");
        assertThat(last().getString("actor")).isEqualTo(user.getString("email"));

        Browser.at(brain.port())
                .tryLogin("nobody@example.org", "not a password")
                .expect(401);
        assertThat(last().getString("outcome")).isEqualTo("unauthorized");
        assertThat(last().getString("actor")).isEqualTo("nobody@example.org");
        assertThat(last().getString("actor_kind")).isEqualTo("anonymous");
    }

    @Test
    void doesNotRecordReads() {
        String unused = brain.project();
        String id = last().getString("id");
        brain.rest().get("/projects").expect(200);
        brain.rest().get("/projects/no-such").expect(404);
        assertThat(last().getString("id")).isEqualTo(id);
    }

    @Test
    void limitsTheAuditOfAProjectToThatProject() {
        String mine = brain.project();
        String other = brain.project();
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            made.add(0, brain.agent(mine, new JsonObject()).id());
            EnrolledAgent unused = brain.agent(other, new JsonObject());
        }
        Rest admin = staff.rest(mine, "admin");
        List<String> listed = new ArrayList<>();
        String cursor = "";
        while (cursor != null) {
            JsonObject page = admin.get(
                            "/projects/" + mine + "/audit?limit=2" + (cursor.isEmpty() ? "" : "&cursor=" + cursor))
                    .expect(200);
            page.getJsonArray("items").forEach(each -> {
                assertThat(((JsonObject) each).getString("project")).isEqualTo(mine);
                listed.add(((JsonObject) each).getString("subject"));
            });
            cursor = page.getString("next_cursor");
        }
        assertThat(listed).containsExactlyElementsOf(made);
    }

    @Test
    void listsTheAuditInPagesNewestFirst() {
        for (int i = 0; i < 4; i++) {
            String unused = brain.project();
        }
        long top = last().getLong("seq"); // a created project
        List<Long> seqs = new ArrayList<>();
        String cursor = "";
        while (cursor != null) {
            JsonObject page = brain.rest()
                    .get("/audit?limit=3" + (cursor.isEmpty() ? "" : "&cursor=" + cursor))
                    .expect(200);
            page.getJsonArray("items").stream()
                    .map(each -> ((JsonObject) each).getLong("seq"))
                    .filter(Objects::nonNull)
                    .forEach(seqs::add);
            cursor = page.getString("next_cursor");
        }
        assertThat(seqs).hasSize((int) top);
        for (int i = 0; i < seqs.size(); i++) {
            assertThat(seqs.get(i)).isEqualTo(top - i);
        }
    }

    /** The audit must register a change before it is made. If that fails, nothing changes. */
    @Test
    void makesNoChangeThatCannotBeRegistered() {
        String slug = brain.uniqueName("unregistered");
        double before = brain.metric("ganglion_audit_failures_total", "step", "begin");
        brain.redis().call("SET", "{ganglion}:audit:open", "not a hash");
        try {
            Rest.Response answer = brain.rest()
                    .post("/projects", new JsonObject().put("slug", slug).put("name", "P"));
            assertThat(answer.status()).isEqualTo(503);
        } finally {
            brain.redis().call("DEL", "{ganglion}:audit:open");
        }
        assertThat(brain.rest().get("/projects/" + slug).status()).isEqualTo(404);
        assertThat(brain.metric("ganglion_audit_failures_total", "step", "begin") - before)
                .isEqualTo(1);
    }

    /** While Redis refuses every call, the error response must not claim that the change may have been made. */
    @Test
    void namesTheReasonIfAChangeCanNeitherBeRegisteredNorRecorded() {
        String unused = brain.project();
        brain.redis().call("SET", "{ganglion}:audit:open", "not a hash");
        brain.redis().call("RENAME", "{ganglion}:audit", "{ganglion}:kept");
        brain.redis().call("SET", "{ganglion}:audit", "not a stream");
        try {
            Rest.Response answer = brain.rest()
                    .post(
                            "/projects",
                            new JsonObject()
                                    .put("slug", brain.uniqueName("refused"))
                                    .put("name", "P"));
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.json().getJsonObject("details").getBoolean("may_have_happened"))
                    .isFalse();
            assertThat(answer.json().getString("message")).contains("WRONGTYPE").doesNotContain("may have been made");
        } finally {
            brain.redis().call("RENAME", "{ganglion}:kept", "{ganglion}:audit");
            brain.redis().call("DEL", "{ganglion}:audit:open");
        }
    }

    /**
     * The change may have been made before its record failed. The error response reports this, and the registration
     * remains.
     */
    @Test
    void reportsNoSuccessForAChangeThatCannotBeRecorded() {
        String unused = brain.project();
        String slug = brain.uniqueName("unrecorded");
        double wrong = logins("wrong");
        double failed = logins("failed");
        brain.redis().call("RENAME", "{ganglion}:audit", "{ganglion}:kept");
        brain.redis().call("SET", "{ganglion}:audit", "not a stream");
        try {
            Rest.Response answer = brain.rest()
                    .post("/projects", new JsonObject().put("slug", slug).put("name", "P"));
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.json().getString("message")).contains("audit");
            assertThat(brain.redis().call("HVALS", "{ganglion}:audit:open")).contains("\"action\":\"createProject\"");
            brain.redis().call("DEL", "{ganglion}:audit:refused");
            brain.redis().call("SET", "{ganglion}:audit:refused", "not a hash");
            Browser.at(brain.port())
                    .tryLogin("nobody@example.org", "not a password")
                    .expect(503);
        } finally {
            brain.redis().call("RENAME", "{ganglion}:kept", "{ganglion}:audit");
            brain.redis().call("DEL", "{ganglion}:audit:refused");
            brain.redis().call("DEL", "{ganglion}:audit:open");
        }
        assertThat(brain.rest().get("/projects/" + slug).status()).isEqualTo(200);
        assertThat(logins("failed") - failed).isEqualTo(1);
        assertThat(logins("wrong")).isEqualTo(wrong);
    }

    private static double logins(String outcome) {
        return brain.metric("ganglion_logins_total", "outcome", outcome);
    }
}
