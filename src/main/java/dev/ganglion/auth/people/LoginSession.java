package dev.ganglion.auth.people;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A login session, without the token that authenticates it.
 *
 * @param id UUID that lists and revokes the session
 * @param userId user of the session
 * @param origin {@code Origin} header of the login; null if there was none
 * @param address address of the client at login
 * @param userAgent {@code User-Agent} header of the login; null if there was none
 * @param createdAt time of login
 * @param lastSeenAt time of the last use, to the minute
 * @param expiresAt time when the session ends even if it is in use
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

    /**
     * Whether a request with this {@code Origin} header may use the session. Requests without the header pass; other
     * checks apply to them.
     */
    public boolean admits(@Nullable String requestOrigin) {
        return requestOrigin == null || requestOrigin.equals(origin);
    }
}
