package dev.ganglion.benchmarks.cost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.benchmarks.workload.TaskEvents;
import dev.ganglion.protocol.json.Json;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The timed step does all the work that it is timed for. */
class CurrentStepTest {
    private static final int TASKS = 800;

    private final TaskEvents events = new TaskEvents(TASKS, 1);

    private byte[] batch(int from, int count) {
        StringBuilder list = new StringBuilder("[");
        for (int i = from; i < from + count; i++) {
            list.append(i == from ? "" : ",").append(events.event(i, 0, Instant.now()));
        }
        return Json.parse(list.append("]").toString()).utf8();
    }

    @Test
    void countsAllEventsAndEncodesTheTasksThatTheyChange() {
        CurrentStep step = new CurrentStep();
        assertThat(step.applyAsInt(List.of(batch(0, 300), batch(300, 300)))).isEqualTo(600);
        long first = step.encodedBytes();
        assertThat(first).isGreaterThan(600 * 50L);

        assertThat(step.applyAsInt(List.of(batch(600, 3)))).isEqualTo(3);
        assertThat(step.encodedBytes() - first).isBetween(3 * 50L, 3 * 1_000L);
    }
}
