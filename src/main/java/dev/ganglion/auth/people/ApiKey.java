package dev.ganglion.auth.people;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The description of an API key, without the key itself.
 *
 * @param id UUID
 * @param name display name
 * @param prefix first characters of the key, by which people recognise it
 * @param grant rights of the key
 * @param createdAt time of creation
 * @param createdBy name of the principal that created the key
 * @param expiresAt time of expiry; null if the key never expires
 * @param lastUsedAt time of the last use, to the minute; null if the key was never used
 */
public record ApiKey(
        String id,
        String name,
        String prefix,
        Grant grant,
        Instant createdAt,
        String createdBy,
        @Nullable Instant expiresAt,
        @Nullable Instant lastUsedAt) {
    /** Characters of the key in {@link #prefix}: the four that all keys share, and eight of its own. */
    public static final int PREFIX_CHARS = 12;

    /**
     * The rights of a key.
     *
     * @param role role of the key in its project or in all projects
     * @param projectId the only project that the key may access; null for all projects
     */
    public record Grant(Role role, @Nullable String projectId) {}
}
