package dev.ganglion.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RepeatPacingTest {
    private final RepeatPacing pacing = new RepeatPacing(false);
    private long nowMs = 1_000_000;

    /** A repeat of the batch that was answered with this seq, in a frame of this age. */
    @CanIgnoreReturnValue
    private int repeat(RepeatPacing of, long firstSeq, long ageMs) {
        return of.repeated(firstSeq, -ageMs, nowMs, TimeUnit.MILLISECONDS.toNanos(nowMs));
    }

    @CanIgnoreReturnValue
    private int pauseAfterCycle(int backlog, int newBatches) {
        int before = loop();
        nowMs += before;
        pacing.resumed(1, nowMs);
        for (int i = 0; i < backlog; i++) {
            repeat(pacing, 1, before);
        }
        for (int i = 0; i < newBatches; i++) {
            pacing.newBatch();
        }
        return repeat(pacing, 2, 0);
    }

    @CanIgnoreReturnValue
    private int loop() {
        assertThat(repeat(pacing, 1, 0)).isZero();
        return repeat(pacing, 1, 0);
    }

    @Test
    void pausesAtTheFirstRepeatOfAReleaseUpTo16() {
        assertThat(RepeatPacing.resends("1.0.0")).isTrue();
        assertThat(RepeatPacing.resends("1.6.9")).isTrue();
        assertThat(RepeatPacing.resends("1.7.0")).isFalse();
        assertThat(RepeatPacing.resends("1.13.0")).isFalse();
        assertThat(repeat(new RepeatPacing(true), 1, 0)).isEqualTo(RepeatPacing.FIRST_PAUSE_MS);
    }

    @Test
    void pausesWhenABatchRepeatsForTheSecondTime() {
        assertThat(loop()).isEqualTo(RepeatPacing.FIRST_PAUSE_MS);
        assertThat(pacing.looping()).isTrue();
    }

    @Test
    void readsOnWhileALaterAgentResendsAllItsBatchesOnce() {
        for (int batch = 1; batch <= 256; batch++) {
            assertThat(repeat(pacing, batch, 0)).isZero();
        }
        nowMs += Duration.ofSeconds(90).toMillis();
        for (int batch = 1; batch <= 256; batch++) {
            assertThat(repeat(pacing, batch, 0)).isZero();
        }
        assertThat(pacing.looping()).isFalse();
    }

    @Test
    void readsOnWhileBatchesRepeatThatAreNotAnsweredYet() {
        assertThat(repeat(pacing, Long.MAX_VALUE, 0)).isZero();
        assertThat(repeat(pacing, Long.MAX_VALUE, 0)).isZero();
    }

    @Test
    void readsTheBacklogAFewFramesAtATime() {
        int pause = loop();
        nowMs += pause;
        pacing.resumed(1, nowMs);
        for (int i = 1; i <= 5 * RepeatPacing.FRAMES_PER_BREATH; i++) {
            assertThat(repeat(pacing, 1, pause))
                    .isEqualTo(i % RepeatPacing.FRAMES_PER_BREATH == 0 ? RepeatPacing.BREATH_MS : 0);
        }
    }

    @Test
    void pausesLongerWhileACycleBringsFewBatches() {
        assertThat(pauseAfterCycle(600, 2)).isGreaterThan(10 * RepeatPacing.FIRST_PAUSE_MS);
    }

    @Test
    void pausesShorterAfterACycleThatBroughtManyBatches() {
        assertThat(pauseAfterCycle(600, 200)).isLessThan(RepeatPacing.FIRST_PAUSE_MS);
    }

    @Test
    void pausesLongerIfThePauseWasTooShortForTheAgentToBlock() {
        int pause = loop();
        nowMs += pause;
        pacing.resumed(1, nowMs);
        int longest = 0;
        for (int i = 0; i < 1_000 && longest < RepeatPacing.FIRST_PAUSE_MS; i++) {
            nowMs++;
            longest = Math.max(longest, repeat(pacing, 1, 0));
        }
        assertThat(longest).isEqualTo(2 * pause);
    }

    @Test
    void readsWithoutPauseWhatIsNearTheLimitOfItsAge() {
        loop();
        nowMs += 30_000;
        pacing.resumed(1, nowMs);
        for (int i = 0; i < 100; i++) {
            assertThat(repeat(pacing, 2, 25_000)).isZero();
        }
    }

    @Test
    void pausesAgainAlthoughTheClockOfTheAgentWasSetBack() {
        loop();
        int longest = 0;
        for (int i = 0; i < 30_000; i++) {
            longest = Math.max(longest, repeat(pacing, 1, 3_600_000));
        }
        assertThat(longest).isPositive();
    }

    @Test
    void startsAnewAfterACalmTime() {
        pauseAfterCycle(600, 1);
        nowMs += Duration.ofSeconds(31).toMillis();
        pacing.newBatch();
        assertThat(repeat(pacing, 99, 0)).isZero();
        assertThat(repeat(pacing, 99, 0)).isEqualTo(RepeatPacing.FIRST_PAUSE_MS);
    }

    @Test
    void onlyARepeatWithin10SecondsIsALoop() {
        assertThat(repeat(pacing, 1, 0)).isZero();
        nowMs += 10_001;
        assertThat(repeat(pacing, 1, 0)).isZero();
        nowMs += 10_000;
        assertThat(repeat(pacing, 1, 0)).isEqualTo(RepeatPacing.FIRST_PAUSE_MS);
    }

    @Test
    void hastensAbove20SecondsOfAge() {
        loop();
        assertThat(repeat(pacing, 1, 20_000)).isPositive();
        assertThat(repeat(pacing, 1, 20_001)).isZero();
    }

    @Test
    void aLoopEndsAfter30SecondsWithoutARepeat() {
        loop();
        nowMs += 30_000;
        assertThat(repeat(pacing, 99, 0)).isPositive();
        nowMs += 30_001;
        assertThat(repeat(pacing, 99, 0)).isZero();
    }

    @Test
    void aPauseGrowsAtMostSixteenfoldAndUpTo10Seconds() {
        assertThat(pauseAfterCycle(600, 1)).isEqualTo(16 * RepeatPacing.FIRST_PAUSE_MS);
        pacing.resumed(2, nowMs);
        for (int i = 0; i < 600; i++) {
            repeat(pacing, 1, 10_000);
        }
        assertThat(repeat(pacing, 3, 0)).isEqualTo(10_000);
    }

    @Test
    void theShortestPauseIs150MillisecondsAndEndsTheCycle() {
        int pause = pauseAfterCycle(0, 1_000);
        assertThat(pause).isEqualTo(150);
        assertThat(RepeatPacing.endsCycle(pause)).isTrue();
        assertThat(RepeatPacing.endsCycle(pause - 1)).isFalse();
        pacing.resumed(2, nowMs);
        for (int i = 1; i <= RepeatPacing.FRAMES_PER_BREATH_IN_BURST; i++) {
            assertThat(repeat(pacing, 1, pause))
                    .isEqualTo(i == RepeatPacing.FRAMES_PER_BREATH_IN_BURST ? RepeatPacing.BREATH_MS : 0);
        }
    }

    @Test
    void each512RepeatsAfterAPauseAreTheRestOfAPass() {
        int pause = loop();
        for (int cycle = 0; cycle < 2; cycle++) {
            nowMs += pause;
            pacing.resumed(1, nowMs++);
            for (int i = 1; i <= 512; i++) {
                assertThat(RepeatPacing.endsCycle(repeat(pacing, 1, 0))).isFalse();
            }
            int next = repeat(pacing, 1, 0);
            assertThat(next).isEqualTo(2 * pause);
            pause = next;
        }
    }
}
