package dev.ganglion.protocol.event;

/**
 * The name of an engine worker, as events report it.
 *
 * @param engine name of the engine adapter
 * @param name name of the worker of this engine; empty for the reporting process itself, if the engine names no workers
 */
public record EngineWorkerName(String engine, String name) {
    /** The reporting process itself, as a worker of an engine that names no workers. */
    public static EngineWorkerName process(String engine) {
        return new EngineWorkerName(engine, "");
    }

    /** Whether the worker is the reporting process itself. */
    public boolean isProcess() {
        return name.isEmpty();
    }
}
