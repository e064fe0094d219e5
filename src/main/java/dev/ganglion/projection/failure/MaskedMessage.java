package dev.ganglion.projection.failure;

/**
 * Masks the parts of an exception's message that differ from one failure to the next, so that equal failures have equal
 * messages. {@code src/docs/failures.md} documents the rules; a changed rule splits every group that exists.
 */
final class MaskedMessage {
    /** Mask of a number, a time, an address or an id with digits. */
    static final String NUMBER = "<n>";
    /** Mask of a UUID. */
    static final String UUID = "<uuid>";
    /** Mask of a hexadecimal number that begins with {@code 0x}. */
    static final String HEX = "<hex>";
    /** Mask of a quoted text. */
    static final String TEXT = "<text>";

    /** Number of characters of a message that count. */
    static final int MAX_READ = 1_000;
    /** Longest masked message, in characters. */
    static final int MAX_LENGTH = 500;

    private static final int HEX_ID = 8;
    private static final int UUID_LENGTH = 36;
    private static final int LOWER_CASE = 0x20;

    private final String message;
    private final int end;
    private final StringBuilder out = new StringBuilder();
    private int at;

    private MaskedMessage(String message) {
        this.message = message;
        this.end = Math.min(message.length(), MAX_READ);
    }

    /** Masks a message. The work is linear in the first {@value #MAX_READ} characters. */
    public static String of(String message) {
        return new MaskedMessage(message.strip()).masked();
    }

    private String masked() {
        while (at < end) {
            char c = message.charAt(at);
            if (isWord(c)) {
                word();
            } else if (isQuote(c) && !isWord(before())) {
                quoted(c);
            } else if (isSign(c)) {
                at++; // the sign belongs to the number
            } else if (Character.isWhitespace(c)) {
                space();
            } else {
                out.append(c);
                at++;
            }
        }
        return cut();
    }

    private String cut() {
        if (out.length() <= MAX_LENGTH) {
            return out.toString().stripTrailing();
        }
        int last = Character.isHighSurrogate(out.charAt(MAX_LENGTH - 1)) ? MAX_LENGTH - 1 : MAX_LENGTH;
        return out.substring(0, last);
    }

    private char before() {
        return at == 0 ? ' ' : message.charAt(at - 1);
    }

    private char charAt(int index) {
        return index < end ? message.charAt(index) : ' ';
    }

    private boolean isSign(char c) {
        return (c == '-' || c == '+') && !isWord(before()) && isDigit(charAt(at + 1));
    }

    private void space() {
        if (!out.isEmpty() && out.charAt(out.length() - 1) != ' ') {
            out.append(' ');
        }
        at++;
    }

    /** Masks a quoted text. If the quote is not closed, the message was cut, and the mask covers the rest. */
    private void quoted(char quote) {
        at++;
        while (at < end) {
            char c = message.charAt(at);
            if (c == '\\') {
                at++;
            } else if (c == quote && !isWord(charAt(at + 1))) {
                break;
            }
            at++;
        }
        at = Math.min(end, at + 1);
        mask(TEXT);
    }

    /** Reads a run of letters and digits, or a longer form that begins with it. */
    private void word() {
        int start = at;
        if (isUuid(start)) {
            at += UUID_LENGTH;
            mask(UUID);
            return;
        } else if (charAt(at) == '0' && (charAt(at + 1) | LOWER_CASE) == 'x' && isHexDigit(charAt(at + 2))) {
            at += 2;
            while (isHexDigit(charAt(at))) {
                at++;
            }
            mask(HEX);
            return;
        }
        while (at < end && isLetterOrDigit(message.charAt(at))) {
            at++;
        }
        if (at == start) {
            out.append('_');
            at++;
        } else if (at - start == 1 && isPythonPrefix(message.charAt(start)) && isQuote(charAt(at))) {
            quoted(message.charAt(at)); // b'…'
        } else {
            segment(start);
        }
    }

    /** Masks a run of letters and digits, if it has a digit. */
    private void segment(int start) {
        int digits = start;
        while (digits < at && !isDigit(message.charAt(digits))) {
            digits++;
        }
        if (digits == at) {
            out.append(message, start, at);
            return;
        }
        boolean hexId = at - start >= HEX_ID && areHexDigits(start, at);
        if (digits > start && !hexId && areDigits(digits, at)) {
            out.append(message, start, digits); // a word with a number, such as worker3
        } else if (digits == start) {
            restOfNumber(start);
        }
        mask(NUMBER);
    }

    /**
     * Skips the rest of a number such as {@code 1,000.5}, {@code 1e-05}, {@code 10.0.0.7:6379}, {@code 12:30:05} or
     * {@code 250ms}; of a date, the last part.
     */
    private void restOfNumber(int start) {
        int part = start;
        while (isDigit(charAt(at - 1)) && isInnerMark(charAt(at)) && isDigit(charAt(at + 1))) {
            part = at + 1;
            skipSegment();
        }
        boolean exponent = (charAt(at - 1) | LOWER_CASE) == 'e' && areDigits(part, at - 1);
        if (exponent && (charAt(at) == '-' || charAt(at) == '+') && isDigit(charAt(at + 1))) {
            skipSegment();
        }
    }

    /** Moves to the next character, and from there to the end of the run of letters and digits. */
    private void skipSegment() {
        at++;
        while (at < end && isLetterOrDigit(message.charAt(at))) {
            at++;
        }
    }

    /** Adds a mask. In a list of equal masks, one stands for all. */
    private void mask(String mask) {
        int last = out.length();
        if (last > 0 && out.charAt(last - 1) == ' ') {
            last--;
        }
        if (last > 0 && out.charAt(last - 1) == ',') {
            last--;
        }
        if (last < out.length() && last >= mask.length() && out.indexOf(mask, last - mask.length()) >= 0) {
            out.setLength(last);
        } else {
            out.append(mask);
        }
    }

    private boolean isUuid(int start) {
        if (end - start < UUID_LENGTH || isWord(charAt(start + UUID_LENGTH))) {
            return false;
        }
        for (int i = 0; i < UUID_LENGTH; i++) {
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            char c = message.charAt(start + i);
            if (dash ? c != '-' : !isHexDigit(c)) {
                return false;
            }
        }
        return true;
    }

    private boolean areDigits(int from, int to) {
        for (int i = from; i < to; i++) {
            if (!isDigit(message.charAt(i))) {
                return false;
            }
        }
        return from < to;
    }

    private boolean areHexDigits(int from, int to) {
        for (int i = from; i < to; i++) {
            if (!isHexDigit(message.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isInnerMark(char c) {
        return c == '.' || c == ',' || c == ':';
    }

    private static boolean isQuote(char c) {
        return c == '\'' || c == '"' || c == '`';
    }

    private static boolean isPythonPrefix(char c) {
        return c == 'b' || c == 'u' || c == 'r' || c == 'f';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isHexDigit(char c) {
        char lower = (char) (c | LOWER_CASE);
        return isDigit(c) || (lower >= 'a' && lower <= 'f');
    }

    private static boolean isLetterOrDigit(char c) {
        return isDigit(c) || Character.isLetter(c);
    }

    private static boolean isWord(char c) {
        return c == '_' || isLetterOrDigit(c);
    }
}
