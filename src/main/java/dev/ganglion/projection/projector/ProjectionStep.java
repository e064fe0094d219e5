package dev.ganglion.projection.projector;

import dev.ganglion.projection.BlockField;
import dev.ganglion.projection.ProjectionChanges;
import dev.ganglion.projection.ProjectionChanges.ChangedTask;
import dev.ganglion.projection.ProjectionCounts;
import dev.ganglion.projection.ProjectionEngine;
import dev.ganglion.projection.ProjectionEngine.Lease;
import dev.ganglion.projection.ProjectionTable;
import dev.ganglion.projection.projector.TaskMemory.KnownTask;
import dev.ganglion.projection.run.Task;
import dev.ganglion.projection.run.TaskEvent;
import dev.ganglion.projection.run.TaskTable;
import dev.ganglion.projection.task.SubjectKey;
import dev.ganglion.projection.task.TaskState;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Applies some events of a project, in the order of the streams, to the tasks and records that they concern. The result
 * depends on nothing else, so the same streams always produce the same projection. An instance is used once, in this
 * order: {@link #scan}, {@link #applyTasks} with the tasks that were {@link #missing}, {@link #complete}, and {@link #keep} once the changes are stored.
 *
 * <p>{@link StepLimits} tell when a step ends.
 */
final class ProjectionStep {
    /**
     * A task that reached a final state.
     *
     * @param runtimeMs how long it ran, in milliseconds; -1 if unknown
     */
    record Ended(String engine, TaskState state, long runtimeMs) {}

    /** A task that the events of this step concern. */
    private static final class Touched {
        private final SubjectKey key;
        private Task task = new Task();
        private boolean isNew = true;
        private boolean reached;
        private TaskState was = TaskState.UNKNOWN;
        private @Nullable TaskEvent firstChange;
        private @Nullable TaskEvent lastChange;
        private int bytes;

        private Touched(SubjectKey key) {
            this.key = key;
        }

        private Touched(KnownTask known) {
            this.key = known.key();
            adopt(known.task());
        }

        private void adopt(Task known) {
            task = known;
            isNew = false;
        }
    }

    private final LeaseState state;
    private final StepLimits limits;
    private final List<ShardReader> readers;
    private final Map<Integer, ShardReader> byShard = new HashMap<>();
    private final TaskTable<Touched> touched = new TaskTable<>();
    /** The tasks in the order of their first events. */
    private final List<Touched> inOrder = new ArrayList<>();

    private final List<TaskEvent> events = new ArrayList<>();
    /** The task of each event; null for an event that concerns no task. */
    private final List<@Nullable Touched> concerned = new ArrayList<>();

    private final ProjectionChanges changes = new ProjectionChanges(Map.of());
    private final EventCounts counts = new EventCounts(changes);
    private final EngineRecords records = new EngineRecords();
    private final List<Ended> ended = new ArrayList<>();
    private long duplicates;
    private long clamped;
    private long skipped;
    private long bytes;
    private boolean full;

    /**
     * Creates a step.
     *
     * @param readers readers of the project's shards, in the order in which the step takes events from them
     */
    ProjectionStep(LeaseState state, List<ShardReader> readers) {
        this.state = state;
        this.limits = state.limits();
        this.readers = List.copyOf(readers);
        readers.forEach(reader -> byShard.put(reader.shard(), reader));
    }

    /** Scans the events at hand, up to the limits of a step. */
    void scan() {
        for (ShardReader reader : readers) {
            reader.rewind();
            TaskEvent event = full ? null : reader.scan();
            while (event != null) {
                events.add(event);
                concerned.add(event.isAboutTask() ? touched(event) : null);
                full = touched.size() >= limits.tasks() || events.size() >= limits.events();
                event = full ? null : reader.scan();
            }
        }
    }

    private Touched touched(TaskEvent event) {
        Touched known = touched.get(event);
        if (known == null) {
            KnownTask inMemory = state.cache().get(event);
            known = inMemory == null ? new Touched(event.task()) : new Touched(inMemory);
            touched.put(known.key, known);
            inOrder.add(known);
        }
        return known;
    }

    /** Whether a limit ended the step, so that more events may be at hand. */
    boolean isFull() {
        return full;
    }

    /** Whether there is no event, and no batch without events to leave behind. */
    boolean changesNothing(Lease lease) {
        return events.isEmpty()
                && readers.stream()
                        .allMatch(reader ->
                                reader.progress().equals(lease.progress().get(reader.shard())));
    }

    /** Returns the tasks that the events concern and that are not in memory. */
    Set<SubjectKey> missing() {
        Set<SubjectKey> missing = new HashSet<>();
        for (Touched each : inOrder) {
            if (each.isNew) {
                missing.add(each.key);
            }
        }
        return missing;
    }

    /**
     * Applies the events of tasks, and collects the others.
     *
     * @param loaded the tasks that the store has among the missing ones; the others are new
     */
    void applyTasks(Map<SubjectKey, Task> loaded) {
        loaded.forEach((key, task) -> Objects.requireNonNull(touched.get(key)).adopt(task));
        for (int i = 0; i < events.size() && bytes <= limits.bytes(); i++) {
            TaskEvent event = events.get(i);
            Touched task = concerned.get(i);
            if (task == null) {
                collect(event);
            } else {
                apply(event, task);
            }
            Objects.requireNonNull(byShard.get(event.shard())).consume();
        }
        full |= bytes > limits.bytes();
        for (Touched each : inOrder) {
            if (each.reached) {
                finish(each);
            }
        }
    }

    private void apply(TaskEvent event, Touched task) {
        if (!task.reached) {
            task.reached = true;
            task.was = task.task.state();
            state.aggregates().forEach(aggregate -> aggregate.before(task.key, task.task));
        }
        int before = task.task.forgetsReports() ? -1 : task.task.transitions();
        if (!task.task.apply(event, state.fingerprint().of(event, task.task.name()))) {
            duplicates++;
            return;
        }
        int added = before < 0 ? 1 : task.task.transitions() - before;
        duplicates += 1 - added;
        task.firstChange = task.firstChange == null ? event : task.firstChange;
        task.lastChange = event;
        int size = task.task.bytes();
        bytes += size - task.bytes;
        task.bytes = size;
        count(event, added);
    }

    /** Takes over tasks that changed otherwise than by events. */
    void put(Map<SubjectKey, Task> changed) {
        changed.forEach((key, task) -> changes.put(key, new ChangedTask(task, false, task.bornMs())));
    }

    private void collect(TaskEvent event) {
        state.lostTasks().note(event);
        boolean isRecord = records.note(
                event,
                (queue, depth) ->
                        state.aggregates().forEach(aggregate -> aggregate.depth(queue, depth, event.receivedMs())));
        if (!isRecord) {
            count(event, 1);
        }
    }

    private void count(TaskEvent event, int transitions) {
        counts.add(event, transitions);
        clamped += event.isClamped() ? 1 : 0;
    }

    private void finish(Touched each) {
        Task task = each.task;
        TaskEvent first = each.firstChange;
        TaskEvent last = each.lastChange;
        if (first == null || last == null) {
            return;
        }
        state.aggregates().forEach(aggregate -> aggregate.after(each.key, task, first.receivedMs()));
        changes.put(each.key, new ChangedTask(task, each.isNew, first.receivedMs()));
        state.lostTasks().changed(each.key, task);
        String queue = task.queue();
        if (queue != null && state.queues().note(each.key.engine(), queue, last.receivedMs())) {
            records.noteQueue(queue, last);
        }
        String worker = isByWorker(last.state()) ? last.worker() : null;
        if (worker != null && state.workers().note(each.key.engine(), worker, last.receivedMs())) {
            records.noteWorker(worker, last);
        }
        if (task.state().isFinal() && !each.was.isFinal()) {
            ended.add(new Ended(each.key.engine(), task.state(), task.runtimeMs()));
        }
    }

    /** Whether the worker itself reports such events. A task is sent and revoked by other processes. */
    private static boolean isByWorker(TaskState state) {
        return state != TaskState.PENDING && state != TaskState.REVOKED && state != TaskState.UNKNOWN;
    }

    /** Loads the stored records and values that the changes concern, and returns all changes of the step. */
    Future<ProjectionChanges> complete(ProjectionEngine engine, Lease lease) {
        Map<ProjectionTable, Set<String>> wanted = records.wanted();
        Set<BlockField> blocks = state.wanted();
        Future<Map<ProjectionTable, Map<String, String>>> kept =
                wanted.isEmpty() ? Future.succeededFuture(Map.of()) : engine.load(lease, wanted);
        return kept.compose(known -> {
            Future<Map<BlockField, byte[]>> values =
                    blocks.isEmpty() ? Future.succeededFuture(Map.of()) : engine.loadBlocks(lease, blocks);
            return values.map(stored -> changes(known, stored));
        });
    }

    private ProjectionChanges changes(Map<ProjectionTable, Map<String, String>> kept, Map<BlockField, byte[]> blocks) {
        records.apply(kept, changes, event -> count(event, 1));
        counts.flush();
        state.aggregates().forEach(aggregate -> {
            aggregate.load(blocks);
            aggregate.write(changes);
        });
        for (ShardReader reader : readers) {
            changes.advance(reader.shard(), reader.progress());
            skipped += reader.takeSkipped();
        }
        changes.count(ProjectionCounts.DUPLICATES, duplicates);
        changes.count(ProjectionCounts.CLAMPED, clamped);
        changes.count(ProjectionCounts.SKIPPED_BYTES, skipped);
        return changes;
    }

    boolean hasChangedTasks() {
        return !changes.tasks().isEmpty();
    }

    /** Keeps the changed tasks in memory, after the changes were stored. */
    void keep() {
        Map<SubjectKey, Task> changed = new LinkedHashMap<>();
        changes.tasks().forEach((key, task) -> changed.put(key, task.task()));
        state.cache().putAll(changed);
    }

    /** The tasks that these events finished. */
    List<Ended> ended() {
        return ended;
    }

    /** Bytes of events that were deleted or unreadable before they were projected. */
    long skipped() {
        return skipped;
    }
}
