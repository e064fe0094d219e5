package dev.ganglion.projection;

import dev.ganglion.projection.engine.EngineQueue;
import dev.ganglion.projection.engine.EngineWorker;
import dev.ganglion.projection.engine.Schedules;
import dev.ganglion.projection.task.ProjectedEvent;
import dev.ganglion.projection.task.SubjectKey;
import dev.ganglion.projection.task.Task;
import dev.ganglion.projection.task.TaskState;
import io.vertx.core.json.JsonObject;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Applies some events of a shard, in stream order, to the records that they concern. The result depends on nothing
 * else, so the same stream always produces the same projection. An instance is used once.
 */
final class ShardStep {
    /** Largest number of queues in one depth report. */
    static final int MAX_QUEUES = 1_024;

    /** A task that reached a final state. */
    record Ended(String engine, TaskState state, @Nullable Long runtimeMs) {}

    private final ProjectionSlice.Part part;
    private final ShardChanges changes;
    private final Map<String, Task> tasks = new HashMap<>();
    private final Map<String, @Nullable TaskState> before = new HashMap<>();
    private final Map<String, EngineWorker> workers = new HashMap<>();
    private final Map<String, EngineQueue> queues = new HashMap<>();
    private final Map<String, Schedules> schedules = new HashMap<>();
    private final Set<String> namedQueues = new HashSet<>();
    private final Map<String, Ended> ended = new HashMap<>();

    ShardStep(ProjectionSlice.Part part, long birth) {
        this.part = part;
        this.changes = new ShardChanges(part.end(), part.reached(), birth);
        changes.count(ProjectionCounts.SKIPPED_BYTES, part.skipped());
    }

    /** The keys of the records that the events concern. */
    Map<ProjectionTable, Set<String>> requiredRecords() {
        Map<ProjectionTable, Set<String>> wanted = new EnumMap<>(ProjectionTable.class);
        for (ProjectionTable table : ProjectionTable.values()) {
            wanted.put(table, new LinkedHashSet<>());
        }
        for (ProjectedEvent event : part.events()) {
            ProjectionTable table = table(event);
            if (table == ProjectionTable.QUEUES) {
                depths(event).keySet().forEach(queue -> want(wanted, table, subject(event, queue)));
            } else if (table != null) {
                want(wanted, table, key(table, event));
            }
            String named = table == ProjectionTable.TASKS ? event.text("queue") : null;
            if (named != null) {
                want(wanted, ProjectionTable.QUEUES, subject(event, named));
            }
        }
        return wanted;
    }

    private static void want(Map<ProjectionTable, Set<String>> wanted, ProjectionTable table, String key) {
        Objects.requireNonNull(wanted.get(table)).add(key);
    }

    private static @Nullable ProjectionTable table(ProjectedEvent event) {
        if (event.kind().startsWith("worker.")) {
            return event.worker() == null ? null : ProjectionTable.WORKERS;
        } else if (event.kind().startsWith("queue.")) {
            return ProjectionTable.QUEUES;
        } else if (event.kind().startsWith("schedule.")) {
            return ProjectionTable.SCHEDULES;
        }
        return event.taskId() == null ? null : ProjectionTable.TASKS;
    }

    private static String key(ProjectionTable table, ProjectedEvent event) {
        return switch (table) {
            case TASKS -> subject(event, Objects.requireNonNull(event.taskId()));
            case SCHEDULES -> subject(event, event.agentId());
            case WORKERS, QUEUES -> subject(event, Objects.requireNonNull(event.worker()));
        };
    }

    private static String subject(ProjectedEvent event, String name) {
        return SubjectKey.cut(event.engine(), name).text();
    }

    /** Reads a depth report, which covers one queue or several. */
    private static Map<String, Long> depths(ProjectedEvent event) {
        Map<String, Long> depths = new HashMap<>();
        for (String key : new String[] {"queues", "depths", "queue_depths"}) {
            if (event.data().getValue(key) instanceof JsonObject several) {
                several.forEach(member -> put(depths, member.getKey(), member.getValue()));
            }
        }
        String queue = event.text("queue", "name");
        if (queue != null) {
            put(depths, queue, event.data().getValue("depth"));
        }
        return depths;
    }

    private static void put(Map<String, Long> depths, String queue, @Nullable Object depth) {
        if (depth instanceof Number number
                && (depth instanceof Integer || depth instanceof Long)
                && !queue.isEmpty()
                && depths.size() < MAX_QUEUES) {
            depths.put(queue, Math.max(0, number.longValue()));
        }
    }

    /** Applies the events to the stored records. A record that is missing from {@code kept} is new. */
    ShardChanges changes(Map<ProjectionTable, Map<String, String>> kept) {
        for (ProjectedEvent event : part.events()) {
            ProjectionTable table = table(event);
            boolean applied = table == null || apply(table, event, Objects.requireNonNull(kept.get(table)));
            if (applied) {
                if (table == ProjectionTable.TASKS) {
                    addNamedQueue(event, Objects.requireNonNull(kept.get(ProjectionTable.QUEUES)));
                }
                changes.countEvent(event);
                changes.count(ProjectionCounts.CLAMPED, event.time().clamped() ? 1 : 0);
            } else {
                changes.count(ProjectionCounts.DUPLICATES, 1);
            }
        }
        tasks.forEach((key, task) -> changes.put(ProjectionTable.TASKS, key, task.encode()));
        workers.forEach((key, worker) -> changes.put(ProjectionTable.WORKERS, key, worker.encode()));
        queues.forEach((key, queue) -> changes.put(ProjectionTable.QUEUES, key, queue.encode()));
        schedules.forEach((key, all) -> changes.put(ProjectionTable.SCHEDULES, key, all.encode()));
        tasks.forEach((key, task) -> countMove(before.get(key), task.state()));
        return changes;
    }

    private void countMove(@Nullable TaskState from, TaskState to) {
        if (from != to) {
            changes.count(ProjectionCounts.STATE + to.label(), 1);
            if (from != null) {
                changes.count(ProjectionCounts.STATE + from.label(), -1);
            }
        }
    }

    private boolean apply(ProjectionTable table, ProjectedEvent event, Map<String, String> kept) {
        return switch (table) {
            case TASKS -> task(key(table, event), event, kept);
            case WORKERS -> {
                String key = key(table, event);
                yield workers.computeIfAbsent(key, k -> EngineWorker.decode(kept.get(k)))
                        .apply(event);
            }
            case QUEUES -> queues(event, kept);
            case SCHEDULES -> {
                String key = key(table, event);
                yield schedules
                        .computeIfAbsent(key, k -> Schedules.decode(kept.get(k)))
                        .apply(event);
            }
        };
    }

    private boolean queues(ProjectedEvent event, Map<String, String> kept) {
        boolean applied = true;
        for (Map.Entry<String, Long> depth : depths(event).entrySet()) {
            EngineQueue queue =
                    queues.computeIfAbsent(subject(event, depth.getKey()), key -> EngineQueue.decode(kept.get(key)));
            applied &= queue.apply(event, depth.getValue());
        }
        return applied;
    }

    /**
     * Adds a queue that a task names, so that it is listed before its depth is known. Looks at a queue once per step,
     * because almost every event of a task names its queue.
     */
    private void addNamedQueue(ProjectedEvent event, Map<String, String> kept) {
        String queue = event.text("queue");
        if (queue == null) {
            return;
        }
        String key = subject(event, queue);
        if (queues.containsKey(key)) {
            queues.get(key).addNamedByTask(event);
        } else if (namedQueues.add(key)) {
            EngineQueue known = EngineQueue.decode(kept.get(key));
            if (known.addNamedByTask(event)) {
                queues.put(key, known);
            }
        }
    }

    private boolean task(String key, ProjectedEvent event, Map<String, String> kept) {
        Task task = tasks.get(key);
        if (task == null) {
            String record = kept.get(key);
            task = record == null ? new Task() : Task.decode(record);
            if (record == null) {
                changes.addTask(key, event.time().receivedMs());
            } else {
                before.put(key, task.state());
            }
        }
        TaskState was = task.state();
        boolean applied = task.apply(event);
        if (applied || tasks.containsKey(key)) {
            tasks.put(key, task);
        }
        if (applied && task.state().isFinal() && !was.isFinal()) {
            ended.put(key, new Ended(event.engine(), task.state(), task.runtimeMillis()));
        }
        return applied;
    }

    /** The tasks that these events finished. */
    List<Ended> ended() {
        return List.copyOf(ended.values());
    }
}
