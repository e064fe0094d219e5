package dev.ganglion.protocol;

import dev.ganglion.protocol.error.CloseCode;
import dev.ganglion.protocol.error.ProtocolException;
import dev.ganglion.protocol.error.ProtocolLimits;
import dev.ganglion.protocol.frame.FrameType;
import dev.ganglion.protocol.frame.Hello;
import dev.ganglion.protocol.frame.HelloAck;
import dev.ganglion.protocol.json.CanonicalStringReader;
import dev.ganglion.protocol.json.Emitter;
import dev.ganglion.protocol.json.Overrides;
import dev.ganglion.protocol.json.Tape;
import dev.ganglion.protocol.json.Timestamp;
import dev.ganglion.protocol.json.Tokenizer;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Parses one wire message at a time onto a tape and finds the members of its envelope.
 *
 * <p>One reader serves every connection of one event-loop thread; it is not thread-safe. The parsed message is valid
 * until the next {@link #read}. After an unusually large message the buffers shrink again.
 */
public final class FrameReader {
    /**
     * Depth down to which every member keeps its own entry on the tape: the frame, the payload, a list, and the objects
     * in the list.
     */
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

    /** Creates a reader that rejects messages longer than {@code maxFrameBytes}. */
    public FrameReader(int maxFrameBytes) {
        this.maxFrameBytes = maxFrameBytes;
    }

    /** Reads one message that fills the whole array. */
    public void read(byte[] wire) {
        read(wire, 0, wire.length);
    }

    /**
     * Reads one message. The bytes are copied; the caller may reuse the array.
     *
     * @throws ProtocolException with {@link CloseCode#TOO_LARGE} if the message is too long; with {@link
     *     CloseCode#MALFORMED_FRAME} if it is not UTF-8, not JSON or not an object, or {@code v} is not an integer;
     *     with {@link CloseCode#UNSUPPORTED_VERSION} if {@code v} is any other version
     */
    public void read(byte[] wire, int offset, int length) {
        prepare(length);
        System.arraycopy(wire, offset, tape.bytes, 0, length);
        parse();
    }

    /** Reads one message from a socket buffer, with a single copy onto the tape. */
    public void read(Buffer wire) {
        prepare(wire.length());
        wire.getBytes(tape.bytes);
        parse();
    }

    private void prepare(int length) {
        root = NONE;
        if (length > maxFrameBytes) {
            throw new ProtocolException(
                    CloseCode.TOO_LARGE,
                    "the frame has " + length + " bytes, but at most " + maxFrameBytes + " are allowed");
        }
        tape.reset(length);
    }

    private void parse() {
        tokenizer.read();
        if (tape.root >= 0 || Tape.first(tape.root) == Tape.UNPRINTABLE || tape.isArray(~Tape.first(tape.root))) {
            throw new ProtocolException(CloseCode.MALFORMED_FRAME, "a frame must be a JSON object");
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
                    "v must be " + ProtocolLimits.VERSION + ", the only supported version",
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
     * Returns the message as a hello, the first frame of a connection.
     *
     * @throws ProtocolException with {@link CloseCode#HELLO_EXPECTED}, {@link CloseCode#MALFORMED_HANDSHAKE} or {@link
     *     CloseCode#UNSUPPORTED_VERSION}
     */
    public Hello hello() {
        if (!isType(FrameType.HELLO)) {
            throw new ProtocolException(CloseCode.HELLO_EXPECTED, "the first frame must have the type hello", "type");
        }
        write(Overrides.NONE);
        checkHandshakeTime();
        return HandshakeReader.hello(envelope(CloseCode.MALFORMED_HANDSHAKE));
    }

    /** Returns the message as the brain's reply to a hello. Agents use this method. */
    HelloAck helloAck() {
        if (!isType(FrameType.HELLO_ACK)) {
            throw new ProtocolException(
                    CloseCode.MALFORMED_HANDSHAKE, "the reply to a hello must have the type hello_ack", "type");
        }
        write(Overrides.NONE);
        checkHandshakeTime();
        return HandshakeReader.helloAck(envelope(CloseCode.MALFORMED_HANDSHAKE));
    }

    private void checkHandshakeTime() {
        if (ts != 0 && !isNull(ts) && !(readTime() && timestamp.zoned())) {
            throw new ProtocolException(
                    CloseCode.MALFORMED_HANDSHAKE, "ts must be an RFC 3339 time with a zone, or null", "ts");
        }
    }

    /** Writes the canonical bytes of the frame, with overrides, to the start of the emitter's buffer. */
    public void write(Overrides overrides) {
        if (root < 0) {
            throw new IllegalStateException("no frame was read; call read first");
        }
        emitter.reset(overrides.size());
        emitter.object(root, overrides);
    }

    public Emitter emitter() {
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

    /**
     * The position of the value of {@code nonce} on the tape, or 0 if it is absent. {@link #seq} and {@link #hmac} work
     * likewise.
     */
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
        return CanonicalStringReader.is(tape.bytes, tape.start(at), tape.end(at), text);
    }

    /** Reads {@code ts}; returns false if it is absent or not a time. */
    boolean readTime() {
        return ts != 0 && isText(ts) && timestamp.read(tape.bytes, tape.start(ts) + 1, tape.end(ts) - 1);
    }

    /**
     * Returns how far the frame's time is ahead of {@code now}, in milliseconds; negative if it is behind. Returns null
     * if no frame was read or its time is absent or has no zone.
     */
    public @Nullable Long skewMillis(Instant now) {
        if (root < 0 || !readTime() || !timestamp.zoned()) {
            return null;
        }
        return (timestamp.seconds() - now.getEpochSecond()) * 1_000 + (timestamp.nanos() - now.getNano()) / 1_000_000;
    }

    /** Returns the nonce of the frame. Call this method only after the frame was verified. */
    public String nonceText() {
        return envelope(CloseCode.REPLAYED_FRAME).text("nonce", 1, ProtocolLimits.MAX_NONCE);
    }

    Timestamp timestamp() {
        return timestamp;
    }
}
