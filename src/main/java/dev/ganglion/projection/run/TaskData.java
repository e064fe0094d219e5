package dev.ganglion.projection.run;

import dev.ganglion.projection.task.TaskText;
import dev.ganglion.protocol.json.CanonicalStringReader;
import dev.ganglion.protocol.json.CutText;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads the values that a task keeps from the data of an event, without a JSON tree. */
final class TaskData {
    /** The runtime of an event that reports none. */
    static final long NO_RUNTIME = -1;

    private static final int MAX_PRIORITY = 255;
    private static final int MAX_PRIORITY_WORD = 40;
    private static final int MAX_INTEGER_LENGTH = 9;
    /** A double represents every integer of so many digits, and each of these powers of ten, exactly. */
    private static final int EXACT_DIGITS = 15;

    private static final double MILLIS = 1_000;

    private static final double[] POWERS = new double[EXACT_DIGITS + 1];

    static {
        double power = 1;
        for (int i = 0; i <= EXACT_DIGITS; i++) {
            POWERS[i] = power;
            power *= 10;
        }
    }

    private TaskData() {}

    /** The name, cut to its limit; null if the agent does not know it. */
    static @Nullable RecordText knownName(@Nullable RecordText name) {
        return name == null
                        || name.toString().equals("unknown")
                        || name.toString().startsWith("<unknown")
                ? null
                : name(name);
    }

    /** A name or an id, cut to its limit. */
    static @Nullable RecordText name(@Nullable RecordText name) {
        return name == null || name.toString().length() <= TaskText.MAX_NAME
                ? name
                : new RecordText(CutText.cut(name.toString(), TaskText.MAX_NAME));
    }

    /** The priority, an {@code Integer} from 0 to 255 or a {@link RecordText}; null if it is missing or malformed. */
    static @Nullable Object priority(TaskEvent event) {
        RecordText word = event.text(DataField.PRIORITY);
        if (word != null) {
            return word.toString().length() <= MAX_PRIORITY_WORD ? word : null;
        }
        int number = integer(event, DataField.PRIORITY);
        return number >= 0 && number <= MAX_PRIORITY ? (Integer) number : null;
    }

    /** A member that is an integer from 0 to 999,999,999; -1 for any other value. */
    static int integer(TaskEvent event, DataField field) {
        if (!event.has(field)) {
            return -1;
        }
        int start = event.start(field);
        int end = event.end(field);
        if (end - start > MAX_INTEGER_LENGTH) {
            return -1;
        }
        int value = 0;
        for (int i = start; i < end; i++) {
            int digit = event.bytes()[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    /** How long the task ran, in milliseconds; {@link #NO_RUNTIME} if the event does not tell. */
    static long runtimeMillis(TaskEvent event) {
        double seconds = number(event, DataField.RUNTIME);
        double runtime = Double.isNaN(seconds) ? number(event, DataField.RUNTIME_MS) : seconds * MILLIS;
        return runtime >= 0 && runtime < Long.MAX_VALUE ? Math.round(runtime) : NO_RUNTIME;
    }

    /** A member that is a number; NaN for any other value. */
    private static double number(TaskEvent event, DataField field) {
        if (!event.has(field)) {
            return Double.NaN;
        }
        int start = event.start(field);
        byte[] bytes = event.bytes();
        if (bytes[start] != '-' && !isDigit(bytes[start])) {
            return Double.NaN;
        }
        int end = event.end(field);
        double simple = decimal(bytes, start, end);
        return Double.isNaN(simple) ? parsed(new String(bytes, start, end - start, StandardCharsets.US_ASCII)) : simple;
    }

    /** Reads a short number without sign and exponent; NaN for any other. */
    private static double decimal(byte[] bytes, int start, int end) {
        if (end - start > EXACT_DIGITS) {
            return Double.NaN;
        }
        long digits = 0;
        int fraction = 0;
        boolean point = false;
        for (int i = start; i < end; i++) {
            if (isDigit(bytes[i])) {
                digits = digits * 10 + bytes[i] - '0';
                fraction += point ? 1 : 0;
            } else if (bytes[i] == '.' && !point) {
                point = true;
            } else {
                return Double.NaN;
            }
        }
        return digits / POWERS[fraction];
    }

    private static boolean isDigit(byte c) {
        return c >= '0' && c <= '9';
    }

    private static double parsed(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) { // a number that only Python can read
            return Double.NaN;
        }
    }

    /** A member's value in full length: a text unchanged, any other value as JSON; null if it is missing. */
    static @Nullable String value(TaskEvent event, DataField field) {
        if (!event.has(field)) {
            return null;
        }
        int start = event.start(field);
        return event.bytes()[start] == '"'
                ? CanonicalStringReader.decode(event.bytes(), start, event.end(field))
                : new String(event.bytes(), start, event.end(field) - start, StandardCharsets.UTF_8);
    }

    /** The same value in UTF-8, cut to {@code most} characters. */
    static byte @Nullable [] utf8(TaskEvent event, DataField field, int most) {
        if (!event.has(field)) {
            return null;
        }
        int start = event.start(field);
        int end = event.end(field);
        if (end - start > most) {
            return utf8(value(event, field), most);
        }
        return event.bytes()[start] == '"'
                ? CanonicalStringReader.utf8(event.bytes(), start, end)
                : Arrays.copyOfRange(event.bytes(), start, end);
    }

    /** A text in UTF-8, cut to {@code most} characters. */
    static byte @Nullable [] utf8(@Nullable String text, int most) {
        return text == null ? null : CutText.cut(text, most).getBytes(StandardCharsets.UTF_8);
    }
}
