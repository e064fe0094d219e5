package dev.ganglion.protocol.frame;

/** Reports an error to the peer. After a fatal error frame, the brain closes the connection. */
public record ErrorFrame(String id, String code, String message, boolean fatal) implements Frame {
    @Override
    public FrameType type() {
        return FrameType.ERROR;
    }

    @Override
    public <A> void accept(Visitor<A> visitor, A argument) {
        visitor.error(this, argument);
    }
}
