package dev.ganglion.gateway;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** Puts a message's fragments together, and no more bytes of it than a frame may have. */
final class MessageAssembler {
    private final int maxBytes;
    private @Nullable Buffer parts;

    MessageAssembler(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Whether a message of this size, with what is already here, is over the limit. */
    boolean tooLarge(int more) {
        return (parts == null ? 0 : parts.length()) + (long) more > maxBytes;
    }

    /** Whether a message has begun and not ended. */
    boolean begun() {
        return parts != null;
    }

    /** The whole message once its last fragment is here, else null. */
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
        Buffer whole = parts;
        parts = null;
        return whole;
    }
}
