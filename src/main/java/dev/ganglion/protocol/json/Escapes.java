package dev.ganglion.protocol.json;

/** Writes single code points into canonical JSON strings, and reads escape sequences. */
final class Escapes {
    /** Maximum number of bytes that one code point takes. */
    static final int LONGEST = 6;

    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};

    private static final byte[] HEX_VALUES = new byte[128];

    static {
        for (int c = 0; c < HEX_VALUES.length; c++) {
            HEX_VALUES[c] = (byte) Character.digit(c, 16);
        }
    }

    private Escapes() {}

    /** Writes a code point in canonical JSON form and returns the position after it. */
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

    /**
     * Writes a code point as UTF-8 and returns the position after it. Also accepts a lone surrogate, which occurs only
     * in sort keys.
     */
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

    /** The letter of a character's short escape, or 0 if the character has none. */
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

    /** The character that a short escape with this letter stands for, or -1 if no such escape exists. */
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

    /** The value of the four hexadecimal digits at {@code at}, or -1 if one of the bytes is no hexadecimal digit. */
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

    /** The value of a hexadecimal digit in upper or lower case, or -1 if the byte is no such digit. */
    static int hexDigit(byte c) {
        return c < 0 ? -1 : HEX_VALUES[c];
    }
}
