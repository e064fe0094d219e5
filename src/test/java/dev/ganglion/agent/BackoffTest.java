package dev.ganglion.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BackoffTest {
    /** A random source that always returns the largest value of the range. */
    private static final RandomGenerator HIGHEST = new RandomGenerator() {
        @Override
        public long nextLong() {
            return Long.MAX_VALUE;
        }

        @Override
        public long nextLong(long bound) {
            return bound - 1;
        }
    };

    private static final RandomGenerator LOWEST = new RandomGenerator() {
        @Override
        public long nextLong() {
            return 0;
        }

        @Override
        public long nextLong(long bound) {
            return 0;
        }
    };

    @Test
    void doubles_the_longest_wait_from_1_s_to_30_s() {
        Backoff backoff = new Backoff(BackoffRange.DEFAULT, HIGHEST);

        long[] waits = IntStream.range(0, 8)
                .mapToLong(i -> backoff.next(Duration.ZERO).toMillis())
                .toArray();

        assertThat(waits).containsExactly(1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000);
    }

    @Test
    void never_waits_less_than_the_floor() {
        Backoff backoff = new Backoff(BackoffRange.DEFAULT, LOWEST);

        assertThat(IntStream.range(0, 100).mapToObj(i -> backoff.next(Duration.ZERO)))
                .containsOnly(Duration.ofMillis(100));
    }

    @Test
    void never_exceeds_the_ceiling() {
        Backoff backoff = new Backoff(BackoffRange.DEFAULT, HIGHEST);

        LongStream waits = IntStream.range(0, 10_000)
                .mapToLong(i -> backoff.next(Duration.ZERO).toMillis());

        assertThat(waits.max()).hasValue(30_000);
    }

    @Test
    void restarts_from_the_first_wait_after_a_reset() {
        Backoff backoff = new Backoff(BackoffRange.DEFAULT, HIGHEST);
        IntStream.range(0, 5)
                .forEach(i -> assertThat(backoff.next(Duration.ZERO)).isPositive());

        backoff.reset();

        assertThat(backoff.failures()).isZero();
        assertThat(backoff.next(Duration.ZERO)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void adds_the_requested_retry_after_up_to_a_minute() {
        Backoff backoff = new Backoff(BackoffRange.DEFAULT, LOWEST);

        assertThat(backoff.next(Duration.ofSeconds(7))).isEqualTo(Duration.ofMillis(7100));
        assertThat(backoff.next(Duration.ofDays(1))).isEqualTo(Duration.ofMillis(60_100));
    }

    @Test
    void rejects_a_range_with_a_floor_of_zero() {
        assertThatThrownBy(() -> new BackoffRange(Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(2)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
