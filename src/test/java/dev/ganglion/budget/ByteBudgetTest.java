package dev.ganglion.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.budget.ByteBudget.Reservation;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ByteBudgetTest {
    private final AtomicInteger refusals = new AtomicInteger();
    private final ByteBudget budget = new ByteBudget(120, refusals::incrementAndGet);

    private long mostOf(Reservation reservation) {
        while (reservation.take(1)) {}
        return reservation.bytes();
    }

    @Test
    void oneClientHoldsAtMostHalfOfTheBudget() {
        assertThat(mostOf(budget.open("a"))).isEqualTo(60).isEqualTo(budget.largestShare());
        assertThat(mostOf(budget.open("a"))).isZero();
    }

    @Test
    void leavesRoomForEveryFurtherClient() {
        assertThat(mostOf(budget.open("a"))).isEqualTo(60);
        assertThat(mostOf(budget.open("b"))).isEqualTo(30);
        assertThat(mostOf(budget.open("c"))).isEqualTo(15);
        assertThat(mostOf(budget.open("d"))).isPositive();
        assertThat(budget.used()).isLessThan(120);
    }

    @Test
    void reclaimsReleasedBytesOnce() {
        Reservation one = budget.open("a");
        assertThat(one.take(50)).isTrue();
        one.shrinkTo(20);
        one.shrinkTo(40);
        assertThat(budget.used()).isEqualTo(20);
        one.release();
        one.release();
        assertThat(budget.used()).isZero();
        assertThat(budget.open("a").take(60)).isTrue();
    }

    @Test
    void countsRefusalsWhenToldTo() {
        assertThat(budget.open("a").take(61)).isFalse();
        assertThat(refusals).hasValue(0);
        budget.refused();
        assertThat(refusals).hasValue(1);
    }

    @Test
    void aBodyOfConstantRateIsNeverTooSlowWithinAMinuteAndAStalledOneIs() {
        UploadPace steady = new UploadPace();
        for (int seconds = 5; seconds <= 60; seconds += 5) {
            assertThat(steady.tooSlow(seconds * 1_000L)).as("%s s", seconds).isFalse();
        }
        assertThat(steady.tooSlow(60_000)).isTrue();
        assertThat(new UploadPace().tooSlow(500)).isTrue();

        UploadPace dripping = new UploadPace();
        assertThat(dripping.tooSlow(58 << 20)).isFalse();
        assertThat(dripping.tooSlow((58 << 20) + 65_536)).isTrue();
    }

    @Test
    void aBodyMustBringAtLeast512BytesAndASixteenthOfItself() {
        assertThat(new UploadPace().tooSlow(512)).isFalse();
        assertThat(new UploadPace().tooSlow(511)).isTrue();

        UploadPace exact = new UploadPace();
        assertThat(exact.tooSlow(16_000)).isFalse();
        assertThat(exact.tooSlow(17_000)).isFalse();
        UploadPace oneLess = new UploadPace();
        assertThat(oneLess.tooSlow(16_000)).isFalse();
        assertThat(oneLess.tooSlow(16_999)).isTrue();
    }

    @Test
    void theShareOfTheHeapHasAMinimumAndAMaximum() {
        assertThat(ByteBudget.shareOfHeap(Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
        assertThat(ByteBudget.shareOfHeap(1)).isBetween(2L, 256L << 20);
    }
}
