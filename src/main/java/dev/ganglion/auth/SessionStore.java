package dev.ganglion.auth;

import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where sessions are kept, by the hashes of their tokens; times are the store's. A session ends when it is old, when it
 * was idle for too long, and when its user is gone, disabled, or has another password.
 */
public interface SessionStore {
    /** Sessions that a user may have; one more ends the oldest. */
    int MAX_SESSIONS = 50;

    /** What a new session knows of its login. */
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

    /** A session with its user as it is now. */
    record Found(LoginSession session, User user) {}

    /** Keeps a session; empty when the user's generation is another by now, so that the login holds no more. */
    Future<Optional<LoginSession>> open(Opening opening);

    /** The session of this token's hash, if it lasts; {@code use} says whether that keeps it from idling. */
    Future<Optional<Found>> find(String tokenHash, boolean use);

    /** A user's sessions, newest first. */
    Future<List<LoginSession>> list(String userId);

    /** Ends one session of a user; false when there was none. */
    Future<Boolean> end(String userId, String sessionId);

    /** Ends all sessions of a user, and gives their ids. */
    Future<List<String>> endAll(String userId);
}
