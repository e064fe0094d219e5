package dev.ganglion.auth;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who can log in.
 *
 * @param id UUID
 * @param email in lower case; no two users have the same
 * @param displayName its name for people, if it has one
 * @param admin whether it may do all
 * @param disabled whether it must not log in
 * @param roles its roles in projects, by their ids
 * @param createdAt when it was made
 * @param lastLoginAt when it last logged in
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
