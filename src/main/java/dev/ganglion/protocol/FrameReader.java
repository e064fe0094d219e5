package dev.ganglion.protocol;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Reads one wire message at a time: its bytes onto a tape, its envelope out of that.
 *
 * <p>It is used again for every message of every connection on one event-loop thread, and not thread-safe. What it read
 * is valid until the next {@link #read}. After an unusually large message its buffers shrink again.
 */
public final class FrameReader {
    /** Frame, payload, list, and the members of its entries. */
    private static final int STRUCTURED = 4;

    private static final int NONE = -1;

    private final int maxFrameBytes;
    private final Tape tape = new Tape();
    private final Tokenizer tokenizer = new Tokenizer(tape, STRUCTURED);
    private final Emitter emitter = new Emitter(tape);
    private final Timestamp timestamp = new Timestamp();
    private int root = NONE;
    private int type;
    private int ts;
    private int nonce;
    private int seq;
    private int hmac;

    /** A reader that refuses messages of more bytes than that. */
    public FrameReader(int maxFrameBytes) {
        this.maxFrameBytes = maxFrameBytes;
    }

    /** Reads a whole array. */
    public void read(byte[] wire) {
        read(wire, 0, wire.length);
    }

    /**
     * Reads one message. The bytes are copied; the caller may reuse the array.
     *
     * @throws ProtocolException with {@link CloseCode#TOO_LARGE}; {@link CloseCode#MALFORMED_FRAME} if it is not UTF-8,
     *     not JSON, not an object, or {@code v} is no integer; {@link CloseCode#UNSUPPORTED_VERSION} if {@code v} is
     *     another one
     */
    public void read(byte[] wire, int offset, int length) {
        prepare(length);
        System.arraycopy(wire, offset, tape.bytes, 0, length);
        parse();
    }

    /** Reads one message as it came from a socket, without a copy in between. */
    public void read(Buffer wire) {
        prepare(wire.length());
        wire.getBytes(tape.bytes);
        parse();
    }

    private void prepare(int length) {
        root = NONE;
        if (length > maxFrameBytes) {
            throw new ProtocolException(
                    CloseCode.TOO_LARGE, "a frame has " + length + " bytes, at most " + maxFrameBytes + " are allowed");
        }
        tape.reset(length);
    }

    private void parse() {
        tokenizer.read();
        if (tape.root >= 0 || Tape.first(tape.root) == Tape.UNPRINTABLE || tape.isArray(~Tape.first(tape.root))) {
            throw new ProtocolException(CloseCode.MALFORMED_FRAME, "a frame is a JSON object");
        }
        root = ~Tape.first(tape.root);
        checkVersion();
        type = Fields.find(tape, root, "type");
        ts = Fields.find(tape, root, "ts");
        nonce = Fields.find(tape, root, "nonce");
        seq = Fields.find(tape, root, "seq");
        hmac = Fields.find(tape, root, "hmac");
    }

    private void checkVersion() {
        int v = Fields.find(tape, root, "v");
        if (v != 0 && isInteger(v)) {
            if (Fields.integer(tape, v) == ProtocolLimits.VERSION) {
                return;
            }
            write(Overrides.NONE);
            root = NONE;
            throw new ProtocolException(
                    CloseCode.UNSUPPORTED_VERSION,
                    "v must be " + ProtocolLimits.VERSION + ", the only version here",
                    "v");
        }
        root = NONE;
        throw new ProtocolException(CloseCode.MALFORMED_FRAME, "v must be the integer " + ProtocolLimits.VERSION, "v");
    }

    private boolean isInteger(int at) {
        int start = tape.start(at);
        if (start < 0) {
            return false;
        }
        for (int p = start; p < tape.end(at); p++) {
            byte c = tape.bytes[p];
            if (!((c >= '0' && c <= '9') || (c == '-' && p == start))) {
                return false;
            }
        }
        return true;
    }

    /**
     * The first frame of a connection.
     *
     * @throws ProtocolException with {@link CloseCode#HELLO_EXPECTED}, {@link CloseCode#MALFORMED_HANDSHAKE} or
     *     {@link CloseCode#UNSUPPORTED_VERSION}
     */
    public Hello hello() {
        if (!isType(FrameType.HELLO)) {
            throw new ProtocolException(CloseCode.HELLO_EXPECTED, "the first frame must be of type hello", "type");
        }
        write(Overrides.NONE);
        checkHandshakeTime();
        return HandshakeShape.hello(envelope(CloseCode.MALFORMED_HANDSHAKE));
    }

    /** The brain's answer to a hello, as agents read it. */
    HelloAck helloAck() {
        if (!isType(FrameType.HELLO_ACK)) {
            throw new ProtocolException(
                    CloseCode.MALFORMED_HANDSHAKE, "the answer to a hello must be of type hello_ack", "type");
        }
        write(Overrides.NONE);
        checkHandshakeTime();
        return HandshakeShape.helloAck(envelope(CloseCode.MALFORMED_HANDSHAKE));
    }

    private void checkHandshakeTime() {
        if (ts != 0 && !isNull(ts) && !(readTime() && timestamp.zoned())) {
            throw new ProtocolException(
                    CloseCode.MALFORMED_HANDSHAKE, "ts must be an RFC 3339 time with a zone, or null", "ts");
        }
    }

    /** Writes the canonical bytes of the frame with overrides, from the emitter's start. */
    void write(Overrides overrides) {
        if (root < 0) {
            throw new IllegalStateException("no frame was read");
        }
        emitter.reset(overrides.size());
        emitter.object(root, overrides);
    }

    Emitter emitter() {
        return emitter;
    }

    Tape tape() {
        return tape;
    }

    Fields envelope(CloseCode onError) {
        return new Fields(tape, emitter, root, "", onError);
    }

    boolean isType(FrameType wanted) {
        return root >= 0 && type != 0 && isText(type) && textIs(type, wanted.wireName());
    }

    /** The place of the value of {@code nonce} on the tape, 0 if there is none; and so on. */
    int nonce() {
        return nonce;
    }

    int seq() {
        return seq;
    }

    int hmac() {
        return hmac;
    }

    boolean isText(int at) {
        int start = tape.start(at);
        return start >= 0 && tape.bytes[start] == '"';
    }

    private boolean isNull(int at) {
        int start = tape.start(at);
        return start >= 0 && tape.bytes[start] == 'n';
    }

    private boolean textIs(int at, String text) {
        return CanonicalText.is(tape.bytes, tape.start(at), tape.end(at), text);
    }

    /** Reads {@code ts}; false if it is absent or no time. */
    boolean readTime() {
        return ts != 0 && isText(ts) && timestamp.read(tape.bytes, tape.start(ts) + 1, tape.end(ts) - 1);
    }

    /**
     * How far the time of the frame that was read is ahead of {@code now}, in milliseconds; negative when it is behind,
     * null when no frame was read or it has no time with a zone.
     */
    public @Nullable Long skewMillis(Instant now) {
        if (root < 0 || !readTime() || !timestamp.zoned()) {
            return null;
        }
        return (timestamp.seconds() - now.getEpochSecond()) * 1_000 + (timestamp.nanos() - now.getNano()) / 1_000_000;
    }

    /** The nonce of the frame that was read, once it verified. */
    public String nonceText() {
        return envelope(CloseCode.REPLAYED_FRAME).text("nonce", 1, ProtocolLimits.MAX_NONCE);
    }

    Timestamp timestamp() {
        return timestamp;
    }
}
