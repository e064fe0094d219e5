package dev.ganglion.command;

import org.jspecify.annotations.Nullable;

/**
 * What the brain knows of a task that is to run again. Never its arguments: the stored ones are redacted.
 *
 * @param name what it is called
 * @param priority a number or a word, as its engine said it
 */
public record TaskFacts(@Nullable String name, @Nullable Object priority) {
    /** Nothing is known. */
    public static final TaskFacts NONE = new TaskFacts(null, null);

    /** Whether there is nothing left to find out. */
    public boolean isComplete() {
        return name != null && priority != null;
    }

    /** These, with what is missing taken from older ones. */
    public TaskFacts orElse(TaskFacts older) {
        return new TaskFacts(name == null ? older.name : name, priority == null ? older.priority : priority);
    }
}
