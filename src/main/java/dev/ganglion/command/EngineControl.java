package dev.ganglion.command;

import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How the engines pass control commands to their workers. */
final class EngineControl {
    /** Engines whose processes pass a command for a worker on to it, whichever process receives the command. */
    private static final Set<String> BROADCASTING = Set.of("celery");

    private EngineControl() {}

    /** Whether any session of the engine can act on any of its workers. */
    static boolean broadcasts(@Nullable String engine) {
        return engine != null && BROADCASTING.contains(engine);
    }

    /** Whether this holds for all engines of a session that names its engines. */
    static boolean allBroadcast(Collection<String> engines) {
        return !engines.isEmpty() && BROADCASTING.containsAll(engines);
    }
}
