package dev.ganglion.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.protocol.frame.EventBatchAck;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PendingAnswersTest {
    private final PendingAnswers pending = new PendingAnswers();
    private final List<EventBatchAck> answers = new ArrayList<>();

    private static EventBatchAck ack(String batch) {
        return new EventBatchAck("frame", batch, 3, 2, 1);
    }

    private void stored(long seq, String batch) {
        pending.taken(seq, ack(batch), answers::add);
    }

    @Test
    void doesNotTreatANewBatchAsARepeat() {
        assertThat(pending.repeats("a", answers::add)).isFalse();
        assertThat(answers).isEmpty();
    }

    @Test
    void countsFramesInFlight() {
        pending.sent(1, "a");
        pending.sent(2, null);
        assertThat(pending.inFlight()).isEqualTo(2);
        stored(1, "a");
        pending.taken(2, null, answers::add);
        assertThat(pending.inFlight()).isZero();
    }

    @Test
    void answersARepeatWithTheSameCountsAndANewFrameId() {
        pending.sent(1, "a");
        stored(1, "a");

        assertThat(pending.repeats("a", answers::add)).isTrue();

        assertThat(answers).singleElement().satisfies(again -> {
            assertThat(again.ackedId()).isEqualTo("a");
            assertThat(again.received()).isEqualTo(3);
            assertThat(again.accepted()).isEqualTo(2);
            assertThat(again.rejected()).isEqualTo(1);
            assertThat(again.id()).isNotEqualTo("frame");
        });
    }

    @Test
    void answersARepeatOfABatchInFlightAfterThatBatch() {
        pending.sent(1, "a");
        assertThat(pending.repeats("a", answers::add)).isTrue();
        assertThat(answers).isEmpty();
        assertThat(pending.waiting()).isEqualTo(1);

        stored(1, "a");

        assertThat(answers).extracting(EventBatchAck::ackedId).containsExactly("a");
        assertThat(pending.waiting()).isZero();
    }

    @Test
    void delaysARepeatUntilAllEarlierFramesTookEffect() {
        pending.sent(1, "a");
        stored(1, "a");
        pending.sent(2, "b");
        pending.sent(3, null);
        assertThat(pending.repeats("a", answers::add)).isTrue();

        stored(2, "b");
        assertThat(answers).isEmpty();
        pending.taken(3, null, answers::add);

        assertThat(answers).extracting(EventBatchAck::ackedId).containsExactly("a");
    }

    @Test
    void answersRepeatsInTheirOrder() {
        pending.sent(1, "a");
        pending.sent(2, "b");
        for (String batch : List.of("b", "a", "b")) {
            assertThat(pending.repeats(batch, answers::add)).isTrue();
        }
        stored(1, "a");
        stored(2, "b");
        assertThat(answers).extracting(EventBatchAck::ackedId).containsExactly("b", "a", "b");
    }

    @Test
    void answersAWaitingRepeatWhoseBatchWasEvicted() {
        pending.sent(1, "a");
        stored(1, "a");
        for (int i = 2; i <= PendingAnswers.REMEMBERED; i++) {
            pending.sent(i, "b" + i);
        }
        assertThat(pending.repeats("a", answers::add)).isTrue();
        pending.sent(1_000, "new");
        assertThat(pending.repeats("a", answers::add))
                .as("the batch is evicted")
                .isFalse();

        for (int i = 2; i <= PendingAnswers.REMEMBERED; i++) {
            stored(i, "b" + i);
        }

        assertThat(answers).extracting(EventBatchAck::ackedId).containsExactly("a");
    }

    @Test
    void remembersOnlyTheLatestBatches() {
        for (int i = 0; i <= PendingAnswers.REMEMBERED; i++) {
            pending.sent(i + 1L, "b" + i);
            stored(i + 1L, "b" + i);
        }
        assertThat(pending.repeats("b0", answers::add)).isFalse();
        assertThat(pending.repeats("b1", answers::add)).isTrue();
    }
}
