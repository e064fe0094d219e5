package dev.ganglion.projection.lost;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.ganglion.Brain;
import dev.ganglion.BrainInternals;
import dev.ganglion.projection.lost.OpenTask.Start;
import dev.ganglion.projection.lost.ProcessPresence.Place;
import dev.ganglion.projection.task.SubjectKey;
import dev.ganglion.store.stream.ProcessName;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.wire.WireFrames;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Sweeps the tasks of an agent's project on a running brain, with a monotonic clock that the test sets. */
final class Sweeps {
    private static final long LIMIT_SECONDS = 20;

    final Place place;
    final LostTaskSweeper.Ports ports;
    private final EnrolledAgent agent;
    private final StartedTasks tasks = new StartedTasks();
    private final LostTaskSweeper sweeper;
    private final AtomicLong nanos = new AtomicLong();
    private final Context context;

    Sweeps(Brain brain, EnrolledAgent agent) {
        this.agent = agent;
        this.place = new Place(agent.view().getString("project_id"), 1);
        this.ports = BrainInternals.lostTasks(brain);
        this.context = BrainInternals.vertx(brain).getOrCreateContext();
        this.sweeper =
                new LostTaskSweeper(place, ports, tasks, nanos::get, action -> context.runOnContext(v -> action.run()));
    }

    /** The hello of an RQ worker process that started just now. */
    static JsonObject hello(String worker, int pid) {
        JsonObject hello = WireFrames.helloOf(worker);
        hello.getJsonObject("payload")
                .put("engines", new JsonArray().add("rq"))
                .put("capabilities", new JsonObject().put("rq", new JsonArray().add("retry_task")))
                .put("host", new JsonObject().put("hostname", "host"))
                .put("worker_pid", pid)
                .put("worker_started_at", WireFrames.now());
        return hello;
    }

    static JsonObject started(String task) {
        return WireFrames.event().put("engine", "rq").put("task_id", task).put("kind", "task.started");
    }

    /** Adds a task whose start is stored, as the projection would. */
    SubjectKey add(String task, String process) {
        JsonObject event = agent.events("kind=task.started&task_id=" + task).get(0);
        SubjectKey key = new SubjectKey("rq", task);
        Start start = new Start(
                ProcessKey.of(agent.id(), ProcessName.of(process)),
                Instant.parse(event.getString("occurred_at")).toEpochMilli(),
                Instant.parse(event.getString("received_at")).toEpochMilli());
        run(() -> {
            tasks.put(new OpenTask(key, null, List.of(start), false, null));
            return Future.succeededFuture();
        });
        return key;
    }

    /** Lets the monotonic clock advance without a sweep. */
    void skip(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    /** Lets this time pass by the monotonic clock, with a sweep every three seconds of it. */
    void pass(int seconds) {
        for (int i = 0; i < seconds; i += 3) {
            skip(LostTaskSweeper.INTERVAL);
            run(() -> sweeper.sweep(true));
        }
    }

    /** Why a task is lost; empty if it is not. */
    String reason(SubjectKey key) {
        LostMark mark = run(() -> Future.succeededFuture(tasks.lost().stream()
                .filter(task -> task.key().equals(key))
                .map(OpenTask::mark)
                .findFirst()
                .orElse(null)));
        return mark == null ? "" : mark.reason().label();
    }

    /** Runs on the sweeper's context, and waits for the result. */
    @CanIgnoreReturnValue
    <T extends @Nullable Object> T run(Supplier<Future<T>> call) {
        Promise<T> promise = Promise.promise();
        context.runOnContext(v -> call.get().onComplete(promise::handle));
        return promise.future().timeout(LIMIT_SECONDS, TimeUnit.SECONDS).await();
    }
}
