package dev.ganglion.socket;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** Assembles the fragments of a WebSocket message, up to the size limit of a frame. */
final class MessageAssembler {
    private final int maxBytes;
    private @Nullable Buffer parts;

    MessageAssembler(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Whether {@code more} bytes, added to the fragments received so far, exceed the limit. */
    boolean tooLarge(int more) {
        return (parts == null ? 0 : parts.length()) + (long) more > maxBytes;
    }

    /** The bytes of the message that has arrived in part; 0 if there is none. */
    int heldBytes() {
        return parts == null ? 0 : parts.length();
    }

    /** Forgets the message that has arrived in part. */
    void clear() {
        parts = null;
    }

    /** Whether the first fragment of a message has arrived and the last one has not. */
    boolean inMessage() {
        return parts != null;
    }

    /** Adds a fragment. Returns the complete message if this was its last fragment, otherwise null. */
    @Nullable
    Buffer add(Buffer data, boolean last) {
        if (parts == null) {
            if (last) {
                return data;
            }
            parts = Buffer.buffer();
        }
        parts.appendBuffer(data);
        if (!last) {
            return null;
        }
        Buffer message = parts;
        parts = null;
        return message;
    }
}
