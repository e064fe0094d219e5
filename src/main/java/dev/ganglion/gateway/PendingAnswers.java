package dev.ganglion.gateway;

import dev.ganglion.protocol.frame.EventBatchAck;
import dev.ganglion.protocol.frame.FrameIds;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tracks the frames of a session that are on their way to the store, and remembers the answers to its latest batches.
 * The session answers a repeated batch from this memory.
 *
 * <p>An acknowledgement means that all earlier frames took effect. A repeated answer therefore waits for the frames
 * that came before it.
 */
final class PendingAnswers {
    /** Number of batches whose answer is remembered per session. The store recognises older batches. */
    static final int REMEMBERED = 512;

    /** Stands for a batch that was not received before. */
    static final long NEW = -1;

    private record Counts(long seq, int received, int accepted, int rejected) {
        boolean answered() {
            return received >= 0;
        }

        EventBatchAck ack(String batchId) {
            return new EventBatchAck(FrameIds.next(), batchId, received, accepted, rejected);
        }
    }

    /**
     * A repeated batch whose answer waits until frame {@code afterSeq} takes effect. The record holds the answer if
     * that is known, because the memory may have evicted that answer by then.
     */
    private record Repeat(long afterSeq, String batchId, Counts counts) {}

    private static final Counts UNANSWERED = new Counts(Long.MAX_VALUE, -1, 0, 0);

    private @Nullable Deque<Repeat> waitingRepeats;
    private @Nullable Map<String, Counts> batches;
    private int inFlight;
    private long lastSent;

    /** The number of frames that are on their way to the store. */
    int inFlight() {
        return inFlight;
    }

    /**
     * Records a frame that goes to the store.
     *
     * @param seq sequence number of the frame
     * @param batchId identifier of the batch; null if the frame is not a batch
     */
    void frameSent(long seq, @Nullable String batchId) {
        inFlight++;
        lastSent = seq;
        if (batchId != null) {
            batches().put(batchId, UNANSWERED);
        }
    }

    /**
     * Checks whether a batch was received before, so that it need not go to the store. If it was, its answer goes to
     * {@code answers}, either now or once all earlier frames took effect.
     *
     * @return sequence number of the frame that was answered first; {@link Long#MAX_VALUE} if the batch has no answer
     *     yet; {@link #NEW} if the batch is not a repeat
     */
    long answerIfRepeated(String batchId, Consumer<EventBatchAck> answers) {
        Counts counts = batches == null ? null : batches.get(batchId);
        if (counts == null) {
            return NEW;
        }
        if (inFlight == 0 && counts.answered()) {
            answers.accept(counts.ack(batchId));
        } else {
            waitingRepeats().add(new Repeat(lastSent, batchId, counts));
        }
        return counts.seq();
    }

    /** Whether a batch was received before, and its answer is known. */
    boolean answered(String batchId) {
        Counts counts = batches == null ? null : batches.get(batchId);
        return counts != null && counts.answered();
    }

    /** The number of answers that wait behind frames. The caller bounds it by pausing the socket. */
    int waiting() {
        return waitingRepeats == null ? 0 : waitingRepeats.size();
    }

    /** Records that a frame took effect, and releases the answers that waited for it. */
    void frameApplied(long seq, @Nullable EventBatchAck ack, Consumer<EventBatchAck> answers) {
        inFlight--;
        if (ack != null) {
            batches().put(ack.ackedId(), new Counts(seq, ack.received(), ack.accepted(), ack.rejected()));
        }
        while (waiting() > 0 && waitingRepeats().element().afterSeq() <= seq) {
            Repeat repeat = waitingRepeats().remove();
            Counts counts =
                    repeat.counts().answered() ? repeat.counts() : batches().get(repeat.batchId());
            if (counts != null && counts.answered()) {
                answers.accept(counts.ack(repeat.batchId()));
            }
        }
    }

    private Deque<Repeat> waitingRepeats() {
        if (waitingRepeats == null) {
            waitingRepeats = new ArrayDeque<>();
        }
        return waitingRepeats;
    }

    private Map<String, Counts> batches() {
        if (batches == null) {
            batches = new Recent();
        }
        return batches;
    }

    private static final class Recent extends LinkedHashMap<String, Counts> {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Counts> eldest) {
            return size() > REMEMBERED;
        }
    }
}
