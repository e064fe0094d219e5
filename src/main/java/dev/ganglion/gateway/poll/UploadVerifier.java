package dev.ganglion.gateway.poll;

import dev.ganglion.bus.LaneMessage.InboundFrame;
import dev.ganglion.bus.PollMessage.Mark;
import dev.ganglion.bus.ReportedWorkers;
import dev.ganglion.protocol.FrameReader;
import dev.ganglion.protocol.FrameVerifier;
import dev.ganglion.protocol.HmacEncoding;
import dev.ganglion.protocol.error.CloseCode;
import dev.ganglion.protocol.error.ProtocolException;
import dev.ganglion.protocol.frame.Frame;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Verifies the frames of an upload in order, one chunk at a time. A frame with an invalid signature, time, sequence
 * number or nonce ends the verification. After a malformed frame, the verification continues with the next frame.
 */
final class UploadVerifier {
    private static final int CHUNK_BYTES = 1 << 20;
    private static final Set<CloseCode> FATAL =
            EnumSet.of(CloseCode.INVALID_SIGNATURE, CloseCode.STALE_TIMESTAMP, CloseCode.REPLAYED_FRAME);

    /**
     * The next frames that passed verification, in order.
     *
     * @param frames frames to apply
     * @param marks sequence number and nonce of each frame
     * @param failure code with which the session ends once the frames took effect; null if the session continues
     */
    record Chunk(
            List<InboundFrame> frames,
            List<Mark> marks,
            @Nullable CloseCode failure) {}

    private final PollRequest call;
    private final List<byte[]> frames;
    private final UploadTally tally;
    private final FrameVerifier verifier;
    private final ReportedWorkers workers = new ReportedWorkers();
    private int next;

    UploadVerifier(PollRequest call, List<byte[]> frames, UploadTally tally) {
        this.call = call;
        this.frames = frames;
        this.tally = tally;
        this.verifier = new FrameVerifier(call.key(), call.binding(), HmacEncoding.HEX);
    }

    int size() {
        return frames.size();
    }

    /** The signature encoding of the last frame that passed verification. */
    HmacEncoding encoding() {
        return verifier.encoding();
    }

    /**
     * Verifies the next chunk: at most {@code agent.frames-in-flight} frames and about 1 MiB. Returns no frames at the
     * end of the upload.
     */
    Chunk nextChunk() {
        List<InboundFrame> verified = new ArrayList<>();
        List<Mark> marks = new ArrayList<>();
        int maxFrames = call.scope().services().config().agent().framesInFlight();
        int bytes = 0;
        FrameReader reader = call.scope().resources().reader();
        while (next < frames.size() && verified.size() < maxFrames && bytes < CHUNK_BYTES) {
            byte[] wire = frames.get(next++);
            bytes += wire.length;
            try {
                reader.read(wire);
                Frame frame = verifier.verify(reader, call.scope().clock().instant());
                call.scope().metrics().frameVerified(frame.type().wireName());
                verified.add(new InboundFrame(
                        call.session(),
                        verifier.lastSeq(),
                        frame,
                        call.scope().ticker().nanos(),
                        workers.newIn(frame)));
                marks.add(new Mark(verifier.lastSeq(), reader.nonceText()));
            } catch (ProtocolException rejected) {
                CloseCode code = rejected.closeCode();
                String reason = String.valueOf(rejected.getMessage());
                call.scope().metrics().frameRefused(code.label());
                tally.reject("frame " + next + ": " + reason);
                if (FATAL.contains(code)) {
                    call.recordSessionEnd(code, reason, code == CloseCode.STALE_TIMESTAMP ? skew(reader) : null);
                    return new Chunk(verified, marks, code);
                }
            }
        }
        return new Chunk(verified, marks, null);
    }

    private @Nullable Long skew(FrameReader reader) {
        return reader.skewMillis(call.scope().clock().instant());
    }
}
