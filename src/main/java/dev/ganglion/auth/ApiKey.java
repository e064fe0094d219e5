package dev.ganglion.auth;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A key for REST, without the key itself.
 *
 * @param id UUID
 * @param name its name for people
 * @param role what it may do
 * @param projectId the one project that it sees; null for all
 * @param prefix how the key begins, so that people know it again
 * @param createdAt when it was made
 * @param createdBy who made it
 * @param expiresAt when it ends; null for never
 * @param lastUsedAt when it was last used, to the minute
 */
public record ApiKey(
        String id,
        String name,
        Role role,
        @Nullable String projectId,
        String prefix,
        Instant createdAt,
        String createdBy,
        @Nullable Instant expiresAt,
        @Nullable Instant lastUsedAt) {
    /** Characters of a key that are shown: those that all keys share, and eight of its own. */
    public static final int PREFIX_CHARS = 12;
}
