package dev.ganglion.protocol.json;

import static dev.ganglion.protocol.json.Tokenizer.malformed;

import dev.ganglion.protocol.error.ProtocolLimits;

/**
 * Reads numbers on the tape and finds their canonical form.
 *
 * <p>The canonical form of an integer is its digits. The canonical form of a number with a fraction or an exponent is
 * the shortest decimal that reads back as the same IEEE double, as Python prints it.
 *
 * <p>Most numbers are already canonical. Most of those are recognised by their digits alone: two different decimals of
 * at most 15 significant digits never give the same double.
 */
final class CanonicalNumbers {
    private static final int SAFE_DIGITS = 15;

    /** Maximum number of zeros after the point in a number without an exponent: Python prints 0.0001, but 1e-05. */
    private static final int FIXED_ZEROS = 3;

    private final Tape tape;
    private final ShortestDouble shortest = new ShortestDouble();
    private int start;
    private int end;

    CanonicalNumbers(Tape tape) {
        this.tape = tape;
    }

    /** The start of the canonical form of the last number, or {@link Tape#UNPRINTABLE} if the number has none. */
    int start() {
        return start;
    }

    int end() {
        return end;
    }

    /** Reads the number at {@code p} and returns its end on the wire. */
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
        if (written - tape.side == stop - p && ByteWords.same(tape.bytes, p, tape.bytes, tape.side, stop - p)) {
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
