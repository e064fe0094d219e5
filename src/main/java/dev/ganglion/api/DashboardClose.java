package dev.ganglion.api;

import java.util.Locale;

/** Every way that the brain ends a dashboard's socket. */
enum DashboardClose {
    GOING_AWAY(1001, "node shutting down"),
    TOO_LARGE(1009, "message over 4096 bytes"),
    STORE_UNAVAILABLE(1011, "store unavailable"),
    SLOW_READER(1011, "the peer does not read"),
    BAD_REQUEST(4400, "expected {\"type\":\"subscribe\",\"project_id\":…} first, then {\"type\":\"ping\"}"),
    SUBSCRIBE_TIMEOUT(4400, "no subscribe in time"),
    TOO_MANY_MESSAGES(4400, "too many messages"),
    NO_SESSION(4401, "log in first"),
    FOREIGN_ORIGIN(4402, "the session is bound to another origin"),
    NO_ROLE(4403, "no role in this project"),
    IDLE(4408, "no message for the idle timeout");

    private final int code;
    private final String reason;

    DashboardClose(int code, String reason) {
        this.code = code;
        this.reason = reason;
    }

    int code() {
        return code;
    }

    /** At most 123 bytes of UTF-8. */
    String reason() {
        return reason;
    }

    /** The value of the metric label that counts this way to end. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
