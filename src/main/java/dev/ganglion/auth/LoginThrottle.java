package dev.ganglion.auth;

import io.vertx.core.Future;

/**
 * Counts failed logins, for all nodes: of an account, be there such a user or not, and of an address. An attempt counts
 * as failed until it has succeeded, so that many at once are no way around.
 */
public interface LoginThrottle {
    /** Fails with {@link ThrottledException} when the account or the address has failed too often. */
    Future<Void> attempt(String email, String address);

    /** The attempt was none of a stranger: it does not count, and the account begins anew. */
    Future<Void> succeeded(String email, String address);
}
