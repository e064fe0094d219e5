package dev.ganglion.config;

import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong, one line each. */
final class Problems {
    private final List<String> lines = new ArrayList<>();

    void add(String name, String what, Origin origin) {
        lines.add("%s: %s (%s)".formatted(name, what, origin));
    }

    /** A key or variable that there is not; its value is not shown, since it may be a misspelt secret's. */
    void unknown(String name, Origin origin) {
        boolean variable = origin.kind() == Origin.Kind.ENVIRONMENT;
        String hint = KnownKeys.nearest(name)
                .map(slot -> ", did you mean " + (variable ? slot.variable() : slot.name()) + "?")
                .orElse("");
        add(name, (variable ? "unknown variable" : "unknown key") + hint, origin);
    }

    /** A value that its key does not allow. */
    void refused(Given given, String text, BadValueException reason) {
        ConfigKey<?> key = given.slot().key();
        String shown = key.type().quote(text);
        add(key.name(), "%s %s; allowed: %s".formatted(shown, reason.reason(), key.range()), given.origin());
    }

    void throwIfAny() {
        if (!lines.isEmpty()) {
            throw new ConfigException(lines);
        }
    }
}
