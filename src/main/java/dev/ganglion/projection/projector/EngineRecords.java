package dev.ganglion.projection.projector;

import dev.ganglion.projection.ProjectionChanges;
import dev.ganglion.projection.ProjectionCounts;
import dev.ganglion.projection.ProjectionTable;
import dev.ganglion.projection.engine.EngineQueue;
import dev.ganglion.projection.engine.EngineWorker;
import dev.ganglion.projection.engine.Schedules;
import dev.ganglion.projection.run.TaskEvent;
import dev.ganglion.projection.task.SubjectKey;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The changes of one step to engine workers, queues and schedules. Collects events first; applies them when the records
 * that they concern are loaded. Their events are few beside those of tasks.
 */
final class EngineRecords {
    /** Largest number of queues in one depth report. */
    static final int MAX_QUEUES = 1_024;

    /** An event and the records that it concerns. */
    private record Noted(TaskEvent event, ProjectionTable table, List<String> keys, Map<String, Long> depths) {}

    private final List<Noted> noted = new ArrayList<>();
    /** Events of tasks that name a queue, by the queue's key. */
    private final Map<String, TaskEvent> named = new HashMap<>();
    /** Events of tasks that name a worker, by the worker's key. */
    private final Map<String, TaskEvent> namedWorkers = new HashMap<>();

    private final Map<ProjectionTable, Set<String>> wanted = new EnumMap<>(ProjectionTable.class);

    /** Receives the depths of queues that an event reports. */
    interface Depths {
        void report(SubjectKey queue, long depth);
    }

    /** Notes an event. Returns false if it concerns no worker, queue or schedule; then it is not noted. */
    boolean note(TaskEvent event, Depths depths) {
        ProjectionTable table = table(event);
        if (table == null) {
            return false;
        }
        List<String> keys = new ArrayList<>();
        Map<String, Long> reported = Map.of();
        if (table == ProjectionTable.QUEUES) {
            Map<String, Long> byKey = new HashMap<>();
            depths(event).forEach((queue, depth) -> {
                SubjectKey subject = SubjectKey.cut(event.engine(), queue);
                byKey.put(subject.text(), depth);
                depths.report(subject, depth);
            });
            reported = byKey;
            keys.addAll(byKey.keySet());
        } else {
            String name = table == ProjectionTable.WORKERS ? Objects.requireNonNull(event.worker()) : event.agentId();
            keys.add(SubjectKey.cut(event.engine(), name).text());
        }
        keys.forEach(key -> want(table, key));
        noted.add(new Noted(event, table, keys, reported));
        return true;
    }

    /** Notes a queue that a task names, so that it is listed before its depth is known. */
    void noteQueue(String queue, TaskEvent event) {
        String key = SubjectKey.cut(event.engine(), queue).text();
        named.put(key, event);
        want(ProjectionTable.QUEUES, key);
    }

    /** Notes a worker that an event of a task names. */
    void noteWorker(String worker, TaskEvent event) {
        String key = SubjectKey.cut(event.engine(), worker).text();
        namedWorkers.put(key, event);
        want(ProjectionTable.WORKERS, key);
    }

    private void want(ProjectionTable table, String key) {
        wanted.computeIfAbsent(table, t -> new LinkedHashSet<>()).add(key);
    }

    private static @Nullable ProjectionTable table(TaskEvent event) {
        String kind = event.kind();
        if (kind.startsWith("worker.")) {
            return event.worker() == null ? null : ProjectionTable.WORKERS;
        } else if (kind.startsWith("queue.")) {
            return ProjectionTable.QUEUES;
        }
        return kind.startsWith("schedule.") ? ProjectionTable.SCHEDULES : null;
    }

    /** Reads a depth report, which covers one queue or several. */
    private static Map<String, Long> depths(TaskEvent event) {
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

    /** The keys of the records that the noted events concern. */
    Map<ProjectionTable, Set<String>> wanted() {
        return wanted;
    }

    /**
     * Applies the noted events and puts the changed records into the changes.
     *
     * @param kept the loaded records; a record that is missing is new
     * @param count receives the events that took effect
     */
    void apply(Map<ProjectionTable, Map<String, String>> kept, ProjectionChanges changes, Consumer<TaskEvent> count) {
        Map<String, EngineWorker> workers = new HashMap<>();
        Map<String, EngineQueue> queues = new HashMap<>();
        Map<String, Schedules> schedules = new HashMap<>();
        for (Noted each : noted) {
            Map<String, String> records = Objects.requireNonNullElse(kept.get(each.table), Map.of());
            boolean applied = true;
            for (String key : each.keys) {
                applied &= switch (each.table) {
                    case WORKERS ->
                        workers.computeIfAbsent(key, k -> EngineWorker.decode(records.get(k)))
                                .apply(each.event);
                    case QUEUES ->
                        queues.computeIfAbsent(key, k -> EngineQueue.decode(records.get(k)))
                                .apply(each.event, Objects.requireNonNull(each.depths.get(key)));
                    default ->
                        schedules
                                .computeIfAbsent(key, k -> Schedules.decode(records.get(k)))
                                .apply(each.event);
                };
            }
            if (applied) {
                count.accept(each.event);
            } else {
                changes.count(ProjectionCounts.DUPLICATES, 1);
            }
        }
        Map<String, String> known = Objects.requireNonNullElse(kept.get(ProjectionTable.QUEUES), Map.of());
        named.forEach((key, event) -> queues.computeIfAbsent(key, k -> EngineQueue.decode(known.get(k)))
                .addNamedByTask(event));
        Map<String, String> knownWorkers = Objects.requireNonNullElse(kept.get(ProjectionTable.WORKERS), Map.of());
        namedWorkers.forEach((key, event) -> workers.computeIfAbsent(key, k -> EngineWorker.decode(knownWorkers.get(k)))
                .addNamedByTask(event));
        workers.forEach((key, worker) -> changes.put(ProjectionTable.WORKERS, key, worker.encode()));
        queues.forEach((key, queue) -> changes.put(ProjectionTable.QUEUES, key, queue.encode()));
        schedules.forEach((key, all) -> changes.put(ProjectionTable.SCHEDULES, key, all.encode()));
    }
}
