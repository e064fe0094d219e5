package dev.ganglion.auth.people;

import java.util.Locale;
import java.util.Optional;

/** The role of a user or key in a project. Each role includes the rights of the roles before it. */
public enum Role {
    /** May read. */
    VIEWER,
    /** May also issue commands. */
    OPERATOR,
    /** May also enrol and revoke agents, purge queues, and read the audit. */
    ADMIN;

    /** The name on the wire, such as {@code viewer}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Finds the role with this name. */
    public static Optional<Role> of(String wireName) {
        for (Role role : values()) {
            if (role.wireName().equals(wireName)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }

    /** Whether this role includes the rights of the other one. */
    public boolean covers(Role other) {
        return compareTo(other) >= 0;
    }
}
