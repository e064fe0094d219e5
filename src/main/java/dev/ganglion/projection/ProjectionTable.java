package dev.ganglion.projection;

/** The tables of a shard's projection. */
public enum ProjectionTable {
    /** {@code Task}s by engine and id. */
    TASKS,
    /** {@code EngineWorker}s by engine and name. */
    WORKERS,
    /** {@code EngineQueue}s by engine and name. */
    QUEUES,
    /** {@code Schedules} by engine and agent. */
    SCHEDULES
}
