package dev.ganglion.config.source;

import java.io.Serial;
import java.util.List;

/** Signals an invalid configuration. The message names every fault that was found, one per line, and masks secrets. */
public final class ConfigException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final List<String> problems;

    /** Creates an exception for at least one fault. */
    public ConfigException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    /** Returns the faults, one line each. */
    public List<String> problems() {
        return problems;
    }
}
