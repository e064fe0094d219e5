package dev.ganglion.projection.failure;

/** Reads the arguments of an exception from its {@code repr} in Python. */
final class PythonRepr {
    private PythonRepr() {}

    /**
     * The message of an exception with these arguments, as {@code str} returns it: a single text without its quotes,
     * another single argument as it is, several arguments in parentheses.
     */
    static String message(String arguments) {
        // Before Python 3.7, a comma followed a single argument.
        String code = arguments.endsWith(",") ? arguments.substring(0, arguments.length() - 1) : arguments;
        int comma = endOfFirst(code);
        if (comma < code.length()) {
            return "(" + code + ")";
        }
        char first = code.isEmpty() ? ' ' : code.charAt(0);
        boolean text = (first == '\'' || first == '"') && code.length() > 1 && code.charAt(code.length() - 1) == first;
        return text ? unescaped(code.substring(1, code.length() - 1)) : code;
    }

    /** Position of the comma after the first argument; the length of the code if there is only one. */
    private static int endOfFirst(String code) {
        int depth = 0;
        char quote = 0;
        int at = 0;
        while (at < code.length()) {
            char c = code.charAt(at);
            if (quote != 0) {
                at += c == '\\' ? 1 : 0;
                quote = c == quote ? 0 : quote;
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (c == '(' || c == '[' || c == '{') {
                depth++;
            } else if (c == ')' || c == ']' || c == '}') {
                depth--;
            } else if (c == ',' && depth == 0) {
                return at;
            }
            at++;
        }
        return code.length();
    }

    private static String unescaped(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        StringBuilder plain = new StringBuilder(text.length());
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != '\\' || at == text.length()) {
                plain.append(c);
            } else {
                unescape(text.charAt(at++), plain);
            }
        }
        return plain.toString();
    }

    private static void unescape(char escaped, StringBuilder plain) {
        switch (escaped) {
            case 'n' -> plain.append('\n');
            case 't' -> plain.append('\t');
            case 'r' -> plain.append('\r');
            case '\'', '"', '\\' -> plain.append(escaped);
            default -> plain.append('\\').append(escaped);
        }
    }
}
