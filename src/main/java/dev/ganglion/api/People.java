package dev.ganglion.api;

import dev.ganglion.auth.ApiKeyStore;
import dev.ganglion.auth.AuditStore;
import dev.ganglion.auth.AuditTrail;
import dev.ganglion.auth.LoginThrottle;
import dev.ganglion.auth.Passwords;
import dev.ganglion.auth.Principals;
import dev.ganglion.auth.SessionStore;
import dev.ganglion.auth.UserStore;

/**
 * What REST knows people by, and where it writes down what they do.
 *
 * @param principals tells who is calling
 * @param users where users are kept
 * @param sessions where their logins are kept
 * @param apiKeys where API keys are kept
 * @param throttle counts failed logins
 * @param passwords hashes them
 * @param trail writes the audit
 * @param audit where it is read
 * @param source tells where a request came from
 * @param node this node, as the audit names it
 */
public record People(
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
