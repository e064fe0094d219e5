package dev.ganglion.auth;

import io.vertx.core.Future;
import java.util.Optional;

/** Tells from a key or a session's token who is calling. Thread-safe. */
public final class Principals {
    private static final int MAX_KEY_CHARS = 256;

    private final AdminKey adminKey;
    private final ApiKeyStore keys;
    private final SessionStore sessions;

    /** Of the keys and sessions that are kept there. */
    public Principals(AdminKey adminKey, ApiKeyStore keys, SessionStore sessions) {
        this.adminKey = adminKey;
        this.keys = keys;
        this.sessions = sessions;
    }

    /** Who sends this {@code Authorization} header; empty when it is nobody's. The admin key needs no store. */
    public Future<Optional<Principal>> byAuthorization(String authorization) {
        if (adminKey.admits(authorization)) {
            return Future.succeededFuture(Optional.of(Principal.adminKey()));
        }
        return Bearer.of(authorization)
                .filter(key -> key.length() <= MAX_KEY_CHARS)
                .map(key -> keys.use(TokenHash.of(key)).map(found -> found.map(Principal::of)))
                .orElseGet(() -> Future.succeededFuture(Optional.empty()));
    }

    /**
     * Whose session this is; empty when there is none or it has ended.
     *
     * @param use whether that keeps the session from idling
     */
    public Future<Optional<Principal>> bySession(SessionToken token, boolean use) {
        return sessions.find(token.hash(), use)
                .map(found -> found.map(known -> Principal.of(known.user(), known.session())));
    }
}
