package dev.ganglion.protocol;

/** How single code points are written in canonical JSON strings, and how they are read from escapes. */
final class Escapes {
    /** The most bytes that one code point takes. */
    static final int LONGEST = 6;

    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};

    private static final byte[] HEX_VALUES = new byte[128];

    static {
        for (int c = 0; c < HEX_VALUES.length; c++) {
            HEX_VALUES[c] = (byte) Character.digit(c, 16);
        }
    }

    private Escapes() {}

    /** Writes a code point as canonical JSON has it and returns the place behind it. */
    static int putCanonical(byte[] to, int at, int codePoint) {
        if (codePoint >= ' ' && codePoint != '"' && codePoint != '\\') {
            return putUtf8(to, at, codePoint);
        }
        to[at] = '\\';
        char letter = letter(codePoint);
        if (letter != 0) {
            to[at + 1] = (byte) letter;
            return at + 2;
        }
        to[at + 1] = 'u';
        to[at + 2] = '0';
        to[at + 3] = '0';
        to[at + 4] = HEX[codePoint >>> 4];
        to[at + 5] = HEX[codePoint & 15];
        return at + 6;
    }

    /** Writes a code point, or half a surrogate pair (which only sorting ever sees), as UTF-8 has it. */
    static int putUtf8(byte[] to, int at, int codePoint) {
        int p = at;
        if (codePoint < 0x80) {
            to[p++] = (byte) codePoint;
        } else if (codePoint < 0x800) {
            to[p++] = (byte) (0xC0 | codePoint >> 6);
            to[p++] = (byte) (0x80 | (codePoint & 0x3F));
        } else {
            if (codePoint < 0x10000) {
                to[p++] = (byte) (0xE0 | codePoint >> 12);
            } else {
                to[p++] = (byte) (0xF0 | codePoint >> 18);
                to[p++] = (byte) (0x80 | (codePoint >> 12 & 0x3F));
            }
            to[p++] = (byte) (0x80 | (codePoint >> 6 & 0x3F));
            to[p++] = (byte) (0x80 | (codePoint & 0x3F));
        }
        return p;
    }

    /** The letter of the short escape of a character, or 0 if it has none. */
    private static char letter(int codePoint) {
        return switch (codePoint) {
            case '"' -> '"';
            case '\\' -> '\\';
            case '\b' -> 'b';
            case '\f' -> 'f';
            case '\n' -> 'n';
            case '\r' -> 'r';
            case '\t' -> 't';
            default -> 0;
        };
    }

    /** The character that the letter behind a backslash stands for, or -1 if that is no short escape. */
    static int meaning(byte letter) {
        return switch (letter) {
            case '"', '\\', '/' -> letter;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> -1;
        };
    }

    /** The four hexadecimal digits at a place as a number, or -1 if they are something else. */
    static int fourHexDigits(byte[] bytes, int at) {
        int value = 0;
        for (int i = at; i < at + 4; i++) {
            int digit = hexDigit(bytes[i]);
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    /** The value of a hexadecimal digit of either case, or -1. */
    static int hexDigit(byte c) {
        return c < 0 ? -1 : HEX_VALUES[c];
    }
}
