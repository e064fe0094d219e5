package dev.ganglion.config.source;

import dev.ganglion.config.key.ConfigKey;
import dev.ganglion.config.key.KnownKeys;
import dev.ganglion.config.value.InvalidValueException;
import java.util.ArrayList;
import java.util.List;

/** Collects the faults of a configuration, one line each. */
public final class ConfigProblems {
    private final List<String> lines = new ArrayList<>();

    public void add(String name, String what, Origin origin) {
        lines.add("%s: %s (%s)".formatted(name, what, origin));
    }

    /** Reports an unknown key or variable. The value is not shown, because it may belong to a misspelt secret. */
    void unknown(String name, Origin origin) {
        boolean variable = origin.kind() == Origin.Kind.ENVIRONMENT;
        String hint = KnownKeys.nearest(name)
                .map(slot -> ", did you mean " + (variable ? slot.variable() : slot.name()) + "?")
                .orElse("");
        add(name, (variable ? "unknown variable" : "unknown key") + hint, origin);
    }

    /** Reports a value that its key does not allow. */
    public void refused(SourceValue given, String text, InvalidValueException reason) {
        ConfigKey<?> key = given.slot().key();
        String shown = key.type().quote(text);
        add(key.name(), "%s %s; allowed: %s".formatted(shown, reason.reason(), key.range()), given.origin());
    }

    public void throwIfAny() {
        if (!lines.isEmpty()) {
            throw new ConfigException(lines);
        }
    }
}
