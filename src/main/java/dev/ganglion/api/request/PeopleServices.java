package dev.ganglion.api.request;

import dev.ganglion.auth.audit.AuditStore;
import dev.ganglion.auth.audit.AuditTrail;
import dev.ganglion.auth.people.ApiKeyStore;
import dev.ganglion.auth.people.LoginThrottle;
import dev.ganglion.auth.people.Passwords;
import dev.ganglion.auth.people.Principals;
import dev.ganglion.auth.people.SessionStore;
import dev.ganglion.auth.people.UserStore;

/**
 * The services for authentication and auditing that the REST interface uses.
 *
 * @param principals authenticates callers
 * @param users stores users
 * @param sessions stores login sessions
 * @param apiKeys stores API keys
 * @param throttle limits failed logins
 * @param passwords hashes and verifies passwords
 * @param trail writes the audit log
 * @param audit reads the audit log
 * @param source determines the origin of a request
 * @param node identifier of this node in the audit log
 */
public record PeopleServices(
        Principals principals,
        UserStore users,
        SessionStore sessions,
        ApiKeyStore apiKeys,
        LoginThrottle throttle,
        Passwords passwords,
        AuditTrail trail,
        AuditStore audit,
        RequestSource source,
        String node) {}
