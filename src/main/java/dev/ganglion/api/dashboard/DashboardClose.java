package dev.ganglion.api.dashboard;

import java.util.Locale;

/** The reasons for which the brain closes a dashboard socket, with their close codes. */
enum DashboardClose {
    GOING_AWAY(1001, "node shutting down"),
    TOO_LARGE(1009, "message over 4096 bytes"),
    STORE_UNAVAILABLE(1011, "store unavailable"),
    SLOW_READER(1011, "the browser does not read its messages"),
    OVER_BUDGET(1011, "node short of memory for connections"),
    BAD_REQUEST(4400, "expected {\"type\":\"subscribe\",\"project_id\":…} first, then {\"type\":\"ping\"}"),
    SUBSCRIBE_TIMEOUT(4400, "no subscribe message in time"),
    TOO_MANY_MESSAGES(4400, "too many messages"),
    NO_SESSION(4401, "log in first"),
    FOREIGN_ORIGIN(4402, "the session is bound to another origin"),
    NO_ROLE(4403, "no role in this project, or no such project"),
    IDLE(4408, "no message within the idle time-out");

    private final int code;
    private final String reason;

    DashboardClose(int code, String reason) {
        this.code = code;
        this.reason = reason;
    }

    int code() {
        return code;
    }

    /** Close reason, at most 123 bytes of UTF-8. */
    String reason() {
        return reason;
    }

    /** Value of the metric label that counts this reason. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
