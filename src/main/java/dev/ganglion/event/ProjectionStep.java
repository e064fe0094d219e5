package dev.ganglion.event;

import io.vertx.core.json.JsonObject;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Applies some events of a shard, in the order of the stream, to the records that they are about. It depends on nothing
 * but those, so that the same stream always gives the same projection. Used once.
 */
final class ProjectionStep {
    /** Queues of one depth report. */
    static final int MAX_QUEUES = 1_024;

    /** A task that ended. */
    record Ended(String engine, TaskState state, @Nullable Long runtimeMs) {}

    private final ProjectionSlice.Part part;
    private final ProjectionChanges changes;
    private final Map<String, Task> tasks = new HashMap<>();
    private final Map<String, @Nullable TaskState> before = new HashMap<>();
    private final Map<String, EngineWorker> workers = new HashMap<>();
    private final Map<String, EngineQueue> queues = new HashMap<>();
    private final Map<String, Schedules> schedules = new HashMap<>();
    private final Map<String, Ended> ended = new HashMap<>();

    ProjectionStep(ProjectionSlice.Part part, long birth) {
        this.part = part;
        this.changes = new ProjectionChanges(part.end(), part.reached(), birth);
        changes.count(ProjectionCounts.SKIPPED_BYTES, part.skipped());
    }

    /** The records that the events are about. */
    Map<ProjectionTable, Set<String>> wanted() {
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
        return new Subject(event.engine(), Objects.requireNonNull(TaskText.cut(name, TaskText.MAX_NAME))).text();
    }

    /** A report tells of one queue, or of several at once. */
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

    /** What the events change of records as they are kept; those that are missing are not known yet. */
    ProjectionChanges changes(Map<ProjectionTable, Map<String, String>> kept) {
        for (ProjectedEvent event : part.events()) {
            ProjectionTable table = table(event);
            boolean applied = table == null || apply(table, event, Objects.requireNonNull(kept.get(table)));
            if (applied) {
                if (table == ProjectionTable.TASKS) {
                    named(event, Objects.requireNonNull(kept.get(ProjectionTable.QUEUES)));
                }
                changes.happened(event);
                changes.count(ProjectionCounts.CLAMPED, event.clamped() ? 1 : 0);
            } else {
                changes.count(ProjectionCounts.DUPLICATES, 1);
            }
        }
        tasks.forEach((key, task) -> changes.put(ProjectionTable.TASKS, key, task.encode()));
        workers.forEach((key, worker) -> changes.put(ProjectionTable.WORKERS, key, worker.encode()));
        queues.forEach((key, queue) -> changes.put(ProjectionTable.QUEUES, key, queue.encode()));
        schedules.forEach((key, all) -> changes.put(ProjectionTable.SCHEDULES, key, all.encode()));
        tasks.forEach((key, task) -> moved(before.get(key), task.state()));
        return changes;
    }

    private void moved(@Nullable TaskState from, TaskState to) {
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

    /** A queue that a task names is known from then on, though nobody said yet how much waits in it. */
    private void named(ProjectedEvent event, Map<String, String> kept) {
        String queue = event.text("queue");
        if (queue != null && !kept.containsKey(subject(event, queue))) {
            queues.computeIfAbsent(subject(event, queue), key -> EngineQueue.decode(null))
                    .named(event);
        }
    }

    private boolean task(String key, ProjectedEvent event, Map<String, String> kept) {
        Task task = tasks.get(key);
        if (task == null) {
            String record = kept.get(key);
            task = record == null ? new Task() : Task.decode(record);
            if (record == null) {
                changes.born(key, event.receivedMs());
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

    /** Tasks that ended with these events. */
    List<Ended> ended() {
        return List.copyOf(ended.values());
    }
}
