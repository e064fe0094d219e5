package dev.ganglion.projection.task;

import dev.ganglion.protocol.json.CutText;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Extracts the values that a task keeps from an event's data, and cuts them to their limits. */
public final class TaskText {
    /** Longest name of a task, queue or worker, in characters. */
    public static final int MAX_NAME = 500;
    /** Longest args, kwargs, result and exception, in characters each. */
    public static final int MAX_VALUE = 2_048;
    /** Longest traceback, in characters. */
    public static final int MAX_TRACEBACK = 8_192;

    private static final int MAX_PRIORITY = 255;
    private static final int MAX_PRIORITY_WORD = 40;

    private TaskText() {}

    /**
     * The task's name, cut to {@link #MAX_NAME} characters; null if it is missing. Agents that do not know the name send {@code unknown} or {@code
     * <unknown…>}, which counts as missing.
     */
    public static @Nullable String name(JsonObject data) {
        for (String key : new String[] {"task_name", "name"}) {
            if (data.getValue(key) instanceof String text
                    && !text.isEmpty()
                    && !text.equals("unknown")
                    && !text.startsWith("<unknown")) {
                return CutText.cut(text, MAX_NAME);
            }
        }
        return null;
    }

    /** The priority, a number from 0 to 255 or a text; null if it is missing or malformed. */
    public static @Nullable Object priority(JsonObject data) {
        Object value = data.getValue("priority");
        boolean number = value instanceof Integer level && level >= 0 && level <= MAX_PRIORITY;
        boolean word = value instanceof String text && !text.isEmpty() && text.length() <= MAX_PRIORITY_WORD;
        return number || word ? value : null;
    }

    public static @Nullable String cut(@Nullable String text, int most) {
        return text == null ? null : CutText.cut(text, most);
    }
}
