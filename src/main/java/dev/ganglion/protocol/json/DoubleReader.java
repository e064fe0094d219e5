package dev.ganglion.protocol.json;

import java.nio.charset.StandardCharsets;

/**
 * Reads decimal numbers as the nearest IEEE double.
 *
 * <p>The first 19 significant digits fit exactly into a long. The reader multiplies this long by a 128-bit power of
 * ten. The product nearly always shows that neither the rounding of that power nor further digits can change the
 * result. Otherwise the reader falls back to the JDK's parser, which is exact but much slower.
 */
final class DoubleReader {
    private static final int EXACT_DIGITS = 19;
    private static final long EXPONENT_LIMIT = 1 << 30;
    private static final int HIGHEST = 308;
    private static final int MANTISSA_BITS = 52;
    private static final int BIAS = 1023;
    private static final int MAX_BIASED = 2047;

    /** Maximum amount by which the product is too small, in units of its lower word. */
    private static final long ERROR = 2;

    private DoubleReader() {}

    /** Returns the value of a well-formed JSON number. A number that is too large for a double becomes an infinity. */
    static double read(byte[] bytes, int start, int end) {
        boolean negative = bytes[start] == '-';
        long digits = 0;
        int count = 0;
        int scale = 0;
        int perDigit = 0;
        int p = negative ? start + 1 : start;
        for (; p < end; p++) {
            int digit = bytes[p] - '0';
            if (digit >= 0 && digit <= 9) {
                if (count < EXACT_DIGITS) {
                    digits = digits * 10 + digit;
                    count += digits == 0 ? 0 : 1;
                    scale += perDigit;
                } else {
                    count++;
                    scale += perDigit + 1;
                }
            } else if (bytes[p] == '.') {
                perDigit = -1;
            } else {
                scale += exponent(bytes, p + 1, end);
                break;
            }
        }
        double magnitude = scaled(digits, scale);
        if (count > EXACT_DIGITS && magnitude != scaled(digits + 1, scale)) {
            magnitude = Double.NaN;
        }
        if (Double.isNaN(magnitude)) {
            return Double.parseDouble(new String(bytes, start, end - start, StandardCharsets.ISO_8859_1));
        }
        return negative ? -magnitude : magnitude;
    }

    private static int exponent(byte[] bytes, int start, int end) {
        boolean negative = bytes[start] == '-';
        int p = negative || bytes[start] == '+' ? start + 1 : start;
        long value = 0;
        for (; p < end; p++) {
            value = Math.min(EXPONENT_LIMIT, value * 10 + (bytes[p] - '0'));
        }
        return (int) (negative ? -value : value);
    }

    /** Returns {@code digits * 10^scale}, or NaN if 128 bits of the power are too few to round correctly. */
    private static double scaled(long digits, int scale) {
        if (digits == 0 || scale < PowersOfTen.LOWEST) {
            return 0;
        }
        if (scale > HIGHEST) {
            return Double.POSITIVE_INFINITY;
        }
        int shift = Long.numberOfLeadingZeros(digits);
        long factor = digits << shift;
        long high = PowersOfTen.multiplyHigh(factor, PowersOfTen.high(scale));
        long middle = factor * PowersOfTen.high(scale);
        long low = middle + PowersOfTen.multiplyHigh(factor, PowersOfTen.low(scale));
        if (Long.compareUnsigned(low, middle) < 0) {
            high++;
        }
        int top = (int) (high >>> 63);
        int exponent = PowersOfTen.floorLog2(scale) + Long.SIZE - shift + top - 1 + BIAS;
        int cut = Long.SIZE - 2 - MANTISSA_BITS + top + (exponent <= 0 ? 1 - exponent : 0);
        return cut > Long.SIZE ? 0 : rounded(high, low, cut, exponent);
    }

    /**
     * Drops {@code cut} bits of the product's upper word and rounds half to even. Returns NaN if the result is
     * uncertain.
     */
    private static double rounded(long high, long low, int cut, int exponent) {
        boolean all = cut == Long.SIZE;
        long mantissa = all ? 0 : high >>> cut;
        long rest = all ? high : high & (1L << cut) - 1;
        long half = 1L << (cut - 1);
        boolean maybeHalf = rest == half && low == 0;
        boolean maybeMore = rest == half - 1 && Long.compareUnsigned(low, -1 - ERROR) >= 0;
        if (maybeHalf || maybeMore) {
            return Double.NaN;
        }
        if (Long.compareUnsigned(rest, half) >= 0) {
            mantissa++;
        }
        if (exponent <= 0) {
            return Double.longBitsToDouble(mantissa);
        }
        // A carry out of the mantissa increments the exponent and finally yields infinity, as IEEE rounding requires.
        long bits = (((long) exponent - 1) << MANTISSA_BITS) + mantissa;
        return exponent >= MAX_BIASED ? Double.POSITIVE_INFINITY : Double.longBitsToDouble(bits);
    }
}
