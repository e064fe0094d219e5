package dev.ganglion.auth;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code Authorization: Bearer …}. */
public final class Bearer {
    private static final String SCHEME = "bearer ";

    private Bearer() {}

    /** The token, when the header is there, its scheme (in any case) is Bearer, and it is not empty. */
    public static Optional<String> of(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        String token = authorization.substring(SCHEME.length()).strip();
        return token.isEmpty() ? Optional.empty() : Optional.of(token);
    }
}
