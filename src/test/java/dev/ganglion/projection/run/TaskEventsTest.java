package dev.ganglion.projection.run;

import static dev.ganglion.event.Events.RECEIVED;
import static dev.ganglion.event.Events.event;
import static dev.ganglion.event.Events.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.projection.task.SubjectKey;
import dev.ganglion.projection.task.TaskState;
import dev.ganglion.protocol.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Tests the view of stored events. */
class TaskEventsTest {
    private static TaskEvents events(JsonObject... events) {
        Json array = Json.parse(new JsonArray(new ArrayList<>(List.of(events))).encode());
        long received = RECEIVED.toEpochMilli();
        return new TaskEvents(array, new TaskEvents.Source(2, received + "-5", received, "agent", "w"), new TextPool());
    }

    private static TaskEvent only(JsonObject event) {
        return Objects.requireNonNull(events(event).next());
    }

    @Test
    void readsEachEventOfABatch() {
        JsonObject first = with(event("t", "task.started", 1_000), "queue", "mail");
        JsonObject second = event("u", "task.odd", 500).putNull("data");
        TaskEvents events = events(first, second);
        TaskEvent one = Objects.requireNonNull(events.next());
        TaskEvent other = Objects.requireNonNull(events.next());

        assertThat(events.next()).isNull();
        assertThat(events.next()).isNull();
        assertThat(one.id()).isEqualTo(first.getString("id"));
        assertThat(one.task()).isEqualTo(new SubjectKey("celery", "t"));
        assertThat(one.kind()).isEqualTo("task.started");
        assertThat(one.state()).isEqualTo(TaskState.STARTED);
        assertThat(one.micros()).isEqualTo((RECEIVED.toEpochMilli() - 1_000) * 1_000);
        assertThat(one.isClamped()).isFalse();
        assertThat(one.agentId()).isEqualTo("agent");
        assertThat(one.shard()).isEqualTo(2);
        assertThat(one.entry()).isEqualTo(RECEIVED.toEpochMilli() + "-5");
        assertThat(other.index()).isEqualTo(1);
        assertThat(other.kind()).isEqualTo("unknown");
        assertThat(other.queue()).isNull();
        assertThat(one.queue()).isEqualTo("mail"); // after the other event was read
        assertThat(one.data()).isEqualTo(first.getJsonObject("data"));
        assertThat(other.data()).isEqualTo(new JsonObject());
    }

    @Test
    void readsAnEmptyBatch() {
        assertThat(events().next()).isNull();
    }

    @Test
    void skipsTheEventsThatAreProjected() {
        TaskEvents events = events(event("a", "task.sent", 0), event("b", "task.sent", 0), event("c", "task.sent", 0));
        events.skipTo(2);

        assertThat(Objects.requireNonNull(events.next()).taskId()).isEqualTo("c");
        events.skipTo(9);
        assertThat(events.next()).isNull();
    }

    @Test
    void tellsWhichEventsAreAboutATask() {
        assertThat(only(event("t", "task.sent", 0)).isAboutTask()).isTrue();
        assertThat(only(event("t", "odd", 0)).isAboutTask()).isTrue();
        assertThat(only(event("t", "worker.online", 0)).isAboutTask()).isFalse();
        assertThat(only(event("", "task.sent", 0)).isAboutTask()).isFalse();
        assertThat(only(event("", "task.sent", 0)).taskId()).isNull();
        assertThat(only(event("t", "task.sent", 0).putNull("task_id")).isAboutTask())
                .isFalse();
    }

    @Test
    void namesTheWorkerOfAProcessThatExits() {
        JsonObject offline = with(event("", "worker.offline", 0), "worker_name", "huey-1");

        assertThat(only(offline).worker()).isEqualTo("huey-1");
        assertThat(only(with(offline, "hostname", "h")).worker()).isEqualTo("h");
        assertThat(only(with(offline, "worker", "w")).worker()).isEqualTo("w");
        assertThat(only(with(offline, "worker", "")).worker()).isEqualTo("h");
    }

    @Test
    void findsTheFirstNonEmptyText() {
        TaskEvent event = only(with(with(with(event("", "queue.depth_report", 0), "a", ""), "b", 7), "c", "x"));

        assertThat(event.text("a", "b", "c")).isEqualTo("x");
        assertThat(event.text("a", "b", "d")).isNull();
    }

    @Test
    void ignoresDataThatNoLibraryCanParse() {
        String text = event("t", "task.failed", 0)
                .encode()
                .replace("\"data\":{}", "\"data\":{\"n\":" + "9".repeat(4_000) + "}");
        TaskEvents.Source source = new TaskEvents.Source(0, "1-0", RECEIVED.toEpochMilli(), "agent", "w");
        TaskEvent event =
                Objects.requireNonNull(new TaskEvents(Json.parse("[" + text + "]"), source, new TextPool()).next());

        assertThat(event.data()).isEqualTo(new JsonObject());
        assertThat(event.state()).isEqualTo(TaskState.FAILURE);
    }

    @Test
    void sharesTextsButNeverConfusesThem() {
        TextPool texts = new TextPool();
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 20_000; i++) {
                String text = i % 3 == 0 ? "name-" + i : i % 3 == 1 ? "né-" + i : "\"quoted\"-" + i;
                byte[] json = Json.string(text).utf8();
                assertThat(texts.text(json, 0, json.length)).isEqualTo(text);
            }
        }
        byte[] json = Json.string("again").utf8();
        assertThat(texts.text(json, 0, json.length)).isSameAs(texts.text(json, 0, json.length));
    }
}
