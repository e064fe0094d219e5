package dev.ganglion.auth;

import java.util.Locale;
import java.util.Optional;

/** What somebody may do in a project; each may what those before it may. */
public enum Role {
    /** Reads. */
    VIEWER,
    /** Also issues commands. */
    OPERATOR,
    /** Also enrols and revokes agents, purges queues, and reads the audit. */
    ADMIN;

    /** The name on the wire, as in {@code viewer}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The role of that name. */
    public static Optional<Role> of(String wireName) {
        for (Role role : values()) {
            if (role.wireName().equals(wireName)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }

    /** Whether this role is that one or more. */
    public boolean covers(Role other) {
        return compareTo(other) >= 0;
    }
}
