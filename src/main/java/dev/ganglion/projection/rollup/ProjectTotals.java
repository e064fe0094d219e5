package dev.ganglion.projection.rollup;

import dev.ganglion.projection.BlockField;
import dev.ganglion.projection.ProjectionAggregate;
import dev.ganglion.projection.ProjectionChanges;
import dev.ganglion.projection.ProjectionEngine;
import dev.ganglion.projection.failure.Fingerprint;
import dev.ganglion.projection.rollup.TaskFacts.Fact;
import dev.ganglion.projection.run.Task;
import dev.ganglion.projection.task.SubjectKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the roll-ups and failure groups of a project while its tasks are projected. A step counts the difference between
 * the facts of a task before and after it, so a report that arrives late corrects what was counted before it.
 */
public final class ProjectTotals implements ProjectionAggregate {
    private static final long MICROS_PER_MILLI = 1_000;

    private final RollUps rollUps;
    private final FailureGroups groups;
    private final Function<String, @Nullable String> agentVersion;
    private final Map<SubjectKey, TaskFacts> before = new HashMap<>();
    /** What was noted before the directories were loaded. */
    private final List<Runnable> waiting = new ArrayList<>();

    private boolean loaded;

    /**
     * Creates totals whose stored values are not loaded.
     *
     * @param maxBytes largest size of the roll-ups in memory between two steps, in bytes
     * @param agentVersion version of an agent; null if unknown
     */
    public ProjectTotals(long maxBytes, Function<String, @Nullable String> agentVersion) {
        this.rollUps = new RollUps(maxBytes);
        this.groups = new FailureGroups(rollUps);
        this.agentVersion = agentVersion;
    }

    @Override
    public void before(SubjectKey key, Task task) {
        if (task.bornMs() != 0) {
            before.put(key, TaskFacts.of(task));
        }
    }

    @Override
    public void after(SubjectKey key, Task task, long receivedMs) {
        TaskFacts now = TaskFacts.of(task);
        TaskFacts was = before.remove(key);
        Counted counted = new Counted(key, task, receivedMs);
        note(() -> {
            count(was, now, counted);
            if (was != null && !Objects.equals(was.worker(), now.worker())) {
                now.facts().forEach(fact -> busy(fact, now, counted));
            }
        });
    }

    private void note(Runnable action) {
        if (loaded) {
            action.run();
        } else {
            waiting.add(action);
        }
    }

    /** The task whose facts are counted. */
    private record Counted(SubjectKey key, Task task, long receivedMs) {}

    private void count(@Nullable TaskFacts was, TaskFacts now, Counted counted) {
        boolean moved =
                was != null && !(Objects.equals(was.name(), now.name()) && Objects.equals(was.queue(), now.queue()));
        if (was == null || moved) {
            now.facts().forEach(fact -> count(fact, now, counted, 1));
            if (was != null) {
                was.facts().forEach(fact -> count(fact, was, counted, -1));
            }
            return;
        }
        int same = 0;
        int most = Math.min(was.facts().size(), now.facts().size());
        while (same < most && was.facts().get(same).equals(now.facts().get(same))) {
            same++;
        }
        if (same == was.facts().size()) { // the usual case
            for (int i = same; i < now.facts().size(); i++) {
                count(now.facts().get(i), now, counted, 1);
            }
            return;
        }
        Map<Fact, Integer> differences = new LinkedHashMap<>();
        now.facts().stream().skip(same).forEach(fact -> differences.merge(fact, 1, Integer::sum));
        was.facts().stream()
                .skip(same)
                .filter(fact -> !now.mayHaveForgotten(fact) || differences.containsKey(fact))
                .forEach(fact -> differences.merge(fact, -1, Integer::sum));
        differences.forEach((fact, by) -> count(fact, by < 0 ? was : now, counted, by));
    }

    private void count(Fact fact, TaskFacts owner, Counted counted, int by) {
        if (by == 0) {
            return;
        }
        long atMs = fact.micros() / MICROS_PER_MILLI;
        long receivedMs = counted.receivedMs();
        switch (fact.type()) {
            case TRANSITION -> {
                tasks(owner, receivedMs).count(Objects.requireNonNull(fact.kind()), atMs, receivedMs, by);
                if (by > 0) {
                    busy(fact, owner, counted);
                }
            }
            case RAN -> tasks(owner, receivedMs).ran(fact.value(), atMs, receivedMs, by);
            case FAILED -> failed(fact, owner, counted, by);
            case ENTERED, LEFT, WAITED -> {
                QueueTotals queue = queue(owner, counted);
                if (queue != null) {
                    count(fact, queue, receivedMs, by);
                }
            }
        }
    }

    /** Notes that a worker had to do with a task. The sender of a task is not its worker. */
    private void busy(Fact fact, TaskFacts owner, Counted counted) {
        if (owner.worker() != null && fact.kind() != null && fact.kind() != TransitionKind.SENT) {
            rollUps.worker(
                    counted.key().engine(), owner.worker(), fact.micros() / MICROS_PER_MILLI, counted.receivedMs());
        }
    }

    private TaskTotals tasks(TaskFacts owner, long receivedMs) {
        TaskTotals tasks = owner.tasks;
        if (tasks == null) {
            tasks = rollUps.tasks(owner.name(), owner.queue(), receivedMs);
            owner.tasks = tasks;
        }
        return tasks;
    }

    private @Nullable QueueTotals queue(TaskFacts owner, Counted counted) {
        if (owner.inQueue == null && owner.queue() != null) {
            owner.inQueue = rollUps.queue(counted.key().engine(), owner.queue(), counted.receivedMs());
        }
        return owner.inQueue;
    }

    private static void count(Fact fact, QueueTotals queue, long receivedMs, int by) {
        long atMs = fact.micros() / MICROS_PER_MILLI;
        switch (fact.type()) {
            case ENTERED -> queue.entered(atMs, receivedMs, by);
            case LEFT -> queue.left(atMs, receivedMs, by);
            default -> queue.waited(fact.value(), atMs, receivedMs, by);
        }
    }

    private void failed(Fact fact, TaskFacts owner, Counted counted, int by) {
        Task task = counted.task();
        Failure failure = new Failure(
                fact.value(),
                counted.key().text(),
                fact.micros() / MICROS_PER_MILLI,
                counted.receivedMs(),
                owner.worker(),
                owner.queue(),
                owner.agent() == null ? null : agentVersion.apply(owner.agent()));
        groups.add(failure, by, () -> Fingerprint.of(task.name(), task.exception(), task.traceback()));
    }

    @Override
    public void depth(SubjectKey queue, long depth, long receivedMs) {
        note(() -> rollUps.queue(queue.engine(), queue.name(), receivedMs).depth(depth, receivedMs, receivedMs));
    }

    @Override
    public void surveyed(ProjectionEngine.Survey found, long nowMs) {
        note(() -> {
            found.depths().forEach((key, depth) -> {
                int end = key.indexOf('|');
                rollUps.queue(key.substring(0, end), key.substring(end + 1), nowMs)
                        .depth(depth, nowMs, nowMs);
            });
            rollUps.workersOnline(
                    found.workersOnline().values().stream()
                            .mapToInt(Integer::intValue)
                            .sum(),
                    nowMs);
        });
    }

    @Override
    public Set<BlockField> wanted() {
        Set<BlockField> wanted = new LinkedHashSet<>(rollUps.missing());
        wanted.addAll(groups.missing());
        return wanted;
    }

    @Override
    public void load(Map<BlockField, byte[]> stored) {
        rollUps.load(stored);
        groups.load(stored);
        loaded = true;
        waiting.forEach(Runnable::run);
        waiting.clear();
    }

    @Override
    public void write(ProjectionChanges changes) {
        rollUps.write(changes);
        groups.write(changes);
        before.clear();
    }

    /** The failure groups. */
    public FailureGroups groups() {
        return groups;
    }

    /** Estimates the heap that the totals occupy after the last step, in bytes. */
    public long bytes() {
        return rollUps.bytes() + groups.bytes();
    }
}
