package dev.ganglion.auth.people;

import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Stores login sessions by the hashes of their tokens. All times are those of the store. A session ends at its maximum
 * age, after its idle time, and when its user is deleted, disabled, or changes the password.
 */
public interface SessionStore {
    /** Largest number of sessions of one user. A further login ends the oldest session. */
    int MAX_SESSIONS = 50;

    /**
     * A login that opens a session.
     *
     * @param id UUID of the new session
     * @param tokenHash hash of the session token
     * @param userId user who logs in
     * @param generation generation of the user's credentials when the password was checked
     * @param origin {@code Origin} header of the login; null if there was none
     * @param address address of the client
     * @param userAgent {@code User-Agent} header of the login; null if there was none
     */
    record Opening(
            String id,
            String tokenHash,
            String userId,
            long generation,
            @Nullable String origin,
            String address,
            @Nullable String userAgent) {
        @Override
        public String toString() {
            return id;
        }
    }

    /** A session together with the present state of its user. */
    record Found(LoginSession session, User user) {}

    /**
     * Stores a session. Returns empty if the user is disabled or the generation changed since the password was checked.
     */
    Future<Optional<LoginSession>> open(Opening opening);

    /**
     * Finds the valid session with this token hash.
     *
     * @param use whether this call counts as a use, which keeps the session from expiring as idle
     */
    Future<Optional<Found>> find(String tokenHash, boolean use);

    /** Lists the sessions of a user, newest first. */
    Future<List<LoginSession>> list(String userId);

    /** Ends one session of a user. Returns false if the session did not exist. */
    Future<Boolean> end(String userId, String sessionId);

    /** Ends all sessions of a user. Returns their ids. */
    Future<List<String>> endAll(String userId);
}
