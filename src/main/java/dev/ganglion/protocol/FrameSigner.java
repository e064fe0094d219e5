package dev.ganglion.protocol;

import dev.ganglion.protocol.error.ProtocolLimits;
import dev.ganglion.protocol.frame.CommandAck;
import dev.ganglion.protocol.frame.CommandResult;
import dev.ganglion.protocol.frame.Frame;
import dev.ganglion.protocol.frame.Hello;
import dev.ganglion.protocol.frame.HelloAck;
import dev.ganglion.protocol.json.JsonWriter;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;

/**
 * Numbers, timestamps and signs the outgoing frames of one session. Not thread-safe.
 *
 * <p>The signed frame is in canonical form. The signature covers the session's three ids, but the frame on the wire
 * omits them.
 */
public final class FrameSigner {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SEQ_RADIX = 36;

    private final ProjectKey key;
    private final SessionBinding binding;
    private final String noncePrefix;
    private long lastSeq;

    /** Creates a signer for a new session; the first frame has seq 1. */
    public FrameSigner(ProjectKey key, SessionBinding binding) {
        this(key, binding, 0);
    }

    /** Creates a signer that continues a session after the frame with the seq {@code lastSeq}. */
    public FrameSigner(ProjectKey key, SessionBinding binding, long lastSeq) {
        this.lastSeq = lastSeq;
        this.key = key;
        this.binding = binding;
        byte[] random = new byte[Long.BYTES];
        RANDOM.nextBytes(random);
        this.noncePrefix = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    /** The seq of the last signed frame, or 0 before the first. */
    public long lastSeq() {
        return lastSeq;
    }

    /** Signs a frame in the documented dialect and returns the wire message. */
    public byte[] sign(Frame frame, HmacEncoding encoding, Instant now) {
        return sign(frame, encoding, now, Dialect.DOCUMENTED);
    }

    /** Signs a frame and returns the wire message. */
    public byte[] sign(Frame frame, HmacEncoding encoding, Instant now, Dialect dialect) {
        if (frame instanceof Hello || frame instanceof HelloAck) {
            throw new IllegalArgumentException("handshake frames are not signed");
        }
        long seq = lastSeq + 1;
        JsonWriter writer = key.writer();
        writer.open('{').key("hmac").raw("\"" + "0".repeat(HmacText.length(encoding)) + "\"");
        int first = writer.size() + 1;
        writer.key("id").string(id(frame, dialect));
        writer.key("nonce").string(noncePrefix + Long.toString(seq, SEQ_RADIX));
        PayloadWriter.write(frame, dialect, writer.key("payload"));
        int second = writer.size() + 1;
        writer.key("seq").number(seq);
        int third = writer.size() + 1;
        writer.key("ts").string(WireTime.time(now));
        writer.key("type").string(frame.type().wireName());
        writer.key("v").number(ProtocolLimits.VERSION).close('}');
        byte[] wire = writer.bytes();
        key.update('{');
        signed(binding.agent());
        key.update(wire, first, second - first);
        signed(binding.project());
        key.update(wire, second, third - second);
        signed(binding.session());
        key.update(wire, third, wire.length - third);
        HmacText.encode(key.sign(), encoding, wire, "{\"hmac\":\"".length());
        lastSeq = seq;
        return wire;
    }

    /** In the library's dialect, the frame id of a command ack or command result is the command's id. */
    private static String id(Frame frame, Dialect dialect) {
        if (dialect == Dialect.LIBRARY && frame instanceof CommandAck ack) {
            return ack.commandIdOrFrameId();
        }
        return dialect == Dialect.LIBRARY && frame instanceof CommandResult result ? result.commandId() : frame.id();
    }

    private void signed(byte[] member) {
        key.update(member, 0, member.length);
        key.update(',');
    }
}
