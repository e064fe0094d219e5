package dev.ganglion.protocol;

import dev.ganglion.protocol.error.ProtocolLimits;
import dev.ganglion.protocol.frame.Frame;
import dev.ganglion.protocol.frame.Hello;
import dev.ganglion.protocol.frame.HelloAck;
import dev.ganglion.protocol.json.JsonWriter;
import java.time.Instant;

/** Writes and reads the two unsigned frames of the handshake. */
public final class UnsignedFrames {
    private UnsignedFrames() {}

    /** Writes the brain's reply to a hello as a wire message. */
    public static byte[] helloAck(HelloAck ack, Instant now) {
        return write(ack, now);
    }

    /** Writes the first frame of an agent as a wire message. */
    public static byte[] hello(Hello hello, Instant now) {
        return write(hello, now);
    }

    /**
     * Reads the brain's reply to a hello.
     *
     * @throws ProtocolException if the message is no valid hello_ack
     */
    public static HelloAck readHelloAck(byte[] wire) {
        FrameReader reader = new FrameReader(ProtocolLimits.MAX_FRAME_BYTES);
        reader.read(wire, 0, wire.length);
        return reader.helloAck();
    }

    private static byte[] write(Frame frame, Instant now) {
        JsonWriter writer = new JsonWriter().open('{').key("id").string(frame.id());
        PayloadWriter.write(frame, Dialect.DOCUMENTED, writer.key("payload"));
        writer.key("ts")
                .string(WireTime.time(now))
                .key("type")
                .string(frame.type().wireName());
        return writer.key("v").number(ProtocolLimits.VERSION).close('}').bytes();
    }
}
