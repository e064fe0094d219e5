package dev.ganglion.config;

import java.time.Duration;

/**
 * Logins, and the audit of what people do.
 *
 * @param sessionTtl how long a login lasts at the most
 * @param sessionIdle how long it lasts without being used
 * @param auditRecords how many records the audit keeps
 */
public record AuthConfig(Duration sessionTtl, Duration sessionIdle, int auditRecords) {
    static AuthConfig from(Values values) {
        return new AuthConfig(
                values.required(ConfigKeys.AUTH_SESSION_TTL),
                values.required(ConfigKeys.AUTH_SESSION_IDLE),
                values.required(ConfigKeys.AUDIT_MAX_RECORDS));
    }
}
