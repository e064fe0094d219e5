package dev.ganglion.projection.run;

import org.jspecify.annotations.Nullable;

/**
 * Why a task failed, was revoked, was rejected or is retried.
 *
 * <ul>
 *   <li>The exception is {@code type: message}. Without either, it is the event's {@code reason}.
 *   <li>rq sends the whole traceback as the exception. It becomes the traceback, and the lines after its last frame
 *   become the exception.
 *   <li>Celery sends the exception's {@code repr} as the message, so its type would appear twice. {@code
 *   ValueError('x')} with the type {@code ValueError} becomes {@code ValueError: x}; {@code KeyError(1, 2)} with the type
 *   {@code KeyError} stays {@code KeyError(1, 2)}.
 * </ul>
 *
 * @param exception type and message, not cut; null if the event gives no reason
 * @param traceback not cut; null if the event has none
 */
public record FailureText(
        @Nullable String exception, @Nullable String traceback) {
    private static final String HEADER = "Traceback (most recent call last):";
    private static final String DURING = "During handling of the above exception, another exception occurred:";
    private static final String CAUSE = "The above exception was the direct cause of the following exception:";

    static FailureText of(
            @Nullable String type, @Nullable String message, @Nullable String reason, @Nullable String traceback) {
        if (type != null && type.startsWith(HEADER)) {
            String raised = raisedBy(type);
            return new FailureText(raised.isEmpty() ? message : raised, traceback == null ? type.strip() : traceback);
        } else if (type != null && message != null) {
            return new FailureText(joined(type, message), traceback);
        }
        String only = type == null ? message : type;
        return new FailureText(only == null ? reason : only, traceback);
    }

    private static String joined(String type, String message) {
        String name = type.substring(type.lastIndexOf('.') + 1);
        if (message.isEmpty() || name.isEmpty()) {
            return message.isEmpty() ? type : message;
        }
        for (String said : new String[] {type, name}) {
            if (message.equals(said) || message.startsWith(said + ": ")) {
                return message;
            } else if (message.startsWith(said + "(") && message.endsWith(")")) {
                return withoutRepr(type, message, message.substring(said.length() + 1, message.length() - 1));
            }
        }
        return type + ": " + message;
    }

    /** {@code type: text} if the arguments are one Python string; only the type if there are none. */
    private static String withoutRepr(String type, String message, String arguments) {
        if (arguments.isEmpty()) {
            return type;
        }
        // Before Python 3.7, the repr of a single argument ended with a comma.
        String argument = arguments.endsWith(",") ? arguments.substring(0, arguments.length() - 1) : arguments;
        String text = pythonString(argument);
        return text == null ? message : type + ": " + text;
    }

    /** The text of a Python string literal as {@code repr} writes it; null if the code is anything else. */
    private static @Nullable String pythonString(String code) {
        int last = code.length() - 1;
        if (last < 1 || (code.charAt(0) != '\'' && code.charAt(0) != '"') || code.charAt(last) != code.charAt(0)) {
            return null;
        }
        StringBuilder text = new StringBuilder(last);
        for (int i = 1; i < last; i++) {
            char c = code.charAt(i);
            if (c == code.charAt(0)) {
                return null;
            } else if (c == '\\') {
                if (++i == last) {
                    return null;
                }
                unescape(code.charAt(i), text);
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    private static void unescape(char escaped, StringBuilder text) {
        switch (escaped) {
            case 'n' -> text.append('\n');
            case 't' -> text.append('\t');
            case 'r' -> text.append('\r');
            case '\'', '"', '\\' -> text.append(escaped);
            default -> text.append('\\').append(escaped);
        }
    }

    /**
     * The exception at the end of a Python traceback: the lines after the last frame. Frames are indented, and a chain
     * of exceptions has a traceback for each. Empty if the traceback ends within its frames.
     */
    private static String raisedBy(String traceback) {
        int at = HEADER.length();
        while (true) {
            at = afterFrames(traceback, at);
            int next = nextOfChain(traceback, at);
            if (next < 0) {
                return traceback.substring(at).strip();
            }
            at = next + HEADER.length();
        }
    }

    /** The first line after {@code from} that is neither empty nor indented. */
    private static int afterFrames(String traceback, int from) {
        int at = from;
        while (at < traceback.length()) {
            int line = traceback.indexOf('\n', at) + 1;
            if (line == 0) {
                return traceback.length();
            }
            at = line;
            if (at < traceback.length() && traceback.charAt(at) > ' ') {
                return at;
            }
        }
        return at;
    }

    /** Position of the header of the exception that followed the one at {@code from}; -1 if it was the last. */
    private static int nextOfChain(String traceback, int from) {
        int during = traceback.indexOf("\n\n" + DURING + "\n\n" + HEADER, from);
        int cause = traceback.indexOf("\n\n" + CAUSE + "\n\n" + HEADER, from);
        if (during < 0 && cause < 0) {
            return -1;
        }
        boolean first = cause < 0 || (during >= 0 && during < cause);
        return first ? during + DURING.length() + 4 : cause + CAUSE.length() + 4;
    }
}
