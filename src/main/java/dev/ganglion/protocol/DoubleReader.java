package dev.ganglion.protocol;

import java.nio.charset.StandardCharsets;

/**
 * Reads decimal numbers as the nearest IEEE double.
 *
 * <p>The first 19 significant digits are an exact long; its product with the 128-bit power of ten gives the result and
 * says, nearly always, that neither the rounding of that power nor further digits could change it. Where they could,
 * the JDK's exact and much slower way decides.
 */
final class DoubleReader {
    private static final int EXACT_DIGITS = 19;
    private static final long EXPONENT_LIMIT = 1 << 30;
    private static final int HIGHEST = 308;
    private static final int MANTISSA_BITS = 52;
    private static final int BIAS = 1023;
    private static final int MAX_BIASED = 2047;

    /** What the product may be short of, in units of its lower word. */
    private static final long ERROR = 2;

    private DoubleReader() {}

    /** The value of a well-formed JSON number; the infinities stand for numbers that are too large. */
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

    /** {@code digits * 10^scale}, or NaN where 128 bits of the power do not suffice to say. */
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

    /** Cuts bits off the product's upper word and rounds, half to even. */
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
        // A carry out of the mantissa is a carry into the exponent, and in the end infinity, just as it should be.
        long bits = (((long) exponent - 1) << MANTISSA_BITS) + mantissa;
        return exponent >= MAX_BIASED ? Double.POSITIVE_INFINITY : Double.longBitsToDouble(bits);
    }
}
