package dev.ganglion.chaos;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits that are bounded. */
final class Wait {
    private static final long POLL_NANOS = 50_000_000;

    private Wait() {}

    /** Waits until it is so, and says how long that took; fails when the limit is over. */
    @CanIgnoreReturnValue
    static Duration until(String what, Duration limit, BooleanSupplier condition) {
        long begin = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - begin > limit.toNanos()) {
                throw new IllegalStateException("waited " + limit.toSeconds() + " s in vain for " + what);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** Lets time pass under load. */
    static void pass(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(Math.max(1, Math.min(POLL_NANOS, end - System.nanoTime())));
        }
    }
}
