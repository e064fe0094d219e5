package dev.ganglion.store;

import dev.ganglion.auth.ApiKeyStore;
import dev.ganglion.auth.AuditStore;
import dev.ganglion.auth.LoginThrottle;
import dev.ganglion.auth.SessionStore;
import dev.ganglion.auth.UserStore;
import dev.ganglion.config.AuthConfig;

/** The adapters for people: who they are, what they may do, and what they did. */
public final class RedisPeople {
    private final UserStore users;
    private final SessionStore sessions;
    private final ApiKeyStore apiKeys;
    private final LoginThrottle throttle;
    private final AuditStore audit;

    RedisPeople(SharedLine line, AuthConfig config) {
        this.users = new RedisUsers(line);
        this.sessions = new RedisSessions(line, config);
        this.apiKeys = new RedisApiKeys(line);
        this.throttle = new RedisLoginThrottle(line);
        this.audit = new RedisAudit(line);
    }

    /** Where users are kept. */
    public UserStore users() {
        return users;
    }

    /** Where their sessions are kept. */
    public SessionStore sessions() {
        return sessions;
    }

    /** Where API keys are kept. */
    public ApiKeyStore apiKeys() {
        return apiKeys;
    }

    /** What counts failed logins. */
    public LoginThrottle throttle() {
        return throttle;
    }

    /** Where the audit is kept. */
    public AuditStore audit() {
        return audit;
    }
}
