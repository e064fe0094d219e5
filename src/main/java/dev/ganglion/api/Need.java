package dev.ganglion.api;

import dev.ganglion.auth.Role;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a caller has to be for an operation, as the document's {@code x-ganglion-role} says. */
enum Need {
    /** Nobody in particular. */
    PUBLIC("public", null),
    /** An agent, which its token shows: not looked at here. */
    AGENT("agent", null),
    /** Anybody who is known; they see and change what is theirs. */
    SELF("self", null),
    /** Who reads the project. */
    VIEWER("viewer", Role.VIEWER),
    /** Who may issue commands in it. */
    OPERATOR("operator", Role.OPERATOR),
    /** Who may change it. */
    ADMIN("admin", Role.ADMIN),
    /** Who may do all. */
    GLOBAL_ADMIN("global-admin", null);

    private final String word;
    private final @Nullable Role role;

    Need(String word, @Nullable Role role) {
        this.word = word;
        this.role = role;
    }

    /** The need that the document calls so. */
    static Optional<Need> of(@Nullable Object word) {
        for (Need need : values()) {
            if (need.word.equals(word)) {
                return Optional.of(need);
            }
        }
        return Optional.empty();
    }

    /** What the document calls it. */
    String word() {
        return word;
    }

    /** Whether nobody is asked who they are. */
    boolean isOpen() {
        return this == PUBLIC || this == AGENT;
    }

    /** The role that the caller needs in the project, if it is one. */
    Optional<Role> role() {
        return Optional.ofNullable(role);
    }
}
