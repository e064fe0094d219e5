package dev.ganglion.projection.lost;

import dev.ganglion.projection.lost.OpenTask.Start;
import dev.ganglion.projection.lost.PresenceView.Cluster;
import dev.ganglion.projection.lost.PresentProcess.Identity;
import dev.ganglion.projection.run.TextHash;
import dev.ganglion.projection.task.SubjectKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A project whose agents, cluster and clock the tests of {@link LostTasks} set. Sweeps every three seconds. */
final class World {
    static final String AGENT = "agent";
    private static final long SWEEP_MS = 3_000;

    final LostTasks policy = new LostTasks();
    final Map<String, List<PresentProcess>> agents = new HashMap<>();
    final Map<SubjectKey, WorkerSigns> workers = new HashMap<>();
    final Set<String> nodes = new HashSet<>(Set.of("n1", "n2", "n3"));
    private final Map<SubjectKey, OpenTask> tasks = new LinkedHashMap<>();
    boolean healthy = true;
    boolean storeAnswers = true;
    boolean upToDate = true;
    long now = 1_800_000_000_000L;
    /** How much the agents cut from the times of their events. */
    long cutMs;

    /** A session of a process that started just now. */
    PresentProcess process(String token, int pid, String... reported) {
        Set<SubjectKey> names = new HashSet<>();
        for (String name : reported) {
            names.add(new SubjectKey("rq", name));
        }
        return new PresentProcess(
                TextHash.of(token), false, new Identity("host", pid, now - 500), "task", now, Set.of(), names);
    }

    /** The same process, connected again just now. */
    PresentProcess again(PresentProcess before) {
        return new PresentProcess(
                before.process(),
                before.longPoll(),
                before.identity(),
                before.role(),
                now,
                before.engines(),
                before.workers());
    }

    PresentProcess longPoll(String token) {
        return new PresentProcess(TextHash.of(token), true, null, null, now, Set.of(), Set.of());
    }

    void connect(PresentProcess... sessions) {
        agents.put(AGENT, List.of(sessions));
    }

    void disconnect() {
        agents.put(AGENT, List.of());
    }

    /** A task of an engine whose start a process reports just now. */
    SubjectKey start(String engine, String id, @Nullable String worker, String... tokens) {
        List<Start> starts = new ArrayList<>();
        for (String token : tokens) {
            starts.add(new Start(key(token), now - cutMs, now + 5));
        }
        SubjectKey key = new SubjectKey(engine, id);
        tasks.put(key, new OpenTask(key, worker, starts, false, null));
        return key;
    }

    /** The process with this name; the one without a name if it is empty. */
    static ProcessKey key(String token) {
        return ProcessKey.of(AGENT, token.isEmpty() ? AGENT : token);
    }

    SubjectKey start(String id, String token) {
        return start("rq", id, null, token);
    }

    void end(SubjectKey key) {
        tasks.remove(key);
    }

    /** Lets time pass. */
    void pass(long seconds) {
        for (long left = seconds * 1000; left > 0; left -= SWEEP_MS) {
            now += Math.min(left, SWEEP_MS);
            sweep();
        }
    }

    void sweep() {
        if (!storeAnswers) {
            policy.interrupted();
            return;
        }
        PresenceView view = new PresenceView(now, new Cluster(healthy, Set.copyOf(nodes)), agents, workers);
        LostTasks.Sweep sweep = policy.sweep(now * 1_000_000, List.copyOf(tasks.values()), view, upToDate);
        sweep.lost().forEach(task -> tasks.put(task.key(), task));
        sweep.found().forEach(key -> tasks.computeIfPresent(key, (same, task) -> task.marked(null)));
    }

    /** The reason why a task is lost; empty if it is not. */
    String reason(SubjectKey key) {
        LostMark mark = mark(key);
        return mark == null ? "" : mark.reason().label();
    }

    @Nullable
    LostMark mark(SubjectKey key) {
        OpenTask task = tasks.get(key);
        return task == null ? null : task.mark();
    }

    List<OpenTask> marked() {
        return tasks.values().stream().filter(task -> task.mark() != null).toList();
    }
}
