package dev.ganglion.bus.link;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.parsetools.RecordParser;
import java.util.function.Consumer;

/**
 * Cuts the bytes of a connection into frames. A frame is its length, as a big-endian integer of four bytes, and that
 * number of bytes. Checks each length before it waits for the bytes, so that a peer cannot make this node buffer more
 * than the limit. Not thread-safe.
 */
final class FrameCutter implements Handler<Buffer> {
    private static final int LENGTH_BYTES = 4;

    private final RecordParser parser = RecordParser.newFixed(LENGTH_BYTES);
    private final Consumer<Buffer> frames;
    private final Runnable onWrongLength;
    private int limit = Limits.MAX_UNAUTHENTICATED_FRAME;
    private boolean inFrame;
    private boolean stopped;

    /**
     * Creates a cutter with the limit for peers that are not authenticated.
     *
     * @param onWrongLength runs when a length is not allowed; no frames follow
     */
    FrameCutter(Consumer<Buffer> frames, Runnable onWrongLength) {
        this.frames = frames;
        this.onWrongLength = onWrongLength;
        parser.setOutput(this::next);
    }

    /** Allows the frames of an authenticated peer. */
    void authenticated() {
        limit = Limits.MAX_FRAME;
    }

    /** Ignores everything that follows. */
    void stop() {
        stopped = true;
    }

    @Override
    public void handle(Buffer bytes) {
        if (!stopped) {
            parser.handle(bytes);
        }
    }

    private void next(Buffer bytes) {
        if (stopped) {
            return;
        }
        if (inFrame) {
            inFrame = false;
            parser.fixedSizeMode(LENGTH_BYTES);
            frames.accept(bytes);
            return;
        }
        int length = bytes.getInt(0);
        if (length < 1 || length > limit) {
            stopped = true;
            onWrongLength.run();
            return;
        }
        inFrame = true;
        parser.fixedSizeMode(length);
    }

    /** Puts the length before a frame. */
    static Buffer framed(Buffer frame) {
        return Buffer.buffer(LENGTH_BYTES + frame.length())
                .appendInt(frame.length())
                .appendBuffer(frame);
    }
}
