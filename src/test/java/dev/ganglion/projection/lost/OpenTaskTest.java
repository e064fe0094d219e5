package dev.ganglion.projection.lost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.event.Events;
import dev.ganglion.projection.run.Task;
import dev.ganglion.projection.run.TaskEvents;
import dev.ganglion.projection.run.TextPool;
import dev.ganglion.projection.task.SubjectKey;
import dev.ganglion.protocol.json.Json;
import io.vertx.core.json.JsonArray;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Tests how a task of the projection is read for the judgement. */
class OpenTaskTest {
    private static final SubjectKey KEY = new SubjectKey("celery", "t");
    private static final long STORED = Events.RECEIVED.toEpochMilli();

    private final Task task = new Task();

    private void apply(String kind, long millisBefore) {
        Json array = Json.parse(new JsonArray()
                .add(Events.event("t", "task." + kind, millisBefore))
                .encode());
        TaskEvents.Source source = new TaskEvents.Source(0, STORED + "-0", STORED, "agent", "process1");
        assertThat(task.apply(Objects.requireNonNull(new TaskEvents(array, source, new TextPool()).next())))
                .isTrue();
    }

    @Test
    void onlyAStartedTaskMayBeLost() {
        apply("received", 9_000);
        assertThat(OpenTask.of(KEY, task)).isEmpty();
        apply("started", 8_000);
        OpenTask open = OpenTask.of(KEY, task).orElseThrow();
        assertThat(open.lastStart())
                .isEqualTo(new OpenTask.Start(ProcessKey.of("agent", "process1"), STORED - 8_000, STORED));
        assertThat(open.ranBefore()).isFalse();
        assertThat(open.mark()).isNull();
        apply("succeeded", 7_000);
        assertThat(OpenTask.of(KEY, task)).isEmpty();
        apply("started", 1_000);
        assertThat(OpenTask.of(KEY, task).orElseThrow().ranBefore()).isTrue();
    }

    @Test
    void keepsTheMark() {
        apply("started", 8_000);
        task.markLost(5, LostMark.Reason.WORKER_OFFLINE.label());
        assertThat(OpenTask.of(KEY, Task.decode(task.encode())).orElseThrow().mark())
                .isEqualTo(new LostMark(5, LostMark.Reason.WORKER_OFFLINE));
    }
}
