package dev.ganglion.projection.lost;

import dev.ganglion.projection.task.SubjectKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The started tasks of a project, for {@link LostTaskSweeper}. The projection reports each task that starts, makes progress
 * or ends. Holds at most {@link #MOST} tasks; further ones are judged once others have ended. Not thread-safe.
 */
public final class StartedTasks {
    /** Most tasks; each occupies about 500 bytes. */
    public static final int MOST = 50_000;

    private final Map<SubjectKey, OpenTask> tasks = new LinkedHashMap<>();
    private boolean isComplete = true;
    private int nextAgent;

    /** Adds or replaces a started task. */
    public void put(OpenTask task) {
        if (tasks.size() < MOST || tasks.containsKey(task.key())) {
            tasks.put(task.key(), task);
        } else {
            isComplete = false;
        }
    }

    /** Removes a task, which is not in the state {@code started} any more. */
    public void remove(SubjectKey key) {
        tasks.remove(key);
    }

    /** Whether there are none. */
    boolean isEmpty() {
        return tasks.isEmpty();
    }

    /** Whether tasks were left out for lack of room, and there is room again. Then returns false until it happens again. */
    public boolean takeRoom() {
        boolean room = !isComplete && tasks.size() < MOST / 2;
        isComplete |= room;
        return room;
    }

    /** All tasks. */
    public List<OpenTask> all() {
        return List.copyOf(tasks.values());
    }

    /** All tasks that are marked as lost. */
    public List<OpenTask> lost() {
        return tasks.values().stream().filter(task -> task.mark() != null).toList();
    }

    /** Takes the marks over from a sweep. */
    void apply(LostTasks.Sweep sweep) {
        sweep.lost().forEach(task -> tasks.replace(task.key(), task));
        sweep.found().forEach(key -> tasks.computeIfPresent(key, (same, task) -> task.marked(null)));
    }

    /** Chooses the agents for the next look at the store: all of them, or the next ones in turn. */
    Set<String> nextAgents() {
        Set<String> agents = new LinkedHashSet<>();
        for (OpenTask task : tasks.values()) {
            task.starts().forEach(start -> agents.add(start.process().agentId()));
        }
        if (agents.size() <= ProcessPresence.MOST) {
            return agents;
        }
        List<String> all = new ArrayList<>(agents);
        agents.clear();
        for (int i = 0; i < ProcessPresence.MOST; i++) {
            agents.add(all.get(Math.floorMod(nextAgent++, all.size())));
        }
        return agents;
    }

    /** The engine workers of tasks whose agents the next look includes. */
    static Set<SubjectKey> workersOf(Collection<OpenTask> tasks, Set<String> agents) {
        Set<SubjectKey> workers = new LinkedHashSet<>();
        for (OpenTask task : tasks) {
            SubjectKey worker = task.workerKey();
            if (worker != null
                    && workers.size() < ProcessPresence.MOST
                    && agents.contains(task.lastStart().process().agentId())) {
                workers.add(worker);
            }
        }
        return workers;
    }
}
