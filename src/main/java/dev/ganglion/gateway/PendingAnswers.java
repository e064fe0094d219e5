package dev.ganglion.gateway;

import dev.ganglion.protocol.EventBatchAck;
import dev.ganglion.protocol.FrameIds;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a session still owes its agent: frames on their way to the store, and the answers of the batches that came last,
 * so that one that comes again is answered from here. Such an answer waits for the frames before it: an ack says that
 * all earlier frames took effect.
 */
final class PendingAnswers {
    /** Batches whose answer is remembered per session; older ones are recognised by the store. */
    static final int REMEMBERED = 512;

    private record Counts(int received, int accepted, int rejected) {
        boolean answered() {
            return received >= 0;
        }

        EventBatchAck ack(String batchId) {
            return new EventBatchAck(FrameIds.next(), batchId, received, accepted, rejected);
        }
    }

    /** A duplicate that waits until {@code afterSeq} took effect; what is known of it now may be forgotten by then. */
    private record Repeat(long afterSeq, String batchId, Counts known) {}

    private static final Counts UNANSWERED = new Counts(-1, 0, 0);

    private @Nullable Deque<Repeat> repeats;
    private @Nullable Map<String, Counts> batches;
    private int inFlight;
    private long lastSent;

    /** Frames that are on their way to the store. */
    int inFlight() {
        return inFlight;
    }

    /** A frame goes to the store. */
    void sent(long seq, @Nullable String batchId) {
        inFlight++;
        lastSent = seq;
        if (batchId != null) {
            batches().put(batchId, UNANSWERED);
        }
    }

    /**
     * Whether this batch came before and need not go to the store. If so its answer goes to {@code answers}, now or
     * once the frames before it took effect.
     */
    boolean repeats(String batchId, Consumer<EventBatchAck> answers) {
        Counts counts = batches == null ? null : batches.get(batchId);
        if (counts == null) {
            return false;
        }
        if (inFlight == 0 && counts.answered()) {
            answers.accept(counts.ack(batchId));
        } else {
            repeats().add(new Repeat(lastSent, batchId, counts));
        }
        return true;
    }

    /** Answers that wait behind frames; bounded by the caller's pausing the socket. */
    int waiting() {
        return repeats == null ? 0 : repeats.size();
    }

    /** A frame took effect; releases the answers that waited for it. */
    void taken(long seq, @Nullable EventBatchAck ack, Consumer<EventBatchAck> answers) {
        inFlight--;
        if (ack != null) {
            batches().put(ack.ackedId(), new Counts(ack.received(), ack.accepted(), ack.rejected()));
        }
        while (waiting() > 0 && repeats().element().afterSeq() <= seq) {
            Repeat repeat = repeats().remove();
            Counts counts =
                    repeat.known().answered() ? repeat.known() : batches().get(repeat.batchId());
            if (counts != null && counts.answered()) {
                answers.accept(counts.ack(repeat.batchId()));
            }
        }
    }

    private Deque<Repeat> repeats() {
        if (repeats == null) {
            repeats = new ArrayDeque<>();
        }
        return repeats;
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
