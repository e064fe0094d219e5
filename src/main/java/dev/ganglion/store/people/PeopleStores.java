package dev.ganglion.store.people;

import dev.ganglion.auth.audit.AuditLog;
import dev.ganglion.auth.audit.AuditStore;
import dev.ganglion.auth.people.ApiKeyStore;
import dev.ganglion.auth.people.LoginThrottle;
import dev.ganglion.auth.people.SessionStore;
import dev.ganglion.auth.people.UserStore;
import dev.ganglion.config.AuthConfig;
import dev.ganglion.store.redis.SharedLine;

/** The stores for people: users, login sessions, API keys, login limits and the audit. */
public final class PeopleStores {
    private final UserStore users;
    private final SessionStore sessions;
    private final ApiKeyStore apiKeys;
    private final LoginThrottle throttle;
    private final AuditStore audit;
    private final AuditLog auditLog;

    public PeopleStores(SharedLine line, AuthConfig config) {
        this.users = new RedisUsers(line);
        this.sessions = new RedisSessions(line, config);
        this.apiKeys = new RedisApiKeys(line);
        this.throttle = new RedisLoginThrottle(line);
        this.audit = new RedisAudit(line);
        this.auditLog = new RedisAuditLog(line, audit);
    }

    /** Stores users. */
    public UserStore users() {
        return users;
    }

    /** Stores login sessions. */
    public SessionStore sessions() {
        return sessions;
    }

    /** Stores API keys. */
    public ApiKeyStore apiKeys() {
        return apiKeys;
    }

    /** Limits failed logins. */
    public LoginThrottle throttle() {
        return throttle;
    }

    /** Counts refused calls, and lists the audit. */
    public AuditLog auditLog() {
        return auditLog;
    }

    /** Stores the audit. */
    public AuditStore audit() {
        return audit;
    }
}
