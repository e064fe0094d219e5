package dev.ganglion.projection.task;

import dev.ganglion.protocol.json.CutText;
import io.vertx.core.json.Json;
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
    private static final double MILLIS = 1_000;

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

    /** The value as text: a text unchanged, other values as JSON. */
    static @Nullable String value(JsonObject data, String key, int most) {
        Object value = data.getValue(key);
        return value == null ? null : cut(value instanceof String text ? text : Json.encode(value), most);
    }

    /** The reason why the task failed, was revoked or was rejected. */
    static @Nullable String exception(ProjectedEvent event) {
        String type = value(event.data(), "exception", MAX_VALUE);
        String message = value(event.data(), "exception_message", MAX_VALUE);
        if (type == null && message == null) {
            return value(event.data(), "reason", MAX_VALUE);
        }
        return message == null ? type : cut(type == null ? message : type + ": " + message, MAX_VALUE);
    }

    static @Nullable Long runtimeMillis(JsonObject data) {
        Object seconds = data.getValue("runtime");
        Object millis = data.getValue("runtime_ms");
        double runtime;
        if (seconds instanceof Number number) {
            runtime = number.doubleValue() * MILLIS;
        } else if (millis instanceof Number number) {
            runtime = number.doubleValue();
        } else {
            return null;
        }
        return runtime >= 0 && runtime < Long.MAX_VALUE ? Math.round(runtime) : null;
    }
}
