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
        pending.frameApplied(seq, ack(batch), answers::add);
    }

    private boolean repeats(String batchId) {
        return pending.answerIfRepeated(batchId, answers::add) != PendingAnswers.NEW;
    }

    @Test
    void doesNotTreatANewBatchAsARepeat() {
        assertThat(repeats("a")).isFalse();
        assertThat(answers).isEmpty();
    }

    @Test
    void countsFramesInFlight() {
        pending.frameSent(1, "a");
        pending.frameSent(2, null);
        assertThat(pending.inFlight()).isEqualTo(2);
        stored(1, "a");
        pending.frameApplied(2, null, answers::add);
        assertThat(pending.inFlight()).isZero();
    }

    @Test
    void answersARepeatWithTheSameCountsAndANewFrameId() {
        pending.frameSent(1, "a");
        stored(1, "a");

        assertThat(repeats("a")).isTrue();

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
        pending.frameSent(1, "a");
        assertThat(repeats("a")).isTrue();
        assertThat(answers).isEmpty();
        assertThat(pending.waiting()).isEqualTo(1);

        stored(1, "a");

        assertThat(answers).extracting(EventBatchAck::ackedId).containsExactly("a");
        assertThat(pending.waiting()).isZero();
    }

    @Test
    void delaysARepeatUntilAllEarlierFramesTookEffect() {
        pending.frameSent(1, "a");
        stored(1, "a");
        pending.frameSent(2, "b");
        pending.frameSent(3, null);
        assertThat(repeats("a")).isTrue();

        stored(2, "b");
        assertThat(answers).isEmpty();
        pending.frameApplied(3, null, answers::add);

        assertThat(answers).extracting(EventBatchAck::ackedId).containsExactly("a");
    }

    @Test
    void answersRepeatsInTheirOrder() {
        pending.frameSent(1, "a");
        pending.frameSent(2, "b");
        for (String batch : List.of("b", "a", "b")) {
            assertThat(repeats(batch)).isTrue();
        }
        stored(1, "a");
        stored(2, "b");
        assertThat(answers).extracting(EventBatchAck::ackedId).containsExactly("b", "a", "b");
    }

    @Test
    void answersAWaitingRepeatWhoseBatchWasEvicted() {
        pending.frameSent(1, "a");
        stored(1, "a");
        for (int i = 2; i <= PendingAnswers.REMEMBERED; i++) {
            pending.frameSent(i, "b" + i);
        }
        assertThat(repeats("a")).isTrue();
        pending.frameSent(1_000, "new");
        assertThat(repeats("a")).as("the batch is evicted").isFalse();

        for (int i = 2; i <= PendingAnswers.REMEMBERED; i++) {
            stored(i, "b" + i);
        }

        assertThat(answers).extracting(EventBatchAck::ackedId).containsExactly("a");
    }

    @Test
    void remembersOnlyTheLatestBatches() {
        for (int i = 0; i <= PendingAnswers.REMEMBERED; i++) {
            pending.frameSent(i + 1L, "b" + i);
            stored(i + 1L, "b" + i);
        }
        assertThat(repeats("b0")).isFalse();
        assertThat(repeats("b1")).isTrue();
    }
}
