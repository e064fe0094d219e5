package dev.ganglion.config;

import dev.ganglion.config.key.ConfigKeys;
import java.time.Duration;

/**
 * Holds the settings for user logins and for the audit log.
 *
 * @param sessionTtl longest lifetime of a login, however active it is
 * @param sessionIdle longest time that a login stays valid without being used
 * @param auditRecords largest number of audit records that the brain keeps
 */
public record AuthConfig(Duration sessionTtl, Duration sessionIdle, int auditRecords) {
    static AuthConfig from(CheckedValues values) {
        return new AuthConfig(
                values.required(ConfigKeys.AUTH_SESSION_TTL),
                values.required(ConfigKeys.AUTH_SESSION_IDLE),
                values.required(ConfigKeys.AUDIT_MAX_RECORDS));
    }
}
