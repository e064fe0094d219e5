package dev.ganglion.testing.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ganglion.projection.run.Task;
import dev.ganglion.projection.run.TaskEvents;
import dev.ganglion.projection.run.TextPool;
import dev.ganglion.projection.task.SubjectKey;
import dev.ganglion.protocol.json.Json;
import dev.ganglion.testing.fault.FaultRest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The projection that a project should have: each task made of all of its stored events, in any order. Every task has
 * been reported by one process only.
 */
public final class ReferenceProjection {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final FaultRest brain;
    private final String project;
    private final Map<String, Task> tasks = new TreeMap<>();
    private int events;

    private ReferenceProjection(FaultRest brain, String project) {
        this.brain = brain;
        this.project = project;
    }

    /** Computes the projection of all events that the brain has accepted until now. */
    public static ReferenceProjection of(FaultRest brain, String project) {
        ReferenceProjection reference = new ReferenceProjection(brain, project);
        TextPool texts = new TextPool();
        for (JsonObject event : brain.all(project, "events")) {
            Instant received = Instant.parse(event.getString("received_at"));
            String agent = event.getString("agent_id");
            TaskEvents read = new TaskEvents(
                    Json.parse(new JsonArray().add(event).encode()),
                    new TaskEvents.Source(0, received.toEpochMilli() + "-0", received.toEpochMilli(), agent, agent),
                    texts);
            String key = new SubjectKey(event.getString("engine"), event.getString("task_id")).text();
            assertThat(reference
                            .tasks
                            .computeIfAbsent(key, k -> new Task())
                            .apply(Objects.requireNonNull(read.next()), 0))
                    .as("the event is stored once")
                    .isTrue();
            reference.events++;
        }
        return reference;
    }

    /** Waits until the brain has projected all events, and compares all tasks and counters. */
    public void assertProjected() {
        await().atMost(PATIENCE).until(() -> total("events") >= events);
        Map<String, JsonObject> shown = new TreeMap<>();
        for (JsonObject task : brain.all(project, "tasks")) {
            SubjectKey key = new SubjectKey(task.getString("engine"), task.getString("task_id"));
            assertThat(shown.put(key.text(), task))
                    .as("the list shows %s once", key)
                    .isNull();
        }
        assertThat(shown.keySet()).isEqualTo(tasks.keySet());
        tasks.forEach((key, task) -> assertThat(shown.get(key)).isEqualTo(task.view(SubjectKey.of(key))));
        assertThat(total("events")).isEqualTo(events);
        assertThat(brain.stats(project).getJsonObject("events").getInteger("duplicates"))
                .isZero();
        Map<String, Long> states = tasks.values().stream()
                .collect(Collectors.groupingBy(task -> task.state().label(), TreeMap::new, Collectors.counting()));
        JsonObject byState = brain.stats(project).getJsonObject("tasks").getJsonObject("by_state");
        states.forEach(
                (state, count) -> assertThat(byState.getLong(state)).as(state).isEqualTo(count));
        assertThat(total("tasks")).isEqualTo(tasks.size());
    }

    private int total(String what) {
        return brain.stats(project).getJsonObject(what).getInteger("total");
    }
}
