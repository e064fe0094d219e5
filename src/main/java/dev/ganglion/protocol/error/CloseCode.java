package dev.ganglion.protocol.error;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Lists every way in which a connection can end.
 *
 * <p>Each constant holds the WebSocket close code and reason, whether agents reconnect, the metric label, and the code
 * of the fatal error frame. The brain sends that error frame before the close if the connection has a session.
 */
public enum CloseCode {
    NORMAL(1000, "closed", true, ErrorCode.NODE_STOPPING),
    GOING_AWAY(1001, "node shutting down", true, ErrorCode.NODE_STOPPING),
    PROTOCOL_ERROR(1002, "WebSocket protocol error", true, ErrorCode.MALFORMED_FRAME),
    TOO_LARGE(1009, "frame larger than max_frame_size_bytes", true, ErrorCode.FRAME_TOO_LARGE),
    INTERNAL_ERROR(1011, "internal error", true, ErrorCode.INTERNAL),
    STORE_UNAVAILABLE(1011, "store unavailable", true, ErrorCode.STORE_UNAVAILABLE),
    HOLDER_SUSPECTED(1011, "the node that holds the slot may have failed", true, ErrorCode.INTERNAL),
    FENCED(1011, "session lease lost", true, ErrorCode.FENCED),
    SLOW_READER(1011, "peer reads too slowly", true, ErrorCode.SLOW_READER),
    OVER_BUDGET(1011, "node short of memory for connections", true, ErrorCode.NODE_BUSY),
    DISPLACED(4002, "replaced by a newer connection for the same slot", true, ErrorCode.DISPLACED),
    REVOKED(4003, "token revoked", false, ErrorCode.REVOKED),
    MALFORMED_HANDSHAKE(4400, "malformed hello", true, ErrorCode.MALFORMED_FRAME),
    HELLO_EXPECTED(4400, "the first frame was not hello", true, ErrorCode.MALFORMED_FRAME),
    HELLO_TIMEOUT(4400, "no hello before the time-out", true, ErrorCode.HELLO_TIMEOUT),
    MALFORMED_FRAME(4400, "malformed frame", true, ErrorCode.MALFORMED_FRAME),
    UNKNOWN_FRAME_TYPE(4400, "unknown frame type", true, ErrorCode.UNKNOWN_FRAME_TYPE),
    UNAUTHORIZED(4401, "bearer token missing or rejected", false, ErrorCode.UNAUTHORIZED),
    INVALID_SIGNATURE(4403, "signature check failed", true, ErrorCode.INVALID_SIGNATURE),
    STALE_TIMESTAMP(4403, "timestamp missing or outside the window", true, ErrorCode.STALE_TIMESTAMP),
    REPLAYED_FRAME(4403, "seq or nonce check failed", true, ErrorCode.REPLAYED_FRAME),
    IDLE_TIMEOUT(4408, "no frame before the idle time-out", true, ErrorCode.IDLE_TIMEOUT),
    UNSUPPORTED_VERSION(4426, "protocol version not supported", false, ErrorCode.UNSUPPORTED_VERSION),
    CAP_REACHED(4429, "connection cap reached", false, ErrorCode.CAP_REACHED);

    /** Maximum length of a WebSocket close reason, in bytes of UTF-8. */
    public static final int MAX_REASON_BYTES = 123;

    private final int code;
    private final String reason;
    private final boolean retryable;
    private final ErrorCode errorCode;

    CloseCode(int code, String reason, boolean retryable, ErrorCode errorCode) {
        if (reason.getBytes(StandardCharsets.UTF_8).length > MAX_REASON_BYTES) {
            throw new IllegalArgumentException(
                    "a close reason must have at most " + MAX_REASON_BYTES + " bytes: " + reason);
        }
        this.code = code;
        this.reason = reason;
        this.retryable = retryable;
        this.errorCode = errorCode;
    }

    /** The WebSocket close code. */
    public int code() {
        return code;
    }

    /** The close reason, at most {@value #MAX_REASON_BYTES} bytes of UTF-8. */
    public String reason() {
        return reason;
    }

    /** Whether agents reconnect automatically. If not, they stop and report the error. */
    public boolean retryable() {
        return retryable;
    }

    /** The value of the metric label that counts connections ended in this way. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The code of the fatal error frame that announces this close. */
    public ErrorCode errorCode() {
        return errorCode;
    }
}
