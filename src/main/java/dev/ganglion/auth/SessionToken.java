package dev.ganglion.auth;

import dev.ganglion.config.Secret;
import dev.ganglion.protocol.Keys;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** The secret behind a session's cookie; only its hash is stored. The CSRF token derives from it and is stored nowhere. */
public final class SessionToken {
    private static final int MAX_CHARS = 64;

    private final Secret value;

    private SessionToken(Secret value) {
        this.value = value;
    }

    /** A new one, of 32 random bytes. */
    public static SessionToken random() {
        return new SessionToken(Secret.of(Keys.newSessionToken()));
    }

    /** What a cookie says; null when that cannot be one of ours. */
    public static @Nullable SessionToken of(String cookie) {
        return cookie.isEmpty() || cookie.length() > MAX_CHARS ? null : new SessionToken(Secret.of(cookie));
    }

    /** For the cookie alone. */
    public String value() {
        return value.value();
    }

    /** Under which the session is kept. */
    public String hash() {
        return TokenHash.of(value.value());
    }

    /** What writes have to repeat in {@code X-CSRF-Token}. */
    public String csrf() {
        return Keys.csrfToken(value.utf8());
    }

    /** Whether that is the CSRF token; in constant time. */
    public boolean admits(@Nullable String csrf) {
        return csrf != null
                && MessageDigest.isEqual(
                        csrf().getBytes(StandardCharsets.UTF_8), csrf.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return Secret.REDACTED;
    }
}
