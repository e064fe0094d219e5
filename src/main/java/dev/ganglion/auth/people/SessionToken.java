package dev.ganglion.auth.people;

import dev.ganglion.auth.TokenHash;
import dev.ganglion.config.value.Secret;
import dev.ganglion.protocol.KeyDerivation;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * The secret in a session cookie. The store holds only its hash. The CSRF token is derived from the secret and stored
 * nowhere.
 */
public final class SessionToken {
    private static final int MAX_CHARS = 64;

    private final Secret value;

    private SessionToken(Secret value) {
        this.value = value;
    }

    /** Creates a token of 32 random bytes. */
    public static SessionToken random() {
        return new SessionToken(Secret.of(KeyDerivation.newSessionToken()));
    }

    /** Parses the value of a cookie. Returns null if it cannot be a session token. */
    public static @Nullable SessionToken of(String cookie) {
        return cookie.isEmpty() || cookie.length() > MAX_CHARS ? null : new SessionToken(Secret.of(cookie));
    }

    /** The secret itself, for the cookie only. */
    public String value() {
        return value.value();
    }

    /** The hash by which the session is stored. */
    public String hash() {
        return TokenHash.of(value.value());
    }

    /** The CSRF token, which writing requests must send in {@code X-CSRF-Token}. */
    public String csrf() {
        return KeyDerivation.csrfToken(value.utf8());
    }

    /** Whether this is the CSRF token of the session. Compares in constant time. */
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
