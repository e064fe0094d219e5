package dev.ganglion.event;

/** The tables of a shard's projection. */
public enum ProjectionTable {
    /** {@link Task}s by engine and id. */
    TASKS,
    /** {@link EngineWorker}s by engine and name. */
    WORKERS,
    /** {@link EngineQueue}s by engine and name. */
    QUEUES,
    /** {@link Schedules} by engine and agent. */
    SCHEDULES
}
