package dev.ganglion.protocol;

import java.time.Instant;

/** The frames of the handshake, which no signature covers. */
public final class UnsignedFrames {
    private UnsignedFrames() {}

    /** The brain's answer to a hello, for the wire. */
    public static byte[] helloAck(HelloAck ack, Instant now) {
        return write(ack, now);
    }

    /** The first frame of an agent, for the wire. */
    public static byte[] hello(Hello hello, Instant now) {
        return write(hello, now);
    }

    /**
     * Reads the brain's answer to a hello.
     *
     * @throws ProtocolException if it is none
     */
    public static HelloAck readHelloAck(byte[] wire) {
        FrameReader reader = new FrameReader(ProtocolLimits.MAX_FRAME_BYTES);
        reader.read(wire, 0, wire.length);
        return reader.helloAck();
    }

    private static byte[] write(Frame frame, Instant now) {
        JsonWriter writer = new JsonWriter().open('{').key("id").string(frame.id());
        PayloadWriter.write(frame, Dialect.DOCUMENTED, writer.key("payload"));
        writer.key("ts").string(Wire.time(now)).key("type").string(frame.type().wireName());
        return writer.key("v").number(ProtocolLimits.VERSION).close('}').bytes();
    }
}
