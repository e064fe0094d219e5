package dev.ganglion.auth;

import dev.ganglion.auth.ProjectStore.Page;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where users and the hashes of their passwords are kept. */
public interface UserStore {
    /**
     * What a login is checked against.
     *
     * @param user who it would be
     * @param passwordHash the hash of the password
     * @param generation goes up when sessions must end: a session belongs to one
     */
    record Credentials(User user, String passwordHash, long generation) {
        @Override
        public String toString() {
            return user.id();
        }
    }

    /** What is to be another; null leaves as it is. A new password or a disabled user ends the sessions. */
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

    /** Keeps a new user; fails with {@code conflict} when the email is taken. */
    Future<Void> create(User user, String passwordHash);

    /** As {@link #create}, for the first user: fails with {@code conflict} when there is one, also of two at once. */
    Future<Void> createFirst(User user, String passwordHash);

    /** Whether there is no user. */
    Future<Boolean> none();

    /** One user. */
    Future<Optional<User>> find(String id);

    /** Whoever logs in with this email, in lower case. */
    Future<Optional<Credentials>> byEmail(String email);

    /** Users in the order they were made. */
    Future<Page<User>> list(@Nullable String cursor, int limit);

    /** Keeps what is changed, and nothing else; false when there is no such user. */
    Future<Boolean> update(String id, Change change);

    /** Forgets the user, whose sessions are dead at once; false when there was none. */
    Future<Boolean> delete(String id);
}
