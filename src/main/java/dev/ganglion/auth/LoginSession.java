package dev.ganglion.auth;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A login that lasts, without the token that proves it.
 *
 * @param id UUID, by which it is listed and revoked
 * @param userId whose it is
 * @param origin the {@code Origin} of the login; null when it had none
 * @param address from where it logged in
 * @param userAgent what the client said of itself
 * @param createdAt when it logged in
 * @param lastSeenAt when it was last used, to the minute
 * @param expiresAt when it ends, however much it is used
 */
public record LoginSession(
        String id,
        String userId,
        @Nullable String origin,
        String address,
        @Nullable String userAgent,
        Instant createdAt,
        Instant lastSeenAt,
        Instant expiresAt) {

    /** Whether a request with this {@code Origin} may use it; one without any is judged by other means. */
    public boolean admits(@Nullable String requestOrigin) {
        return requestOrigin == null || requestOrigin.equals(origin);
    }
}
