package dev.ganglion.projection.failure;

import org.jspecify.annotations.Nullable;

/**
 * The type and the message of an exception.
 *
 * <ul>
 *   <li>{@code ValueError: no stock} has the type {@code ValueError} and the message {@code no stock}.
 *   <li>{@code ValueError('no stock')} and {@code ValueError: ValueError('no stock')} mean the same.
 *   <li>Of a whole Python traceback, the exception after the last frame counts.
 *   <li>A text such as {@code terminated by signal 9} has no type; all of it is the message.
 * </ul>
 *
 * @param type name of the exception's class as reported, with or without its module; empty if unknown
 * @param message empty if there is none
 */
record ExceptionText(String type, String message) {
    private static final int MAX_TYPE = 200;

    /** Reads an exception as agents report it, without a limit of its length. */
    public static ExceptionText of(@Nullable String exception) {
        String text = exception == null ? "" : exception.strip();
        if (PythonTraceback.begins(text)) {
            text = PythonTraceback.raised(text);
        }
        int name = endOfType(text);
        if (name == 0) {
            return new ExceptionText("", text);
        }
        String type = text.substring(0, name);
        if (name == text.length()) {
            return new ExceptionText(type, "");
        }
        return text.charAt(name) == '('
                ? new ExceptionText(type, PythonRepr.message(text.substring(name + 1, text.length() - 1)))
                : new ExceptionText(
                        type, withoutType(type, text.substring(name + 1).strip()));
    }

    /** The name of the type without its module. */
    public String simpleType() {
        return type.substring(type.lastIndexOf('.') + 1);
    }

    /** Removes the type from a message that is a {@code repr}. */
    private static String withoutType(String type, String message) {
        String simple = type.substring(type.lastIndexOf('.') + 1);
        for (String name : new String[] {type, simple}) {
            if (message.startsWith(name + "(") && message.endsWith(")")) {
                return PythonRepr.message(message.substring(name.length() + 1, message.length() - 1));
            } else if (message.startsWith(name + ": ")) {
                return message.substring(name.length() + 2);
            }
        }
        return message;
    }

    /**
     * The length of the type at the beginning of a text; 0 if there is none. A type is a dotted name whose last part
     * begins with a capital letter, or that has a dot. A colon, a parenthesis or nothing follows it.
     */
    private static int endOfType(String text) {
        int at = 0;
        int part = 0;
        int most = Math.min(text.length(), MAX_TYPE);
        while (at < most && isOfName(text.charAt(at))) {
            if (text.charAt(at) == '.') {
                part = at + 1;
            }
            at++;
        }
        if (part >= at || Character.isDigit(text.charAt(0)) || (part == 0 && !Character.isUpperCase(text.charAt(0)))) {
            return 0;
        }
        return at == text.length() || isEndOfType(text, at) ? at : 0;
    }

    private static boolean isOfName(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '.';
    }

    private static boolean isEndOfType(String text, int at) {
        if (text.charAt(at) == '(') {
            return text.endsWith(")");
        }
        return text.charAt(at) == ':' && (at + 1 == text.length() || Character.isWhitespace(text.charAt(at + 1)));
    }
}
