package dev.ganglion.protocol.error;

/** The stable code of every failure that a caller can see, with the HTTP status of the REST response. */
public enum ErrorCode {
    INVALID_SIGNATURE("invalid_signature", 401),
    REPLAYED_FRAME("replayed_frame", 409),
    STALE_TIMESTAMP("stale_timestamp", 400),
    MALFORMED_FRAME("malformed_frame", 400),
    UNKNOWN_FRAME_TYPE("unknown_frame_type", 400),
    UNSUPPORTED_VERSION("unsupported_version", 400),
    FRAME_TOO_LARGE("frame_too_large", 413),
    HELLO_TIMEOUT("hello_timeout", 408),
    IDLE_TIMEOUT("idle_timeout", 408),
    SLOW_READER("slow_reader", 408),
    DISPLACED("displaced", 409),
    FENCED("fenced", 409),
    REVOKED("revoked", 401),
    CAP_REACHED("connection_cap_reached", 429),
    UNAUTHORIZED("unauthorized", 401),
    FORBIDDEN("forbidden", 403),
    CSRF_FAILED("csrf_failed", 403),
    ORIGIN_MISMATCH("origin_mismatch", 403),
    NOT_FOUND("not_found", 404),
    CONFLICT("conflict", 409),
    INVALID_REQUEST("invalid_request", 400),
    INVALID_PATH("invalid_path", 400),
    VALIDATION_FAILED("validation_failed", 422),
    PAYLOAD_TOO_LARGE("payload_too_large", 413),
    UPGRADE_REQUIRED("upgrade_required", 426),
    RATE_LIMITED("rate_limited", 429),
    STORE_UNAVAILABLE("store_unavailable", 503),
    NODE_STOPPING("node_shutting_down", 503),
    NODE_SILENT("node_silent", 503),
    CUT_OFF("cut_off", 503),
    NODE_BUSY("node_busy", 503),
    SESSION_ENDED("session_ended", 409),
    ENGINE_REQUIRED("engine_required", 422),
    OVERRIDE_REQUIRED("override_required", 422),
    METHOD_NOT_ALLOWED("method_not_allowed", 405),
    STORE_MISCONFIGURED("store_misconfigured", 500),
    INTERNAL("internal_error", 500);

    private final String code;
    private final int httpStatus;

    ErrorCode(String code, int httpStatus) {
        this.code = code;
        this.httpStatus = httpStatus;
    }

    /** The name on the wire and in REST bodies, in lower snake case. Names never change. */
    public String code() {
        return code;
    }

    /** The HTTP status of the REST response for this failure. */
    public int httpStatus() {
        return httpStatus;
    }
}
