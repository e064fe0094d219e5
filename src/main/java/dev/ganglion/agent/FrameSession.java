package dev.ganglion.agent;

import dev.ganglion.protocol.Dialect;
import dev.ganglion.protocol.FrameReader;
import dev.ganglion.protocol.FrameSigner;
import dev.ganglion.protocol.FrameVerifier;
import dev.ganglion.protocol.HmacEncoding;
import dev.ganglion.protocol.ProjectKey;
import dev.ganglion.protocol.SessionBinding;
import dev.ganglion.protocol.frame.Frame;
import dev.ganglion.protocol.frame.HelloAck;
import java.time.Instant;

/** Signs and verifies the frames of one session. Sequence numbers and nonces start afresh with each session. */
final class FrameSession {
    private final FrameSigner signer;
    private final FrameVerifier verifier;
    private final Dialect dialect;
    private final HmacEncoding encoding;

    FrameSession(HelloAck ack, ProjectKey key, Dialect dialect) {
        SessionBinding binding = new SessionBinding(ack.agentId(), ack.projectId(), ack.sessionId());
        this.dialect = dialect;
        this.encoding = dialect == Dialect.LIBRARY ? HmacEncoding.HEX : HmacEncoding.BASE64;
        this.signer = new FrameSigner(key, binding);
        this.verifier = new FrameVerifier(key, binding, encoding);
    }

    byte[] sign(Frame frame, Instant now) {
        return signer.sign(frame, encoding, now, dialect);
    }

    Frame verify(FrameReader reader, byte[] wire, Instant now) {
        reader.read(wire, 0, wire.length);
        return verifier.verify(reader, now);
    }
}
