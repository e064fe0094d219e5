package dev.ganglion.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.protocol.EventBatchAck;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PendingAnswersTest {
    private final PendingAnswers pending = new PendingAnswers();
    private final List<EventBatchAck> told = new ArrayList<>();

    private static EventBatchAck ack(String batch) {
        return new EventBatchAck("frame", batch, 3, 2, 1);
    }

    private void stored(long seq, String batch) {
        pending.taken(seq, ack(batch), told::add);
    }

    @Test
    void aNewBatchIsNoRepeat() {
        assertThat(pending.repeats("a", told::add)).isFalse();
        assertThat(told).isEmpty();
    }

    @Test
    void framesOnTheirWayAreCounted() {
        pending.sent(1, "a");
        pending.sent(2, null);
        assertThat(pending.inFlight()).isEqualTo(2);
        stored(1, "a");
        pending.taken(2, null, told::add);
        assertThat(pending.inFlight()).isZero();
    }

    @Test
    void anAnsweredBatchIsAnsweredAgainWithTheSameNumbersAndAnIdOfItsOwn() {
        pending.sent(1, "a");
        stored(1, "a");

        assertThat(pending.repeats("a", told::add)).isTrue();

        assertThat(told).singleElement().satisfies(again -> {
            assertThat(again.ackedId()).isEqualTo("a");
            assertThat(again.received()).isEqualTo(3);
            assertThat(again.accepted()).isEqualTo(2);
            assertThat(again.rejected()).isEqualTo(1);
            assertThat(again.id()).isNotEqualTo("frame");
        });
    }

    @Test
    void aRepeatOfABatchInFlightIsAnsweredAfterIt() {
        pending.sent(1, "a");
        assertThat(pending.repeats("a", told::add)).isTrue();
        assertThat(told).isEmpty();
        assertThat(pending.waiting()).isEqualTo(1);

        stored(1, "a");

        assertThat(told).extracting(EventBatchAck::ackedId).containsExactly("a");
        assertThat(pending.waiting()).isZero();
    }

    @Test
    void aRepeatWaitsForAllFramesBeforeIt() {
        pending.sent(1, "a");
        stored(1, "a");
        pending.sent(2, "b");
        pending.sent(3, null);
        assertThat(pending.repeats("a", told::add)).isTrue();

        stored(2, "b");
        assertThat(told).isEmpty();
        pending.taken(3, null, told::add);

        assertThat(told).extracting(EventBatchAck::ackedId).containsExactly("a");
    }

    @Test
    void repeatsComeOutInTheOrderTheyCameIn() {
        pending.sent(1, "a");
        pending.sent(2, "b");
        for (String batch : List.of("b", "a", "b")) {
            assertThat(pending.repeats(batch, told::add)).isTrue();
        }
        stored(1, "a");
        stored(2, "b");
        assertThat(told).extracting(EventBatchAck::ackedId).containsExactly("b", "a", "b");
    }

    @Test
    void aRepeatIsAnsweredThoughItsBatchIsForgottenWhileItWaits() {
        pending.sent(1, "a");
        stored(1, "a");
        for (int i = 2; i <= PendingAnswers.REMEMBERED; i++) {
            pending.sent(i, "b" + i);
        }
        assertThat(pending.repeats("a", told::add)).isTrue();
        pending.sent(1_000, "new");
        assertThat(pending.repeats("a", told::add)).as("forgotten").isFalse();

        for (int i = 2; i <= PendingAnswers.REMEMBERED; i++) {
            stored(i, "b" + i);
        }

        assertThat(told).extracting(EventBatchAck::ackedId).containsExactly("a");
    }

    @Test
    void onlyTheLastBatchesAreRemembered() {
        for (int i = 0; i <= PendingAnswers.REMEMBERED; i++) {
            pending.sent(i + 1L, "b" + i);
            stored(i + 1L, "b" + i);
        }
        assertThat(pending.repeats("b0", told::add)).isFalse();
        assertThat(pending.repeats("b1", told::add)).isTrue();
    }
}
