package dev.ganglion.auth.people;

import dev.ganglion.auth.ProjectStore.Page;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Stores users and the hashes of their passwords. */
public interface UserStore {
    /**
     * The data that a login is checked against.
     *
     * @param user user with the email of the login
     * @param passwordHash hash of the user's password
     * @param generation counter that rises when the user's sessions must end; a session is valid for one generation
     *     only
     */
    record Credentials(User user, String passwordHash, long generation) {
        @Override
        public String toString() {
            return user.id();
        }
    }

    /**
     * A change of a user. A null field stays unchanged. A new password, or disabling the user, ends the user's
     * sessions.
     */
    record Change(
            @Nullable String displayName,
            @Nullable Boolean admin,
            @Nullable Boolean disabled,
            @Nullable Map<String, Role> roles,
            @Nullable String passwordHash) {
        @Override
        public String toString() {
            return "a change of a user";
        }
    }

    /** Stores a new user. Fails with {@code conflict} if the email is taken. */
    Future<Void> create(User user, String passwordHash);

    /** Stores the first user. Fails with {@code conflict} if a user exists, even if two calls run at the same time. */
    Future<Void> createFirst(User user, String passwordHash);

    /** Whether there is no user. */
    Future<Boolean> isEmpty();

    /** Finds a user. */
    Future<Optional<User>> find(String id);

    /** Finds the user with this email, given in lower case. */
    Future<Optional<Credentials>> byEmail(String email);

    /** Lists users in order of creation. */
    Future<Page<User>> list(@Nullable String cursor, int limit);

    /** Stores the changed fields only. Returns false if the user does not exist. */
    Future<Boolean> update(String id, Change change);

    /** Deletes the user, whose sessions end at once. Returns false if the user did not exist. */
    Future<Boolean> delete(String id);
}
