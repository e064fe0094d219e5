package dev.ganglion.chaos;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits with a time-out. */
final class Wait {
    private static final long POLL_NANOS = 50_000_000;

    private Wait() {}

    /**
     * Waits until a condition holds and returns how long that took.
     *
     * @throws IllegalStateException if the condition does not hold within the limit
     */
    @CanIgnoreReturnValue
    static Duration until(String what, Duration limit, BooleanSupplier condition) {
        long begin = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - begin > limit.toNanos()) {
                throw new IllegalStateException("waited " + limit.toSeconds() + " s without success for " + what);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** Lets time pass while the load continues. */
    static void pass(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(Math.max(1, Math.min(POLL_NANOS, end - System.nanoTime())));
        }
    }
}
