package dev.ganglion.config;

import java.io.Serial;
import java.util.List;

/** The configuration is wrong; every fault that was found is named, with secrets masked. */
public final class ConfigException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final List<String> problems;

    /** Carries the faults, at least one. */
    public ConfigException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    /** One line for each fault. */
    public List<String> problems() {
        return problems;
    }
}
