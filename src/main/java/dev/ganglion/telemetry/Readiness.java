package dev.ganglion.telemetry;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Decides whether this node should receive traffic. The node is ready if none of its named checks reports a fault. */
public final class Readiness {
    private final Map<String, Supplier<Optional<String>>> checks = new LinkedHashMap<>();

    /**
     * Adds a check. The check must not block and may run on any thread. Add every check before the first {@link
     * #faults()}.
     */
    public Readiness addCheck(String part, Supplier<Optional<String>> check) {
        checks.put(part, check);
        return this;
    }

    /**
     * Returns one sentence for each check that reports a fault, keyed by the name of the check. Returns an empty map if
     * the node is ready.
     */
    public Map<String, String> faults() {
        Map<String, String> faults = new LinkedHashMap<>();
        checks.forEach((part, check) -> check.get().ifPresent(fault -> faults.put(part, fault)));
        return faults;
    }

    /** The names of all checks. */
    public Iterable<String> checkNames() {
        return checks.keySet();
    }
}
