package dev.ganglion.bus;

import org.jspecify.annotations.Nullable;

/**
 * Reports that a worker process of an agent connected or disconnected. The brain informs the agent's other connections.
 *
 * @param session the session whose slot changed
 * @param joined true if the worker process connected, false if it disconnected
 * @param workerRole the role that the worker process reported
 * @param connections number of slots that the agent holds now
 */
public record WorkerChange(
        SessionRef session, boolean joined, @Nullable String workerRole, int connections) {}
