package dev.ganglion.api.request;

import dev.ganglion.auth.people.Role;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The role that an operation requires of its caller, as the {@code x-ganglion-role} extension of the document states.
 */
enum RequiredRole {
    /** No authentication. */
    PUBLIC("public", null),
    /** An agent, authenticated by its token. The gateway checks the token. */
    AGENT("agent", null),
    /** Any authenticated caller, for the caller's own data. */
    SELF("self", null),
    /** A caller who may read the project. */
    VIEWER("viewer", Role.VIEWER),
    /** A caller who may issue commands in the project. */
    OPERATOR("operator", Role.OPERATOR),
    /** A caller who may change the project. */
    ADMIN("admin", Role.ADMIN),
    /** A caller who may do everything in all projects. */
    GLOBAL_ADMIN("global-admin", null);

    private final String documentName;
    private final @Nullable Role role;

    RequiredRole(String documentName, @Nullable Role role) {
        this.documentName = documentName;
        this.role = role;
    }

    /** Returns the role with this name in the document. */
    static Optional<RequiredRole> of(@Nullable Object documentName) {
        for (RequiredRole each : values()) {
            if (each.documentName.equals(documentName)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    /** The name of this role in the document. */
    String documentName() {
        return documentName;
    }

    /** Whether the REST interface does not authenticate the caller. */
    boolean skipsAuthentication() {
        return this == PUBLIC || this == AGENT;
    }

    /**
     * The role that the caller needs in the project; empty if the operation requires no role, or if no role suffices.
     */
    Optional<Role> role() {
        return Optional.ofNullable(role);
    }
}
