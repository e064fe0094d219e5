package dev.ganglion.projection.rollup;

import org.jspecify.annotations.Nullable;

/**
 * A task that failed.
 *
 * @param fingerprint identifies the cause ({@link dev.ganglion.projection.failure.Fingerprint#value})
 * @param task text of the task's key
 * @param atMs time when it failed, in milliseconds since 1970
 * @param receivedMs time when the event was stored, in milliseconds since 1970
 * @param worker engine worker that ran the task; null if unknown
 * @param queue queue of the task; null if unknown
 * @param agentVersion version of the agent that reported the failure; null if unknown
 */
public record Failure(
        long fingerprint,
        String task,
        long atMs,
        long receivedMs,
        @Nullable String worker,
        @Nullable String queue,
        @Nullable String agentVersion) {}
