package dev.ganglion.command;

import org.jspecify.annotations.Nullable;

/**
 * Facts about a task that an agent is to retry. They never include its arguments, since the stored arguments are
 * redacted.
 *
 * @param name the task's name; null if unknown
 * @param priority a number or a text, as the engine reported it; null if unknown
 */
public record TaskFacts(@Nullable String name, @Nullable Object priority) {
    /** No facts are known. */
    public static final TaskFacts NONE = new TaskFacts(null, null);

    /** Whether all facts are known. */
    public boolean isComplete() {
        return name != null && priority != null;
    }

    /** Returns these facts, with missing ones taken from {@code older}. */
    public TaskFacts orElse(TaskFacts older) {
        return new TaskFacts(name == null ? older.name : name, priority == null ? older.priority : priority);
    }
}
