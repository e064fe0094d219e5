package dev.ganglion.gateway;

import dev.ganglion.bus.LaneMessage.InboundFrame;
import dev.ganglion.bus.PollMessage.Mark;
import dev.ganglion.protocol.CloseCode;
import dev.ganglion.protocol.Frame;
import dev.ganglion.protocol.FrameReader;
import dev.ganglion.protocol.FrameVerifier;
import dev.ganglion.protocol.HmacEncoding;
import dev.ganglion.protocol.ProtocolException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Verifies an upload's frames in their order, some at a time. A frame whose signature, time, seq or nonce fails is the
 * last that is looked at; one that is malformed is refused by itself.
 */
final class UploadCursor {
    private static final int SOME_BYTES = 1 << 20;
    private static final Set<CloseCode> FATAL =
            EnumSet.of(CloseCode.INVALID_SIGNATURE, CloseCode.STALE_TIMESTAMP, CloseCode.REPLAYED_FRAME);

    /**
     * Frames that verified, in their order.
     *
     * @param failure how the session is to end once they took effect; null when it goes on
     */
    record Some(
            List<InboundFrame> frames,
            List<Mark> marks,
            @Nullable CloseCode failure) {}

    private final PollCall call;
    private final List<byte[]> frames;
    private final UploadTally tally;
    private final FrameVerifier verifier;
    private int at;

    UploadCursor(PollCall call, List<byte[]> frames, UploadTally tally) {
        this.call = call;
        this.frames = frames;
        this.tally = tally;
        this.verifier = new FrameVerifier(call.key(), call.binding(), HmacEncoding.HEX);
    }

    int size() {
        return frames.size();
    }

    /** How the agent signed the last frame that verified. */
    HmacEncoding encoding() {
        return verifier.encoding();
    }

    /** The next frames that verified; empty at the end. */
    Some some() {
        List<InboundFrame> verified = new ArrayList<>();
        List<Mark> marks = new ArrayList<>();
        int most = call.scope().services().config().agent().framesInFlight();
        int bytes = 0;
        FrameReader reader = call.scope().resources().reader();
        while (at < frames.size() && verified.size() < most && bytes < SOME_BYTES) {
            byte[] wire = frames.get(at++);
            bytes += wire.length;
            try {
                reader.read(wire);
                Frame frame = verifier.verify(reader, call.scope().clock().instant());
                call.scope().metrics().frameVerified(frame.type().wireName());
                verified.add(new InboundFrame(call.session(), verifier.lastSeq(), frame, System.nanoTime()));
                marks.add(new Mark(verifier.lastSeq(), reader.nonceText()));
            } catch (ProtocolException refused) {
                CloseCode code = refused.closeCode();
                String why = String.valueOf(refused.getMessage());
                call.scope().metrics().frameRefused(code.label());
                tally.refuse("frame " + at + ": " + why);
                if (FATAL.contains(code)) {
                    call.ended(code, why, code == CloseCode.STALE_TIMESTAMP ? skew(reader) : null);
                    return new Some(verified, marks, code);
                }
            }
        }
        return new Some(verified, marks, null);
    }

    private @Nullable Long skew(FrameReader reader) {
        return reader.skewMillis(call.scope().clock().instant());
    }
}
