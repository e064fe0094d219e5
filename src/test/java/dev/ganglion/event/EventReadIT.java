package dev.ganglion.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.wire.WireAgent;
import dev.ganglion.testing.wire.WireFrames;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests how REST lists stored events: pages, filters and times. */
class EventReadIT {
    private static final List<String> OLDEST_FIRST = new ArrayList<>();

    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    private static EnrolledAgent enrolled;

    @RegisterExtension
    final QuietLog log = new QuietLog();

    @BeforeAll
    static void ingestThreeBatches() {
        enrolled = brain.agent();
        try (WireAgent agent = enrolled.connect()) {
            agent.ingest(event("1", "celery", "task.sent", 1), event("2", "rq", "task.sent", 2));
            agent.ingest(
                    event("3", "celery", "task.failed", 3),
                    event("4", "celery", "task.odd", 4),
                    event("5", "rq", "task.failed", 5));
            agent.ingest(event("6", "celery", "task.sent", 6));
        }
    }

    private static JsonObject event(String task, String engine, String kind, int minute) {
        OLDEST_FIRST.add(task);
        return new JsonObject()
                .put("engine", engine)
                .put("kind", kind)
                .put("task_id", task)
                .put("occurred_at", "2026-01-01T12:0" + minute + ":00+02:00")
                .put("data", new JsonObject().put("n", minute));
    }

    private static List<String> tasks(String query) {
        return enrolled.events(query).stream()
                .map(event -> event.getString("task_id"))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 500})
    void listsAllEventsNewestFirstOnPagesOfAnySize(int limit) {
        List<String> newestFirst = new ArrayList<>(OLDEST_FIRST);
        Collections.reverse(newestFirst);
        assertThat(tasks("limit=" + limit)).isEqualTo(newestFirst);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "engine=rq | 5 2",
                "engine=celery&limit=2 | 6 4 3 1",
                "kind=task.sent&limit=1 | 6 2 1",
                "kind=unknown | 4",
                "kind=task.odd | ''",
                "task_id=3 | 3",
                "task_id=33 | ''",
                "engine=celery&kind=task.failed | 3",
                "since=2026-01-01T10:04:00Z | 6 5 4",
                "until=2026-01-01T10:03:00Z&limit=1 | 2 1",
                "since=2026-01-01T10:02:00Z&until=2026-01-01T10:05:00Z | 4 3 2",
                "since=2026-01-01T12:06:00%2B02:00 | 6",
                "since=2027-01-01T00:00:00Z | ''",
            })
    void filtersEvents(String query, String expected) {
        assertThat(String.join(" ", tasks(query))).isEqualTo(expected);
    }

    @Test
    void showsAnEventAsTheAgentSentIt() {
        JsonObject shown = enrolled.events("task_id=4").get(0);
        assertThat(shown.fieldNames())
                .containsExactlyInAnyOrder(
                        "id", "agent_id", "engine", "task_id", "kind", "occurred_at", "received_at", "data");
        assertThat(shown.getString("agent_id")).isEqualTo(enrolled.id());
        assertThat(shown.getString("occurred_at")).isEqualTo("2026-01-01T10:04:00Z");
        assertThat(shown.getString("kind")).isEqualTo("unknown");
        assertThat(shown.getJsonObject("data")).isEqualTo(new JsonObject().put("n", 4));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.5", "-1", "100%", "a+b", "a b", "a\"b", "a\\b", "null", "true", "{}", "[1]", "é😀", "\"q\"", "%41"
            })
    void findsEventsByAnyTaskId(String taskId) {
        EnrolledAgent other = brain.agent();
        try (WireAgent agent = other.connect()) {
            agent.ingest(WireFrames.eventWith("task_id", taskId), WireFrames.event());
        }
        String query = "task_id=" + URLEncoder.encode(taskId, StandardCharsets.UTF_8);
        assertThat(other.events(query))
                .singleElement()
                .satisfies(event -> assertThat(event.getString("task_id")).isEqualTo(taskId));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-01T12:00:00.120000Z, 2026-01-01T12:00:00.120000Z",
        "2026-01-01T12:00:00.123456+00:00, 2026-01-01T12:00:00.123456Z",
        "2026-01-01 12:00:00-01:30, 2026-01-01T13:30:00Z",
        "2026-01-01T12:00:00z, 2026-01-01T12:00:00Z",
        "2026-01-01T12:00Z, 2026-01-01T12:00:00Z",
        "'2026-01-01T12:00:00,5Z', 2026-01-01T12:00:00.500Z",
    })
    void showsTimesInUtc(String sent, String shown) {
        EnrolledAgent other = brain.agent();
        try (WireAgent agent = other.connect()) {
            agent.ingest(WireFrames.eventWith("occurred_at", sent));
        }
        assertThat(other.events())
                .singleElement()
                .satisfies(event -> assertThat(event.getString("occurred_at")).isEqualTo(shown));
    }

    @Test
    void hidesEventsFromOtherProjects() {
        assertThat(brain.agent().events()).isEmpty();
    }

    @Test
    void readsALargeBatchThatIsStoredSeparately() {
        EnrolledAgent other = brain.agent();
        JsonObject data = new JsonObject().put("text", "é😀\u2028".repeat(3000)).put("list", new JsonArray().addNull());
        try (WireAgent agent = other.connect()) {
            agent.ingest(WireFrames.eventWith("data", data), WireFrames.eventWith("data", data));
        }
        assertThat(other.events("limit=1"))
                .hasSize(2)
                .allSatisfy(event -> assertThat(event.getJsonObject("data")).isEqualTo(data));
    }

    @ParameterizedTest
    @CsvSource({
        "limit=0, limit",
        "limit=501, limit",
        "limit=x, limit",
        "limit=-1, limit",
        "limit=1.5, limit",
        "cursor=nonsense, cursor",
        "cursor=ZTo5, cursor",
        "since=yesterday, since",
        "until=2026-01-01T00:00:00, until",
    })
    void namesTheFieldOfAnInvalidQuery(String query, String field) {
        var answer = brain.rest().get("/projects/" + enrolled.slug() + "/events?" + query);
        assertThat(answer.status()).as(answer.text()).isIn(400, 422);
        assertThat(answer.field()).isEqualTo(field);
    }
}
