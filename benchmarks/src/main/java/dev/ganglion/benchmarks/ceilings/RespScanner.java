package dev.ganglion.benchmarks.ceilings;

/** Finds the ends of values of the Redis protocol in bytes that arrive in pieces. */
final class RespScanner {
    private byte[] held = new byte[1 << 16];
    private int start;
    private int end;
    private int position;
    private int pending;
    private boolean failed;

    void add(byte[] bytes, int length) {
        if (end + length > held.length) {
            int kept = end - start;
            byte[] room = kept + length > held.length ? new byte[Math.max(2 * held.length, kept + length)] : held;
            System.arraycopy(held, start, room, 0, kept);
            held = room;
            position -= start;
            start = 0;
            end = kept;
        }
        System.arraycopy(bytes, 0, held, end, length);
        end += length;
    }

    /** Whether one of the values was an error. */
    boolean failed() {
        return failed;
    }

    /** Skips the next complete value and returns its length in bytes; 0 if the value is not complete yet. */
    int next() {
        if (position == start) {
            pending = 1;
        }
        while (pending > 0) {
            int line = lineEnd();
            if (line < 0) {
                return 0;
            }
            byte type = held[position];
            int after = line + 2;
            if (type == '*' || type == '~' || type == '>') {
                pending += Math.max(0, number(position + 1, line));
            } else if (type == '%') {
                pending += 2 * number(position + 1, line);
            } else if (type == '$') {
                int length = number(position + 1, line);
                after += length < 0 ? 0 : length + 2;
            } else if (type == '-') {
                failed = true;
            }
            if (after > end) {
                return 0;
            }
            position = after;
            pending--;
        }
        int length = position - start;
        start = position;
        return length;
    }

    /** Copies the bytes of the value that {@link #next} skipped last. */
    byte[] last(int length) {
        byte[] bytes = new byte[length];
        System.arraycopy(held, start - length, bytes, 0, length);
        return bytes;
    }

    private int lineEnd() {
        for (int i = position; i + 1 < end; i++) {
            if (held[i] == '\r' && held[i + 1] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private int number(int from, int to) {
        boolean negative = held[from] == '-';
        int number = 0;
        for (int i = negative ? from + 1 : from; i < to; i++) {
            number = number * 10 + held[i] - '0';
        }
        return negative ? -number : number;
    }
}
