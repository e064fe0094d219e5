package dev.ganglion.auth.people;

import io.vertx.core.Future;

/**
 * Limits failed logins per account and per address, over all nodes. Accounts that do not exist count as well. An
 * attempt counts as failed until it succeeds, so that parallel attempts cannot bypass the limit.
 */
public interface LoginThrottle {
    /** Counts an attempt. Fails with {@link ThrottledException} if the account or the address has reached its limit. */
    Future<Void> attempt(String email, String address);

    /** Removes the attempt from the counters after a successful login, and resets the counter of the account. */
    Future<Void> succeeded(String email, String address);
}
