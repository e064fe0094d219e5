package dev.ganglion.protocol;

import dev.ganglion.protocol.error.CloseCode;
import dev.ganglion.protocol.error.ProtocolException;
import dev.ganglion.protocol.error.ProtocolLimits;
import dev.ganglion.protocol.frame.Frame;
import dev.ganglion.protocol.frame.FrameType;
import dev.ganglion.protocol.json.CanonicalStringReader;
import dev.ganglion.protocol.json.Tape;
import java.time.Instant;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Checks the signature, freshness, order and shape of the incoming frames of one session.
 *
 * <p>The verifier reads and changes session state only after the signature was verified. A frame that fails any check
 * changes no state. Not thread-safe; small while idle.
 */
public final class FrameVerifier {
    private static final long MAX_SKEW_SECONDS = ProtocolLimits.MAX_SKEW.toSeconds();

    private final ProjectKey key;
    private final SessionBinding binding;
    private final ReplayWindow window = new ReplayWindow();
    private final @Nullable String soleEngine;
    private HmacEncoding encoding;

    /**
     * Creates a verifier for a new session. The first frame may have any seq. Until a frame was verified, {@link
     * #encoding} is {@code initial}.
     */
    public FrameVerifier(ProjectKey key, SessionBinding binding, HmacEncoding initial) {
        this(key, binding, initial, null);
    }

    /**
     * Creates a verifier for a new session whose hello frame announced its engines.
     *
     * @param soleEngine the only engine of the session, which events about workers may omit; null if the session has
     *     none or several
     */
    public FrameVerifier(ProjectKey key, SessionBinding binding, HmacEncoding initial, @Nullable String soleEngine) {
        this.key = key;
        this.binding = binding;
        this.encoding = initial;
        this.soleEngine = soleEngine;
    }

    /** The seq of the last accepted frame, or 0 before the first. */
    public long lastSeq() {
        return window.lastSeq();
    }

    /** The encoding of the peer's last valid signature. Replies use the same encoding. */
    public HmacEncoding encoding() {
        return encoding;
    }

    /**
     * Verifies the frame that was read and returns it as a record.
     *
     * @throws ProtocolException with the close code that ends the session
     */
    public Frame verify(FrameReader read, Instant now) {
        if (read.isType(FrameType.HELLO) || read.isType(FrameType.HELLO_ACK)) {
            throw new ProtocolException(
                    CloseCode.MALFORMED_FRAME, "a hello or hello_ack is not allowed after the handshake", "type");
        }
        HmacEncoding used = signature(read);
        if (used == null) {
            throw new ProtocolException(
                    CloseCode.INVALID_SIGNATURE,
                    "hmac does not match the frame; check the signing secret of the project",
                    "hmac");
        }
        checkTime(read, now);
        long seq = seq(read);
        long nonce = nonce(read, now);
        Frame frame = frame(read);
        window.accept(seq, nonce, now.toEpochMilli());
        encoding = used;
        return frame;
    }

    /**
     * Accepts a frame that {@link #verify} rejected because it is too old, if it carries a batch that needs no further
     * effect. All other checks hold for it: it is authentic, follows the previous frame of the session, and is new. The
     * receiver may only repeat its answer.
     *
     * @param done whether the batch with this identifier needs no further effect
     * @return the identifier of the batch; null if the frame is rejected, without any change of state
     */
    public @Nullable String acceptLate(FrameReader read, Instant now, Predicate<String> done) {
        if (!read.isType(FrameType.EVENT_BATCH) || signature(read) == null) {
            return null;
        }
        Long skew = read.skewMillis(now);
        if (skew == null || skew > 0) {
            return null;
        }
        try {
            long seq = seq(read);
            long nonce = nonce(read, now);
            String id = read.envelope(CloseCode.MALFORMED_FRAME).text("id", 1, ProtocolLimits.MAX_ID);
            if (!done.test(id)) {
                return null;
            }
            window.accept(seq, nonce, now.toEpochMilli());
            return id;
        } catch (ProtocolException rejected) {
            return null;
        }
    }

    /**
     * Whether the frame that was read carries this session's signature. The method neither reads nor changes session
     * state.
     *
     * @throws ProtocolException with {@link CloseCode#MALFORMED_FRAME} if the frame has no canonical form
     */
    public boolean isAuthentic(FrameReader read) {
        return signature(read) != null;
    }

    private @Nullable HmacEncoding signature(FrameReader read) {
        read.write(binding.overrides());
        Tape tape = read.tape();
        int at = read.hmac();
        if (at == 0 || !read.isText(at)) {
            return null;
        }
        HmacEncoding used = HmacText.decode(tape.bytes, tape.start(at) + 1, tape.end(at) - 1, key.given());
        if (used == null) {
            return null;
        }
        key.update(read.emitter().out, 0, read.emitter().end);
        return key.matchesGiven() ? used : null;
    }

    private static void checkTime(FrameReader read, Instant now) {
        if (!read.readTime() || !read.timestamp().zoned()) {
            throw new ProtocolException(CloseCode.STALE_TIMESTAMP, "ts must be an RFC 3339 time with a zone", "ts");
        }
        long seconds = read.timestamp().seconds() - now.getEpochSecond();
        int nanos = read.timestamp().nanos() - now.getNano();
        boolean tooOld = seconds < -MAX_SKEW_SECONDS || (seconds == -MAX_SKEW_SECONDS && nanos < 0);
        boolean tooNew = seconds > MAX_SKEW_SECONDS || (seconds == MAX_SKEW_SECONDS && nanos > 0);
        if (tooOld || tooNew) {
            throw new ProtocolException(
                    CloseCode.STALE_TIMESTAMP,
                    "ts must be within " + MAX_SKEW_SECONDS
                            + " s of the receiver's time: synchronise the clock of the sender",
                    "ts");
        }
    }

    private long seq(FrameReader read) {
        long seq = read.seq() == 0 ? 0 : Fields.integer(read.tape(), read.seq());
        if (seq < 1 || seq > ProtocolLimits.MAX_SEQ) {
            throw new ProtocolException(
                    CloseCode.REPLAYED_FRAME, "seq must be an integer from 1 to " + ProtocolLimits.MAX_SEQ, "seq");
        }
        if (seq <= window.lastSeq()) {
            throw new ProtocolException(
                    CloseCode.REPLAYED_FRAME, "seq must be higher than the previous frame's", "seq");
        }
        return seq;
    }

    private long nonce(FrameReader read, Instant now) {
        Tape tape = read.tape();
        int at = read.nonce();
        boolean fits = at != 0 && read.isText(at) && tape.end(at) - tape.start(at) > 2;
        if (!fits
                || CanonicalStringReader.codePoints(tape.bytes, tape.start(at), tape.end(at))
                        > ProtocolLimits.MAX_NONCE) {
            throw new ProtocolException(
                    CloseCode.REPLAYED_FRAME,
                    "nonce must be a string of 1 to " + ProtocolLimits.MAX_NONCE + " characters",
                    "nonce");
        }
        long hash = ReplayWindow.hash(tape.bytes, tape.start(at), tape.end(at));
        if (window.holds(hash, now.toEpochMilli())) {
            throw new ProtocolException(CloseCode.REPLAYED_FRAME, "nonce was already used in this session", "nonce");
        }
        return hash;
    }

    private Frame frame(FrameReader read) {
        Fields envelope = read.envelope(CloseCode.MALFORMED_FRAME);
        FrameType type = FrameType.of(envelope.text("type", 0, ProtocolLimits.MAX_MESSAGE));
        if (type == null) {
            throw new ProtocolException(CloseCode.UNKNOWN_FRAME_TYPE, "type is not a known frame type", "type");
        }
        String id = envelope.text("id", 1, ProtocolLimits.MAX_ID);
        Fields payload = envelope.object("payload");
        PayloadReader shape = new PayloadReader(read, id, payload);
        return switch (type) {
            case EVENT_BATCH -> new EventBatchReader(read, soleEngine).batch(id, payload);
            case EVENT_BATCH_ACK -> shape.eventBatchAck();
            case HEARTBEAT -> shape.heartbeat();
            case COMMAND -> shape.command();
            case COMMAND_ACK -> shape.commandAck();
            case COMMAND_RESULT -> shape.commandResult();
            case REGISTRY_DELTA -> shape.registryDelta();
            case AGENT_STATUS -> shape.agentStatus(envelope.json("payload"));
            case ERROR -> shape.error();
            case HELLO, HELLO_ACK -> throw new IllegalStateException("a handshake frame was not rejected earlier");
        };
    }
}
