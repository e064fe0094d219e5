package dev.ganglion.protocol.frame;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Generates random UUIDs as ids of the brain's frames. The ids have to be unique, not secret, so the random source is
 * fast rather than cryptographic.
 */
public final class FrameIds {
    private static final long VERSION_MASK = 0xFFFF_FFFF_FFFF_0FFFL;
    private static final long VERSION_4 = 0x4000L;
    private static final long VARIANT_MASK = 0x3FFF_FFFF_FFFF_FFFFL;
    private static final long VARIANT = 0x8000_0000_0000_0000L;

    private FrameIds() {}

    /** Returns a new id. */
    public static String next() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long high = (random.nextLong() & VERSION_MASK) | VERSION_4;
        long low = (random.nextLong() & VARIANT_MASK) | VARIANT;
        return new UUID(high, low).toString();
    }
}
