package dev.ganglion.benchmarks.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ganglion.protocol.json.Json;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Checks that the events are those of the lives of tasks, in the sizes and shares that the results state. */
class TaskEventsTest {
    private static final int TASKS = 800;
    private static final Instant AT = Instant.parse("2026-11-22T15:51:23.000250Z");

    private final TaskEvents events = new TaskEvents(TASKS, 1);

    private JsonObject event(long number, int process) {
        return new JsonObject(events.event(number, process, AT));
    }

    @Test
    void everyTaskIsReceivedThenStartedThenEnded() {
        Map<String, List<String>> kinds = new HashMap<>();
        for (int i = 0; i < 3 * TASKS; i++) {
            JsonObject event = event(i, 7);
            kinds.computeIfAbsent(event.getString("task_id"), id -> new ArrayList<>())
                    .add(event.getString("kind"));
        }
        long complete = kinds.values().stream().filter(all -> all.size() == 3).count();
        assertThat(complete).isEqualTo(TASKS - TaskEvents.OPEN);
        assertThat(kinds.values())
                .filteredOn(all -> all.size() == 3)
                .allSatisfy(all -> assertThat(all.subList(0, 2)).containsExactly("task.received", "task.started"))
                .allSatisfy(all -> assertThat(all.get(2)).isIn("task.succeeded", "task.failed"));
    }

    @Test
    void fourPercentOfTheTasksFailWithATraceback() {
        int failed = 0;
        for (int i = 2; i < 3 * TASKS; i += 3) {
            JsonObject event = event(i, 0);
            if (event.getString("kind").equals("task.failed")) {
                failed++;
                assertThat(event.getJsonObject("data").getString("traceback"))
                        .startsWith("Traceback (most recent call last):\n  File \"")
                        .endsWith(event.getJsonObject("data").getString("exception") + "\n");
            }
        }
        assertThat(failed).isEqualTo(TASKS * 4 / 100);
    }

    @Test
    void aStoredEventHas386BytesOnAverage() {
        long bytes = 0;
        for (int i = 0; i < 3 * TASKS; i++) {
            bytes += Json.parse(events.event(i, 0, AT)).size() + 1;
        }
        assertThat(bytes / (3.0 * TASKS)).isCloseTo(386, within(4.0));
    }

    @Test
    void noEventIdRepeatsAndATaskKeepsItsNameInTheNextCycle() {
        JsonObject first = event(0, 1);
        JsonObject nextCycle = event(3 * TASKS, 1);
        JsonObject otherProcess = event(0, 2);
        assertThat(List.of(first.getString("id"), nextCycle.getString("id"), otherProcess.getString("id")))
                .doesNotHaveDuplicates();
        assertThat(nextCycle.getJsonObject("data").getString("task_name"))
                .isEqualTo(first.getJsonObject("data").getString("task_name"));
        assertThat(events.taskId(TaskEvents.taskOf(0), 1)).isEqualTo(first.getString("task_id"));
        assertThat(first.getString("occurred_at")).isEqualTo("2026-11-22T15:51:23.000250Z");
    }
}
