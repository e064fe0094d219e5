package dev.ganglion.upgrade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.http.Rest;
import dev.ganglion.testing.wire.WireAgent;
import dev.ganglion.testing.wire.WireFrames;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests that a brain of this version starts on the data of version 0.1, and that nothing of it is lost. */
@Timeout(60)
class UpgradeIT {
    private static final String VERSION = "version-0.1";
    private static final JsonObject FACTS = RecordedData.facts(VERSION);
    private static final String PROJECT = "/projects/" + FACTS.getString("project");

    // The recording grows older, but nothing in it shall exceed the retention.
    @RegisterExtension
    static final BrainExtension brain = new BrainExtension().with("events.retention-age", "3650d");

    @BeforeAll
    static void startOnTheDataOfVersion01() {
        brain.stop();
        brain.redis().flush();
        RecordedData.load(VERSION, brain.redis().uri());
        brain.start();
    }

    private static List<JsonObject> all(Rest rest, String path) {
        List<JsonObject> items = new ArrayList<>();
        String cursor = "";
        while (cursor != null) {
            JsonObject page = rest.get(path + "?limit=100" + (cursor.isEmpty() ? "" : "&cursor=" + cursor))
                    .expect(200);
            page.getJsonArray("items").forEach(item -> items.add((JsonObject) item));
            cursor = page.getString("next_cursor");
        }
        return items;
    }

    private static List<String> fields(List<JsonObject> items, String field) {
        return items.stream().map(item -> item.getString(field)).toList();
    }

    private static EnrolledAgent agent(String name) {
        JsonObject known = FACTS.getJsonObject("agents").getJsonObject(name);
        return new EnrolledAgent(
                brain,
                FACTS.getString("project"),
                known.getString("id"),
                known.getString("token"),
                known.getString("secret"));
    }

    @Test
    void raisesTheLayoutSoThatVersion01NoLongerStartsOnTheData() {
        assertThat(brain.redis().call("GET", RedisKeys.SCHEMA)).isEqualTo("3");
    }

    @Test
    void keepsEveryEvent() {
        List<String> known =
                FACTS.getJsonArray("events").stream().map(String::valueOf).toList();

        assertThat(fields(all(brain.rest(), PROJECT + "/events"), "id")).containsAll(known);
    }

    @Test
    void showsEveryTaskInItsState() {
        Map<String, Object> known = new TreeMap<>(FACTS.getJsonObject("tasks").getMap());

        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            Map<String, Object> found = new TreeMap<>();
            all(brain.rest(), PROJECT + "/tasks")
                    .forEach(task -> found.put(
                            task.getString("engine") + "|" + task.getString("task_id"), task.getString("state")));
            assertThat(found).containsAllEntriesOf(known);
        });
    }

    @Test
    void deletesTheProjectionsOfVersion01() {
        String shard = "{" + brain.rest().get(PROJECT).expect(200).getString("id") + "/0}:";

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(brain.redis()
                                .call("EXISTS", shard + "tasks", shard + "tasks:order", shard + "projection"))
                        .isEqualTo("0"));
    }

    @Test
    void keepsAgentsAndTheirConnections() {
        assertThat(fields(all(brain.rest(), PROJECT + "/agents"), "name"))
                .containsExactlyInAnyOrderElementsOf(
                        FACTS.getJsonObject("agents").fieldNames());
        assertThat(all(brain.rest(), agent("web").path() + "/journal")).isNotEmpty();
    }

    @Test
    void anAgentReportsWithItsOldToken() {
        EnrolledAgent web = agent("web");
        JsonObject event = WireFrames.event();

        try (WireAgent connected = web.connect("web-1")) {
            assertThat(connected.ingest(event).accepted()).isEqualTo(1);
        }

        assertThat(fields(web.events(), "id")).contains(event.getString("id"));
    }

    @Test
    void keepsCommandsAndTheirResults() {
        FACTS.getJsonObject("commands").forEach(known -> {
            String status = brain.rest()
                    .get(PROJECT + "/commands/" + known.getKey())
                    .expect(200)
                    .getString("status");
            if (known.getValue().equals("pending")) {
                assertThat(status).isIn("pending", "timeout"); // the recording is older than its deadline
            } else {
                assertThat(status).isEqualTo(known.getValue());
            }
        });
    }

    @Test
    void peopleLogInWithTheirPasswords() {
        FACTS.getJsonObject("users").forEach(known -> {
            JsonObject login = new JsonObject().put("email", known.getKey()).put("password", known.getValue());
            JsonObject user =
                    brain.rest("").post("/auth/login", login).expect(200).getJsonObject("user");
            assertThat(user.getString("email")).isEqualTo(known.getKey());
        });
    }

    @Test
    void anApiKeyKeepsItsRights() {
        Rest rest = brain.rest("Bearer " + FACTS.getString("api_key"));

        assertThat(rest.get(PROJECT).expect(200).getString("slug")).isEqualTo(FACTS.getString("project"));
        assertThat(rest.get("/users").status()).isEqualTo(403);
    }

    @Test
    void keepsTheAudit() {
        assertThat(all(brain.rest(), "/audit")).hasSizeGreaterThanOrEqualTo(FACTS.getInteger("audit"));
    }
}
