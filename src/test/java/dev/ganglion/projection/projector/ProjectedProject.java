package dev.ganglion.projection.projector;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.ganglion.bus.ShardRef;
import dev.ganglion.event.Events;
import dev.ganglion.projection.ProjectionEngine;
import dev.ganglion.projection.ProjectionEngine.Place;
import dev.ganglion.projection.ProjectionSlice.StoredBatch;
import dev.ganglion.projection.ProjectionTerms;
import dev.ganglion.projection.ProjectorClocks;
import dev.ganglion.projection.run.Task;
import dev.ganglion.projection.task.SubjectKey;
import dev.ganglion.telemetry.ProjectionMetrics;
import dev.ganglion.testing.projection.MemoryEvents;
import dev.ganglion.testing.projection.MemoryProjections;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** A project with streams and an engine in memory, whose time only the test moves. */
final class ProjectedProject {
    static final int SHARDS = 2;
    static final Place PLACE = new Place("project", "slug", SHARDS);
    static final ProjectionTerms TERMS =
            ProjectionTerms.keeping(new ProjectionTerms.Retention(Duration.ofDays(1), 1_000, Long.MAX_VALUE), 1 << 20);

    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ProjectionMetrics metrics = new ProjectionMetrics(registry);
    final MemoryEvents events = new MemoryEvents(4, this::nowMs);
    final MemoryProjections store = new MemoryProjections(this::nowMs);
    final List<Long> pauses = new ArrayList<>();
    private final Deque<Runnable> pausing = new ArrayDeque<>();
    int changes;
    boolean takesLeases = true;
    Duration freeFor = Duration.ZERO;
    private Instant now = Events.RECEIVED;

    private long nowMs() {
        return now.toEpochMilli();
    }

    /** Wakes a projector as the regular poll does, and lets it run until it rests. */
    void poll(ProjectProjector projector) {
        run(projector::poll);
    }

    /** Runs an action, and then the projectors until they rest. */
    void run(Runnable action) {
        action.run();
        for (Runnable next = pausing.poll(); next != null; next = pausing.poll()) {
            next.run();
        }
    }

    void advance(Duration time) {
        now = now.plus(time);
    }

    Instant now() {
        return now;
    }

    /** Stores a batch in the stream of a shard. */
    @CanIgnoreReturnValue
    StoredBatch store(int shard, JsonObject... batch) {
        return events.store(new ShardRef(PLACE.projectId(), shard), "process", List.of(batch));
    }

    /** Creates the projector of a node, which does not run yet. */
    ProjectProjector projector(String node) {
        return projector(node, StepLimits.USUAL, 1 << 20, engine -> engine);
    }

    ProjectProjector projector(String node, StepLimits limits, long memory, UnaryOperator<ProjectionEngine> engine) {
        ProjectorPorts ports =
                new ProjectorPorts(engine.apply(store.node(node)), events, List.of(), (event, name) -> 0);
        Clock clock = new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Instant instant() {
                return now;
            }
        };
        ProjectorParts parts = new ProjectorParts(
                ports,
                new TaskMemory(memory),
                limits,
                TERMS,
                new ProjectorClocks(
                        clock, () -> Duration.between(Events.RECEIVED, now).toNanos() - 5));
        return new ProjectProjector(parts, PLACE, metrics, host());
    }

    private TurnHost host() {
        return new TurnHost() {
            @Override
            public void tasksChanged(String projectId) {
                changes++;
            }

            @Override
            public boolean takesLeases() {
                return takesLeases;
            }

            @Override
            public Duration freeFor() {
                return freeFor;
            }

            @Override
            public long restMillis(long turnNanos, long behindMs) {
                return 0;
            }

            @Override
            public Future<Void> pause(long millis) {
                pauses.add(millis);
                Promise<Void> over = Promise.promise();
                pausing.add(() -> {
                    advance(Duration.ofMillis(millis));
                    over.complete();
                });
                return over.future();
            }
        };
    }

    /** The views of the kept tasks by id. */
    Map<String, JsonObject> tasks() {
        Map<String, JsonObject> views = new TreeMap<>();
        store.tasks(PLACE).forEach((key, task) -> views.put(key.name(), task.view(key)));
        return views;
    }

    JsonObject task(String id) {
        SubjectKey key = new SubjectKey("celery", id);
        Task task = store.tasks(PLACE).get(key);
        return task == null ? new JsonObject() : task.view(key);
    }
}
