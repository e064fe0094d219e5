package dev.ganglion.protocol.event;

/**
 * The name of an engine worker, as events report it.
 *
 * @param engine name of the engine adapter
 * @param name name of the worker of this engine
 */
public record EngineWorkerName(String engine, String name) {}
