package dev.ganglion.protocol.json;

/**
 * Prints doubles as Python's {@code repr} does.
 *
 * <p>The result is the shortest decimal that reads back as the same double; of several such decimals, the nearest.
 * Values from 1e-4 up to, but not including, 1e16 are in fixed notation.
 *
 * <p>The algorithm follows Raffaele Giulietti, "The Schubfach way to render doubles". It scales the rounding interval
 * of the double by a power of ten so that the interval is between one and ten units wide. Then it picks the multiple of
 * ten in the interval if there is one, otherwise the nearest unit. The JDK's own printing is not used, because before
 * JDK 19 its result is not always the shortest (JDK-4511638).
 */
final class ShortestDouble {
    /** Maximum number of bytes of a printed double. */
    static final int LONGEST = 26;

    private static final int MANTISSA_BITS = 52;
    private static final long HIDDEN_BIT = 1L << MANTISSA_BITS;
    private static final int BIASED_MASK = 0x7FF;
    private static final int LOWEST_EXPONENT = -1074;
    private static final int FIXED_FROM = -4;
    private static final int FIXED_BELOW = 16;

    private final byte[] digits = new byte[20];
    private int scale;

    /** Writes a finite double and returns the position after it. */
    int write(double value, byte[] to, int at) {
        long bits = Double.doubleToRawLongBits(value);
        int p = at;
        if (bits < 0) {
            to[p++] = '-';
        }
        long magnitude = bits & Long.MAX_VALUE;
        if (magnitude == 0) {
            to[p] = '0';
            to[p + 1] = '.';
            to[p + 2] = '0';
            return p + 3;
        }
        int count = putDigits(decimal(magnitude));
        int exponent = scale + count - 1;
        if (exponent < FIXED_FROM || exponent >= FIXED_BELOW) {
            return scientific(count, exponent, to, p);
        }
        return exponent < 0 ? fraction(count, exponent, to, p) : fixed(count, exponent, to, p);
    }

    /**
     * Returns the shortest decimal of a positive double as an integer and stores its power of ten in {@link #scale}.
     */
    private long decimal(long bits) {
        int biased = (int) (bits >>> MANTISSA_BITS) & BIASED_MASK;
        long fraction = bits & HIDDEN_BIT - 1;
        long c = biased == 0 ? fraction : fraction | HIDDEN_BIT;
        int q = biased == 0 ? LOWEST_EXPONENT : biased + LOWEST_EXPONENT - 1;
        // The lower neighbour of a power of two is only half as far away as the upper one.
        boolean even = (c & 1) == 0;
        boolean narrow = fraction == 0 && biased > 1;
        int k = narrow ? floorLog10ThreeQuarters(q) : floorLog10(q);
        int h = q + PowersOfTen.floorLog2(-k) + 2;
        long high = PowersOfTen.high(-k) >>> 2;
        long low = (PowersOfTen.high(-k) << 62 | PowersOfTen.low(-k) >>> 2) + 1;
        if (low == 0) {
            high++;
        }
        long value = scaled(high, low, c << 2 << h);
        long lower = scaled(high, low, ((c << 2) - (narrow ? 1 : 2)) << h);
        long upper = scaled(high, low, ((c << 2) + 2) << h);
        // Reading rounds half to even, so the ends of the interval belong to it only if the double is even.
        long from = even ? lower : lower + 1;
        long to = even ? upper : upper - 1;
        scale = k;
        return pick(value, from, to);
    }

    /**
     * Picks the decimal. The arguments are four times the true numbers; an odd argument means "slightly more than the
     * even number below it".
     */
    private static long pick(long value, long from, long to) {
        long unit = value >> 2;
        if (unit >= 10) {
            long down = unit / 10 * 10;
            long up = down + 10;
            boolean downFits = from <= down << 2;
            boolean upFits = up << 2 <= to;
            if (downFits != upFits) {
                return downFits ? down : up;
            }
        }
        long next = unit + 1;
        boolean unitFits = from <= unit << 2;
        boolean nextFits = next << 2 <= to;
        if (unitFits != nextFits) {
            return unitFits ? unit : next;
        }
        long middle = (unit + next) << 1;
        return value < middle || (value == middle && (unit & 1) == 0) ? unit : next;
    }

    /** Returns {@code g * factor / 2^127}, with the lowest bit set if the result is inexact. */
    private static long scaled(long high, long low, long factor) {
        long carry = PowersOfTen.multiplyHigh(low, factor);
        long middle = high * factor;
        long sum = middle + carry;
        long top = PowersOfTen.multiplyHigh(high, factor) + (Long.compareUnsigned(sum, middle) < 0 ? 1 : 0);
        return top << 1 | sum >>> 63 | (sum << 1 != 0 ? 1 : 0);
    }

    private static int floorLog10(int q) {
        return (int) ((q * 661_971_961_083L) >> 41);
    }

    private static int floorLog10ThreeQuarters(int q) {
        return (int) ((q * 661_971_961_083L - 274_743_187_321L) >> 41);
    }

    /** Stores the digits without trailing zeros in {@link #digits} and returns their number. */
    private int putDigits(long decimal) {
        long rest = decimal;
        while (rest % 10 == 0) {
            rest /= 10;
            scale++;
        }
        int count = 1;
        for (long power = 10; count < 19 && rest >= power; power *= 10) {
            count++;
        }
        for (int i = count - 1; i >= 0; i--) {
            digits[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return count;
    }

    private int scientific(int count, int exponent, byte[] to, int at) {
        int p = at;
        to[p++] = digits[0];
        if (count > 1) {
            to[p++] = '.';
            p = copy(1, count, to, p);
        }
        to[p++] = 'e';
        to[p++] = (byte) (exponent < 0 ? '-' : '+');
        int size = Math.abs(exponent);
        if (size >= 100) {
            to[p++] = (byte) ('0' + size / 100);
        }
        to[p++] = (byte) ('0' + size / 10 % 10);
        to[p++] = (byte) ('0' + size % 10);
        return p;
    }

    private int fraction(int count, int exponent, byte[] to, int at) {
        int p = at;
        to[p++] = '0';
        to[p++] = '.';
        for (int i = -1; i > exponent; i--) {
            to[p++] = '0';
        }
        return copy(0, count, to, p);
    }

    private int fixed(int count, int exponent, byte[] to, int at) {
        int whole = Math.min(count, exponent + 1);
        int p = copy(0, whole, to, at);
        for (int i = whole; i <= exponent; i++) {
            to[p++] = '0';
        }
        to[p++] = '.';
        if (count <= whole) {
            to[p++] = '0';
            return p;
        }
        return copy(whole, count, to, p);
    }

    private int copy(int from, int end, byte[] to, int at) {
        int p = at;
        for (int i = from; i < end; i++) {
            to[p++] = digits[i];
        }
        return p;
    }
}
