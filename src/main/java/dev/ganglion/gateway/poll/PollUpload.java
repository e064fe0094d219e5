package dev.ganglion.gateway.poll;

import dev.ganglion.budget.ByteBudget;
import dev.ganglion.bus.LaneMessage.InboundFrame;
import dev.ganglion.bus.PollAnswer;
import dev.ganglion.bus.PollMessage;
import dev.ganglion.bus.PollMessage.Mark;
import dev.ganglion.bus.SessionMessage;
import dev.ganglion.gateway.AgentHttpError;
import dev.ganglion.protocol.error.CloseCode;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.frame.EventBatchAck;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One upload of frames. It verifies the frames and applies them in order, a limited number at a time. The response
 * states how many frames are durable.
 *
 * <p>If the store does not answer in time, the response is an error that reports no frame. Frames that take effect
 * nevertheless are deduplicated when the agent sends them again.
 *
 * <pre>
 *   open the session ──> verify a chunk ──> admit its frames ──> apply its frames ──> next chunk ──> …
 *     … after the last chunk ──> keep the acknowledgements ──> respond
 *     … after an invalid frame ──> end the session ──> respond
 * </pre>
 */
final class PollUpload {
    /** Time limit of an upload in milliseconds, below the 15 s after which released agents give up. */
    private static final long TIMEOUT_MS = 12_000;

    private final PollRequest call;
    private final ByteBudget.Reservation share;
    private final UploadTally tally = new UploadTally();
    private final List<EventBatchAck> acks = new ArrayList<>();
    private final UploadVerifier verifier;
    private final long timer;
    private List<InboundFrame> admitting = List.of();
    private @Nullable CloseCode failure;
    private int inFlight;
    private boolean answered;

    /** Creates an upload. Its frames count towards {@code share} until the last of them is answered. */
    PollUpload(PollRequest call, List<byte[]> frames, ByteBudget.Reservation share) {
        this.call = call;
        this.share = share;
        this.verifier = new UploadVerifier(call, frames, tally);
        this.timer = call.scope().after(TIMEOUT_MS, () -> refuse(AgentHttpError.storeUnavailable()));
    }

    void start() {
        call.listen(this::onAnswer);
        inFlight = 1;
        call.toLane(new PollMessage.OpenPoll(call.session(), call.remoteAddress(), false));
    }

    /** Handles a reply from the lane. The lane answers every message exactly once. */
    private void onAnswer(SessionMessage message) {
        inFlight--;
        if (message instanceof PollAnswer.Opened opened) {
            call.opened(opened);
        } else if (message instanceof PollAnswer.Admitted admitted) {
            onAdmitted(admitted.count());
        } else if (message instanceof SessionMessage.FrameApplied applied) {
            tally.accept();
            if (applied.answer() instanceof EventBatchAck ack) {
                acks.add(ack);
            }
        } else if (message instanceof PollAnswer.SessionEnded) {
            refuse(sessionEnded());
        } else if (message instanceof PollAnswer.Done) {
            answer();
        } else if (message instanceof SessionMessage.End end) {
            onEnd(end.code());
        }
        if (inFlight == 0) {
            proceed();
        }
    }

    private void onAdmitted(int count) {
        List<InboundFrame> frames = admitting;
        admitting = List.of();
        if (count < frames.size()) {
            fail(CloseCode.REPLAYED_FRAME, "seq, nonce: already used in this session");
        }
        inFlight += count;
        frames.subList(0, count).forEach(call::toLane);
    }

    private void onEnd(CloseCode code) {
        if (code == CloseCode.REPLAYED_FRAME) {
            fail(code, "seq: must be higher than that of the previous frame");
        } else if (code == CloseCode.REVOKED) {
            refuse(AgentHttpError.unauthorized());
        } else if (code == CloseCode.STORE_UNAVAILABLE) {
            refuse(AgentHttpError.storeUnavailable());
        } else {
            refuse(sessionEnded());
        }
    }

    private static AgentHttpError sessionEnded() {
        return new AgentHttpError(
                503,
                ErrorCode.SESSION_ENDED,
                "X-Z4J-Session-Nonce: this session has ended; start a new session and send the frames again",
                1);
    }

    private void fail(CloseCode code, String reason) {
        if (failure == null) {
            failure = code;
            tally.reject(reason);
            call.scope().metrics().frameRefused(code.label());
            call.recordSessionEnd(code, reason, null);
        }
    }

    private void proceed() {
        if (answered) {
            release();
            return;
        }
        if (failure == null) {
            UploadVerifier.Chunk chunk = verifier.nextChunk();
            failure = chunk.failure();
            if (!chunk.frames().isEmpty()) {
                admit(chunk);
                return;
            }
        }
        finish();
    }

    private void admit(UploadVerifier.Chunk chunk) {
        admitting = chunk.frames();
        inFlight = 1;
        List<Mark> marks = chunk.marks();
        call.toLane(new PollMessage.AdmitFrames(call.session(), marks, verifier.encoding()));
    }

    private void finish() {
        if (failure != null) {
            inFlight = 1;
            call.toLane(new PollMessage.EndPoll(call.session(), failure));
        } else if (!acks.isEmpty()) {
            inFlight = 1;
            call.toLane(new PollMessage.KeepAcks(call.session(), List.copyOf(acks)));
        } else {
            answer();
            release();
        }
    }

    private void answer() {
        if (answered) {
            return;
        }
        answered = true;
        call.answer(new JsonObject()
                .put("accepted", tally.accepted())
                .put("rejected", verifier.size() - tally.accepted())
                .put("errors", new JsonArray(tally.errors())));
    }

    private void refuse(AgentHttpError refusal) {
        if (!answered) {
            answered = true;
            call.refuse(refusal);
        }
    }

    private void release() {
        call.scope().cancel(timer);
        call.close();
        share.release();
    }
}
