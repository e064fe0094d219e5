package dev.ganglion.telemetry;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Whether this node should get traffic: named parts, each fine or with a sentence that says what is wrong. */
public final class Readiness {
    private final Map<String, Supplier<Optional<String>>> parts = new LinkedHashMap<>();

    /** Adds a part; its check must not block and may be called from any thread. Before the first {@link #faults()}. */
    public Readiness with(String part, Supplier<Optional<String>> check) {
        parts.put(part, check);
        return this;
    }

    /** What is wrong by part; empty when all is well. */
    public Map<String, String> faults() {
        Map<String, String> faults = new LinkedHashMap<>();
        parts.forEach((part, check) -> check.get().ifPresent(fault -> faults.put(part, fault)));
        return faults;
    }

    /** The names of all parts. */
    public Iterable<String> parts() {
        return parts.keySet();
    }
}
