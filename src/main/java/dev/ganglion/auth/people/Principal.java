package dev.ganglion.auth.people;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The authenticated caller of the REST API or the dashboard.
 *
 * @param kind kind of credentials
 * @param id id of the user or key
 * @param name display name: an email, the name of a key, or {@value #ADMIN_KEY}
 * @param globalAdmin whether the caller may do everything
 * @param roleEverywhere role of the caller in every project; null for none
 * @param roles roles of the caller in single projects, by project id
 * @param session login session; null for keys
 */
public record Principal(
        Kind kind,
        String id,
        String name,
        boolean globalAdmin,
        @Nullable Role roleEverywhere,
        Map<String, Role> roles,
        @Nullable LoginSession session) {
    /** Id and name of the admin key. */
    public static final String ADMIN_KEY = "admin-key";

    /** The kind of credentials that authenticated a caller. */
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

    /**
     * The holder of an API key. A key without a project has its role in every project, and an admin key without a
     * project may do everything.
     */
    public static Principal of(ApiKey key) {
        Role role = key.grant().role();
        String projectId = key.grant().projectId();
        return new Principal(
                Kind.API_KEY,
                key.id(),
                key.name(),
                projectId == null && role == Role.ADMIN,
                projectId == null ? role : null,
                projectId == null ? Map.of() : Map.of(projectId, role),
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

    /** Returns the caller's role in a project; empty if the caller has none there. */
    public Optional<Role> roleIn(String projectId) {
        Role here = roles.get(projectId);
        if (roleEverywhere != null && (here == null || roleEverywhere.covers(here))) {
            return Optional.of(roleEverywhere);
        }
        return Optional.ofNullable(here);
    }

    /** Whether the caller may see every project. */
    public boolean seesAll() {
        return roleEverywhere != null;
    }
}
