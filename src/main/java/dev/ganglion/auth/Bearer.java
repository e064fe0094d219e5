package dev.ganglion.auth;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Parses the header {@code Authorization: Bearer …}. */
public final class Bearer {
    private static final String SCHEME = "bearer ";

    private Bearer() {}

    /**
     * Returns the token; empty if the header is missing, has another scheme, or has no token. The case of the scheme
     * does not matter.
     */
    public static Optional<String> of(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        String token = authorization.substring(SCHEME.length()).strip();
        return token.isEmpty() ? Optional.empty() : Optional.of(token);
    }
}
