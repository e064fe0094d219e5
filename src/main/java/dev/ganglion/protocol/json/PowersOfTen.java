package dev.ganglion.protocol.json;

import java.math.BigInteger;

/**
 * A table of powers of ten. Each entry holds the 128 leading bits of the binary form, rounded down; the first bit is
 * always set.
 */
final class PowersOfTen {
    static final int LOWEST = -342;
    static final int HIGHEST = 324;

    private static final long[] HIGH = new long[HIGHEST - LOWEST + 1];
    private static final long[] LOW = new long[HIGHEST - LOWEST + 1];

    static {
        for (int exponent = LOWEST; exponent <= HIGHEST; exponent++) {
            BigInteger power = BigInteger.TEN.pow(Math.abs(exponent));
            BigInteger bits;
            if (exponent >= 0) {
                int excess = power.bitLength() - 2 * Long.SIZE;
                bits = power.shiftRight(excess);
            } else {
                bits = BigInteger.ONE
                        .shiftLeft(power.bitLength() + 2 * Long.SIZE)
                        .divide(power);
                bits = bits.shiftRight(bits.bitLength() - 2 * Long.SIZE);
            }
            HIGH[exponent - LOWEST] = bits.shiftRight(Long.SIZE).longValue();
            LOW[exponent - LOWEST] = bits.longValue();
        }
    }

    private PowersOfTen() {}

    static long high(int exponent) {
        return HIGH[exponent - LOWEST];
    }

    static long low(int exponent) {
        return LOW[exponent - LOWEST];
    }

    /** Returns the upper half of the product of two unsigned numbers; JDK 17 provides only the signed variant. */
    static long multiplyHigh(long a, long b) {
        return Math.multiplyHigh(a, b) + (a >> 63 & b) + (b >> 63 & a);
    }

    /** {@code floor(log2(10^e))} for every power in the table. */
    static int floorLog2(int e) {
        return (int) ((e * 14_267_572_527L) >> 32);
    }
}
