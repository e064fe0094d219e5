package dev.ganglion.projection.run;

import dev.ganglion.projection.task.SubjectKey;
import io.vertx.core.json.JsonArray;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Decides by its current facts whether a list shows a task. A task passes if each of these sets is empty or contains the
 * task's value.
 *
 * @param states labels of states
 * @param names exact names
 * @param queues queues that the task was sent to
 * @param workers engine workers that run the task
 * @param engines names of engines
 * @param agents ids of agents that reported the task last
 * @param lost whether the task is lost; null for all tasks
 */
public record TaskFilter(
        Set<String> states,
        Set<String> names,
        Set<String> queues,
        Set<String> workers,
        Set<String> engines,
        Set<String> agents,
        @Nullable Boolean lost) {
    /** Lets every task pass. */
    public static final TaskFilter ALL =
            new TaskFilter(Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), null);

    /** Copies the sets. */
    public TaskFilter {
        states = Set.copyOf(states);
        names = Set.copyOf(names);
        queues = Set.copyOf(queues);
        workers = Set.copyOf(workers);
        engines = Set.copyOf(engines);
        agents = Set.copyOf(agents);
    }

    /** Whether a task passes. */
    public boolean matches(SubjectKey key, Task task) {
        return passes(states, task.state().label())
                && passes(names, task.name())
                && passes(queues, task.queue())
                && passes(workers, task.worker())
                && passes(engines, key.engine())
                && passes(agents, task.agentId())
                && (lost == null || lost == task.isLost());
    }

    private static boolean passes(Set<String> asked, @Nullable String found) {
        return asked.isEmpty() || (found != null && asked.contains(found));
    }

    /** Returns a text that is equal for equal filters only. */
    public String text() {
        return new JsonArray()
                .add(sorted(states))
                .add(sorted(names))
                .add(sorted(queues))
                .add(sorted(workers))
                .add(sorted(engines))
                .add(sorted(agents))
                .add(lost)
                .encode();
    }

    private static JsonArray sorted(Collection<String> texts) {
        JsonArray sorted = new JsonArray();
        new TreeSet<>(texts).forEach(sorted::add);
        return sorted;
    }
}
