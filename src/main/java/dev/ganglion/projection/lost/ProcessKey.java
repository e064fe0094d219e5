package dev.ganglion.projection.lost;

import dev.ganglion.projection.run.TextHash;

/**
 * The process that sent a report, as the event stream names it.
 *
 * @param agentId id of the agent
 * @param process hash of the name of the process; the hash of the agent's id if the process has no {@code worker_id}, or
 *     reported to a brain of version 0.1
 */
public record ProcessKey(String agentId, long process) {
    /** Reads the name of a process in the stream. */
    public static ProcessKey of(String agentId, String process) {
        return new ProcessKey(agentId, TextHash.of(process));
    }

    /** Whether the process is not named, so that it may be any of its agent. */
    boolean isNameless() {
        return process == TextHash.of(agentId);
    }
}
