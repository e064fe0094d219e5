package dev.ganglion.protocol;

/** Something went wrong. A fatal one from the brain is followed by the close. */
public record ErrorFrame(String id, String code, String message, boolean fatal) implements Frame {
    @Override
    public FrameType type() {
        return FrameType.ERROR;
    }
}
