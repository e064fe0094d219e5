package dev.ganglion.benchmarks.generator;

import java.nio.charset.StandardCharsets;

/** Finds single fields in a server's frames without parsing them, whatever their order and white space. */
final class FieldFinder {
    private FieldFinder() {}

    static byte[] of(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Returns the position of a word, or -1 if it does not occur. */
    static int find(byte[] in, int start, int end, byte[] word) {
        int last = end - word.length;
        for (int i = start; i <= last; i++) {
            int j = 0;
            while (j < word.length && in[i + j] == word[j]) {
                j++;
            }
            if (j == word.length) {
                return i;
            }
        }
        return -1;
    }

    static boolean has(byte[] in, int start, int end, byte[] word) {
        return find(in, start, end, word) >= 0;
    }

    /** Returns the text of a string field or the digits of a number; an empty string if the field does not occur. */
    static String value(byte[] in, int start, int end, byte[] quotedName) {
        int at = find(in, start, end, quotedName);
        if (at < 0) {
            return "";
        }
        at += quotedName.length;
        while (at < end && (in[at] == ':' || in[at] == ' ')) {
            at++;
        }
        boolean text = at < end && in[at] == '"';
        int from = text ? at + 1 : at;
        int to = from;
        while (to < end && (text ? in[to] != '"' : in[to] >= '0' && in[to] <= '9')) {
            to++;
        }
        return new String(in, from, to - from, StandardCharsets.UTF_8);
    }
}
