package dev.ganglion.projection.run;

import static dev.ganglion.event.Events.RECEIVED;
import static dev.ganglion.event.Events.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.projection.task.SubjectKey;
import dev.ganglion.projection.task.TaskText;
import dev.ganglion.protocol.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Tests that tasks are found by events and by keys alike. */
class TaskTableTest {
    private final TaskTable<String> table = new TaskTable<>();

    private static TaskEvent read(JsonObject event) {
        TaskEvents.Source source =
                new TaskEvents.Source(0, RECEIVED.toEpochMilli() + "-0", RECEIVED.toEpochMilli(), "agent", "w");
        Json array = Json.parse(new JsonArray().add(event).encode());
        return Objects.requireNonNull(new TaskEvents(array, source, new TextPool()).next());
    }

    private static TaskEvent report(String taskId) {
        return read(event(taskId, "task.started", 0));
    }

    @Test
    void findsATaskByItsEventsWhateverItsIdContains() {
        String longest = "x".repeat(TaskText.MAX_NAME);
        List<String> ids = List.of(
                "t",
                "\\",
                "\\\\",
                "\n",
                "\\n",
                "\"",
                "é",
                "日本",
                "\uD83D\uDE00",
                "\u0001",
                longest,
                longest + "y",
                longest + "yy");
        for (String id : ids) {
            assertThat(table.put(report(id).task(), id)).isNull();
        }

        assertThat(table.size()).isEqualTo(ids.size());
        for (String id : ids) {
            assertThat(table.get(report(id))).isEqualTo(id);
            assertThat(table.get(SubjectKey.cut("celery", id))).isEqualTo(id);
        }
    }

    @Test
    void findsTheTaskWhoseKeyIsEqualAfterBothIdsAreCut() {
        String longest = "x".repeat(TaskText.MAX_NAME);
        assertThat(table.put(report(longest + "y").task(), "value")).isNull();

        assertThat(table.get(report(longest + "z"))).isEqualTo("value");
        assertThat(table.get(report(longest + "zz"))).isNull();
    }

    @Test
    void tellsTheTasksOfTwoEnginesApart() {
        assertThat(table.put(report("t").task(), "celery")).isNull();

        assertThat(table.get(read(event("t", "task.started", 0).put("engine", "rq"))))
                .isNull();
        assertThat(table.get(report("t"))).isEqualTo("celery");
    }

    @Test
    void removesTheTaskThatWasUsedTheLongestTimeAgo() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(table.put(new SubjectKey("celery", "task-" + i), "value-" + i))
                    .isNull();
        }
        assertThat(table.get(report("task-0"))).isEqualTo("value-0");
        assertThat(table.put(new SubjectKey("celery", "task-1"), "other")).isEqualTo("value-1");
        for (int i = 2; i < 1_000; i++) {
            assertThat(table.removeOldest()).isEqualTo("value-" + i);
            assertThat(table.get(report("task-" + i))).isNull();
        }

        assertThat(table.removeOldest()).isEqualTo("value-0");
        assertThat(table.removeOldest()).isEqualTo("other");
        assertThat(table.removeOldest()).isNull();
        assertThat(table.size()).isZero();
    }

    @Test
    void isEmptyAfterItWasCleared() {
        assertThat(table.put(report("t").task(), "value")).isNull();
        table.clear();

        assertThat(table.get(report("t"))).isNull();
        assertThat(table.size()).isZero();
    }
}
