package dev.ganglion.protocol.json;

import static dev.ganglion.protocol.json.Tokenizer.malformed;

/** Validates UTF-8 and counts code points. */
final class Utf8 {
    private Utf8() {}

    /** Validates the run of non-ASCII characters at {@code start} and returns the position after it. */
    static int skipWellFormed(byte[] bytes, int start) {
        int p = start;
        while (bytes[p] < 0) {
            int length = sequenceLength(bytes, p);
            if (length == 0) {
                throw malformed("a string is not valid UTF-8", p);
            }
            p += length;
        }
        return p;
    }

    /**
     * Returns the length of the sequence at {@code p}, or 0 if the sequence is invalid. The permitted range of the
     * second byte excludes overlong forms, surrogates and values above U+10FFFF.
     */
    private static int sequenceLength(byte[] bytes, int p) {
        int first = bytes[p] & 0xFF;
        int second = bytes[p + 1] & 0xFF;
        if (first < 0xC2 || first > 0xF4) {
            return 0;
        }
        if (first < 0xE0) {
            return isTail(bytes[p + 1]) ? 2 : 0;
        }
        if (first < 0xF0) {
            int low = first == 0xE0 ? 0xA0 : 0x80;
            int high = first == 0xED ? 0x9F : 0xBF;
            return second >= low && second <= high && isTail(bytes[p + 2]) ? 3 : 0;
        }
        int low = first == 0xF0 ? 0x90 : 0x80;
        int high = first == 0xF4 ? 0x8F : 0xBF;
        return second >= low && second <= high && isTail(bytes[p + 2]) && isTail(bytes[p + 3]) ? 4 : 0;
    }

    private static boolean isTail(byte b) {
        return (b & 0xC0) == 0x80;
    }

    /** Counts the code points in well-formed bytes. */
    static int codePoints(byte[] bytes, int start, int end) {
        int count = 0;
        for (int i = start; i < end; i++) {
            if (!isTail(bytes[i])) {
                count++;
            }
        }
        return count;
    }
}
