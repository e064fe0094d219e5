package dev.ganglion.auth;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who is calling, as far as it is known by a key or a session.
 *
 * @param kind what it was known by
 * @param id of the user or of the key
 * @param name what others read: an email, a key's name, or {@value #ADMIN_KEY}
 * @param globalAdmin whether it may do all
 * @param everywhere the role that it has in every project; null for none
 * @param roles the roles that it has in projects, by their ids
 * @param session what it logged in to; null for keys
 */
public record Principal(
        Kind kind,
        String id,
        String name,
        boolean globalAdmin,
        @Nullable Role everywhere,
        Map<String, Role> roles,
        @Nullable LoginSession session) {
    /** What the admin key is called. */
    public static final String ADMIN_KEY = "admin-key";

    /** What somebody was known by. */
    public enum Kind {
        ADMIN_KEY("admin_key"),
        API_KEY("api_key"),
        USER("user");

        private final String wireName;

        Kind(String wireName) {
            this.wireName = wireName;
        }

        /** The name on the wire. */
        public String wireName() {
            return wireName;
        }
    }

    /** The holder of the admin key. */
    public static Principal adminKey() {
        return new Principal(Kind.ADMIN_KEY, ADMIN_KEY, ADMIN_KEY, true, Role.ADMIN, Map.of(), null);
    }

    /** The holder of an API key: without a project its role holds everywhere, and an admin's may do all. */
    public static Principal of(ApiKey key) {
        boolean everywhere = key.projectId() == null;
        return new Principal(
                Kind.API_KEY,
                key.id(),
                key.name(),
                everywhere && key.role() == Role.ADMIN,
                everywhere ? key.role() : null,
                key.projectId() == null ? Map.of() : Map.of(key.projectId(), key.role()),
                null);
    }

    /** A user who is logged in. */
    public static Principal of(User user, LoginSession session) {
        return new Principal(
                Kind.USER,
                user.id(),
                user.email(),
                user.admin(),
                user.admin() ? Role.ADMIN : null,
                user.roles(),
                session);
    }

    /** Its role in a project; empty when it has none there. */
    public Optional<Role> roleIn(String projectId) {
        Role here = roles.get(projectId);
        if (everywhere != null && (here == null || everywhere.covers(here))) {
            return Optional.of(everywhere);
        }
        return Optional.ofNullable(here);
    }

    /** Whether it sees every project. */
    public boolean seesAll() {
        return everywhere != null;
    }
}
