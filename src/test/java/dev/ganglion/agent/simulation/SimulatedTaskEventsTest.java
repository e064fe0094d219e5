package dev.ganglion.agent.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.agent.AgentEvent;
import dev.ganglion.protocol.event.EventArray;
import dev.ganglion.protocol.event.EventReader;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SimulatedTaskEventsTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");

    @Test
    void gives_the_same_events_for_the_same_seed() {
        assertThat(events(7, 500)).isEqualTo(events(7, 500)).isNotEqualTo(events(8, 500));
    }

    @Test
    void takes_every_task_through_its_states_in_order() {
        Map<String, String> last = new HashMap<>();
        Set<String> kinds = new HashSet<>();

        for (AgentEvent event : events(1, 5000)) {
            String before = last.put(event.taskId(), event.kind());
            kinds.add(event.kind());
            switch (event.kind()) {
                case "task.received" -> assertThat(before).isNull();
                case "task.started" -> assertThat(before).isIn("task.received", "task.retried");
                default -> assertThat(before).isEqualTo("task.started");
            }
        }

        assertThat(kinds)
                .containsExactlyInAnyOrder(
                        "task.received", "task.started", "task.succeeded", "task.failed", "task.retried");
    }

    @Test
    void gives_events_that_a_brain_accepts() {
        EventReader reader = EventArray.of(
                        events(3, 100).stream().map(AgentEvent::toJson).toList())
                .reader();
        Set<String> ids = new HashSet<>();
        while (reader.next()) {
            ids.add(reader.id());
            assertThat(reader.engine()).isEqualTo("celery");
            assertThat(reader.occurredInstant()).isEqualTo(NOW);
        }
        assertThat(ids).hasSize(100);
    }

    private static List<AgentEvent> events(long seed, int count) {
        SimulatedTaskEvents stories = new SimulatedTaskEvents("celery", "celery@box", new Random(seed));
        return Stream.generate(() -> stories.next(NOW)).limit(count).toList();
    }
}
