package dev.ganglion.auth.people;

import dev.ganglion.auth.Bearer;
import dev.ganglion.auth.TokenHash;
import io.vertx.core.Future;
import java.util.Optional;

/** Authenticates callers by the admin key, an API key or a session token. Thread-safe. */
public final class Principals {
    private static final int MAX_KEY_CHARS = 256;

    private final AdminKey adminKey;
    private final ApiKeyStore keys;
    private final SessionStore sessions;

    /** Creates an authenticator over these keys and sessions. */
    public Principals(AdminKey adminKey, ApiKeyStore keys, SessionStore sessions) {
        this.adminKey = adminKey;
        this.keys = keys;
        this.sessions = sessions;
    }

    /**
     * Returns the caller with this {@code Authorization} header; empty if its key is unknown. Checking the admin key
     * needs no store.
     */
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
     * Returns the user of a session; empty if the session does not exist or has ended.
     *
     * @param use whether this call counts as a use, which keeps the session from expiring as idle
     */
    public Future<Optional<Principal>> bySession(SessionToken token, boolean use) {
        return sessions.find(token.hash(), use)
                .map(found -> found.map(known -> Principal.of(known.user(), known.session())));
    }
}
