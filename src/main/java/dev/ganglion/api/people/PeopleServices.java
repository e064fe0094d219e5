package dev.ganglion.api.people;

import dev.ganglion.auth.ProjectStore;
import dev.ganglion.auth.audit.AuditLog;
import dev.ganglion.auth.people.ApiKeyStore;
import dev.ganglion.auth.people.LoginThrottle;
import dev.ganglion.auth.people.Passwords;
import dev.ganglion.auth.people.SessionStore;
import dev.ganglion.auth.people.UserStore;
import dev.ganglion.telemetry.LoginAndAuditMetrics;

/**
 * The services that the operations for users, logins, API keys and the audit log use.
 *
 * @param logins services for users and their login sessions
 * @param apiKeys stores API keys
 * @param audit lists the audit log
 * @param projects stores projects, whose slugs name the roles of users
 * @param metrics counts logins
 */
public record PeopleServices(
        Logins logins, ApiKeyStore apiKeys, AuditLog audit, ProjectStore projects, LoginAndAuditMetrics metrics) {

    /**
     * Services for users and their login sessions.
     *
     * @param users stores users
     * @param sessions stores login sessions
     * @param throttle limits failed logins
     * @param passwords hashes and verifies passwords
     */
    public record Logins(UserStore users, SessionStore sessions, LoginThrottle throttle, Passwords passwords) {}
}
