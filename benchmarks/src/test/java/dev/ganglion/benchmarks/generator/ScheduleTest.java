package dev.ganglion.benchmarks.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks the due times of an open loop. */
class ScheduleTest {
    private static final long MILLI = 1_000_000;

    @Test
    void theFirstFrameIsDueAtTheBeginning() {
        assertThat(new Schedule(5, 0.5).dueBy(4)).isZero();
        assertThat(new Schedule(5, 0.5).dueBy(5)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.8, 2, 28.7, 640, 30_000})
    void aFrameIsDueFromItsDueTimeOn(double rate) {
        Schedule schedule = new Schedule(-7 * MILLI, rate);
        long interval = (long) (1e9 / rate);
        for (long frame = 0; frame < 1_000; frame++) {
            long at = schedule.at(frame);
            assertThat(schedule.dueBy(at - 2)).isEqualTo(frame);
            assertThat(schedule.dueBy(at + 2)).isEqualTo(frame + 1);
            assertThat(schedule.dueBy(at + interval - 2)).isEqualTo(frame + 1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void turnsOfSeveralLoopsAddUpToTheWholeSchedule(int loops) {
        Schedule all = new Schedule(11, 40);
        for (int frame = 0; frame < 100; frame++) {
            Schedule turn = all.turn(frame % loops, loops);
            assertThat(turn.at(frame / loops)).isCloseTo(all.at(frame), within(2L));
        }
    }
}
