package dev.ganglion.projection.run;

import dev.ganglion.projection.task.SubjectKey;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Shows a task as REST returns it. */
final class TaskView {
    private static final long MICROS_PER_SECOND = 1_000_000;

    private TaskView() {}

    static JsonObject of(SubjectKey subject, Task task) {
        long runtime = task.runtimeMs();
        return new JsonObject()
                .put("engine", subject.engine())
                .put("task_id", subject.name())
                .put("name", task.name())
                .put("queue", task.queue())
                .put("state", task.state().label())
                .put("worker_name", task.worker())
                .put("priority", task.priority())
                .put("received_at", time(task.receivedMicros()))
                .put("started_at", time(task.startedMicros()))
                .put("finished_at", time(task.finishedMicros()))
                .put("runtime_ms", runtime < 0 ? null : (Long) runtime)
                .put("retries", task.retries())
                .put("result", task.result())
                .put("exception", task.exception())
                .put("traceback", task.traceback())
                .put("args", task.args())
                .put("kwargs", task.kwargs())
                .put("agent_id", task.agentId())
                .put("parent_task_id", task.parentId())
                .put("root_task_id", task.rootId())
                .put("lost", lost(task.lostSinceMs(), task.lostReason()))
                .put("clamped", task.isClamped());
    }

    /** The mark of a lost task; null without a reason. */
    private static @Nullable JsonObject lost(long sinceMs, @Nullable String reason) {
        return reason == null
                ? null
                : new JsonObject()
                        .put("since", Instant.ofEpochMilli(sinceMs).toString())
                        .put("reason", reason);
    }

    private static @Nullable String time(@Nullable Long micros) {
        return micros == null
                ? null
                : Instant.ofEpochSecond(micros / MICROS_PER_SECOND, micros % MICROS_PER_SECOND * 1_000)
                        .toString();
    }
}
