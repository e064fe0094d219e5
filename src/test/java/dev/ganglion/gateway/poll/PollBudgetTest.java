package dev.ganglion.gateway.poll;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PollBudgetTest {
    @Test
    void limitsAllBodiesTogetherAndReclaimsReleasedBytes() {
        PollBudget budget = new PollBudget(100);
        PollBudget.Share one = budget.share();
        PollBudget.Share other = budget.share();

        assertThat(one.take(60)).isTrue();
        assertThat(other.take(41)).isFalse();
        assertThat(other.take(40)).isTrue();
        assertThat(one.take(1)).isFalse();
        other.release();
        other.release();
        assertThat(one.take(40)).isTrue();
        one.release();
        assertThat(budget.used()).isZero();
    }

    @Test
    void alwaysHasRoomForOneBodyOfTheLargestSize() {
        assertThat(PollBudget.ofHeap().share().take(PollBody.MAX_BYTES)).isTrue();
    }
}
