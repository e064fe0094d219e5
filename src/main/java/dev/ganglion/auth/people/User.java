package dev.ganglion.auth.people;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A person who can log in.
 *
 * @param id UUID
 * @param email email in lower case, unique among all users
 * @param displayName display name; null if there is none
 * @param admin whether the user may do everything
 * @param disabled whether the user may not log in
 * @param roles roles of the user, by project id
 * @param createdAt time of creation
 * @param lastLoginAt time of the last login; null if the user never logged in
 */
public record User(
        String id,
        String email,
        @Nullable String displayName,
        boolean admin,
        boolean disabled,
        Map<String, Role> roles,
        Instant createdAt,
        @Nullable Instant lastLoginAt) {}
