package dev.ganglion.protocol;

import static dev.ganglion.protocol.Tokenizer.malformed;

/**
 * Reads numbers on the tape and finds their canonical form: integers as their digits, everything with a fraction or an
 * exponent as the shortest digits that give the same IEEE double, the way Python prints it.
 *
 * <p>Most numbers are canonical as they stand, and most of those can be told by their digits alone: of at most 15
 * significant digits no two decimals give the same double.
 */
final class NumberForm {
    private static final int SAFE_DIGITS = 15;

    /** Zeros behind the point that a number without an exponent may start with: 0.0001 is not yet 1e-04. */
    private static final int FIXED_ZEROS = 3;

    private final Tape tape;
    private final ShortestDouble shortest = new ShortestDouble();
    private int start;
    private int end;

    NumberForm(Tape tape) {
        this.tape = tape;
    }

    /** Where the canonical form of the number read last starts, or {@link Tape#UNPRINTABLE} if it has none. */
    int start() {
        return start;
    }

    int end() {
        return end;
    }

    /** Reads the number at {@code p} and returns where it ends on the wire. */
    int read(int p) {
        byte[] bytes = tape.bytes;
        int first = bytes[p] == '-' ? p + 1 : p;
        int point = digits(bytes, first);
        if (point == first) {
            return infinity(p, first);
        }
        if (bytes[first] == '0') {
            point = first + 1;
        }
        byte c = bytes[point];
        if (c != '.' && c != 'e' && c != 'E') {
            if (point - first > ProtocolLimits.MAX_INTEGER_DIGITS) {
                throw malformed("an integer of more than " + ProtocolLimits.MAX_INTEGER_DIGITS + " digits", p);
            }
            start = bytes[first] == '0' ? first : p;
            end = point;
            return point;
        }
        return real(p, first, point);
    }

    private int infinity(int p, int first) {
        String word = "Infinity";
        for (int i = 0; i < word.length(); i++) {
            if (tape.bytes[first + i] != word.charAt(i)) {
                throw malformed("a number is expected", p);
            }
        }
        start = Tape.UNPRINTABLE;
        end = p;
        return first + word.length();
    }

    private int real(int p, int first, int point) {
        byte[] bytes = tape.bytes;
        int stop = point;
        if (bytes[point] == '.') {
            stop = digits(bytes, point + 1);
            if (stop == point + 1) {
                throw malformed("a digit is expected after the point", stop);
            }
        }
        if ((bytes[stop] | 0x20) != 'e') {
            if (isSafe(bytes, first, point, stop)) {
                start = p;
                end = stop;
            } else {
                canonical(p, stop);
            }
            return stop;
        }
        int exponent = stop + 1;
        if (bytes[exponent] == '+' || bytes[exponent] == '-') {
            exponent++;
        }
        stop = digits(bytes, exponent);
        if (stop == exponent) {
            throw malformed("a digit is expected in the exponent", stop);
        }
        canonical(p, stop);
        return stop;
    }

    private static boolean isSafe(byte[] bytes, int first, int point, int stop) {
        if (stop - first - 1 > SAFE_DIGITS) {
            return false;
        }
        boolean oneDigit = stop == point + 2;
        if (bytes[stop - 1] == '0' && !oneDigit) {
            return false;
        }
        if (bytes[first] != '0' || oneDigit) {
            return true;
        }
        int zeros = point + 1;
        while (bytes[zeros] == '0') {
            zeros++;
        }
        return zeros - point - 1 <= FIXED_ZEROS;
    }

    private void canonical(int p, int stop) {
        double value = DoubleReader.read(tape.bytes, p, stop);
        end = stop;
        if (Double.isInfinite(value)) {
            start = Tape.UNPRINTABLE;
            return;
        }
        tape.reserveSide(ShortestDouble.LONGEST);
        int written = shortest.write(value, tape.bytes, tape.side);
        if (written - tape.side == stop - p && Words.same(tape.bytes, p, tape.bytes, tape.side, stop - p)) {
            start = p;
            return;
        }
        start = tape.side;
        end = written;
        tape.side = written;
    }

    private static int digits(byte[] bytes, int start) {
        int p = start;
        while (bytes[p] >= '0' && bytes[p] <= '9') {
            p++;
        }
        return p;
    }
}
