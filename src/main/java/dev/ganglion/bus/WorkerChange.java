package dev.ganglion.bus;

import org.jspecify.annotations.Nullable;

/**
 * A worker of an agent joined or left; the agent's other connections are told.
 *
 * @param session whose slot it is
 * @param joined whether it joined, else it left
 * @param workerRole what it says it does
 * @param connections slots that the agent holds now
 */
public record WorkerChange(
        SessionRef session, boolean joined, @Nullable String workerRole, int connections) {}
