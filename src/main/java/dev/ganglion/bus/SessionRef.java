package dev.ganglion.bus;

/**
 * Names one agent session everywhere that its frames travel.
 *
 * @param projectId UUID of the project
 * @param projectSlug the project's name, for metrics
 * @param shard shard of the project that the agent belongs to, from 0
 * @param agentId UUID of the agent
 * @param workerId the slot's worker; empty for the agent's one nameless slot
 * @param sessionId UUID of this session
 * @param nodeId the node that holds the socket
 */
public record SessionRef(
        String projectId,
        String projectSlug,
        int shard,
        String agentId,
        String workerId,
        String sessionId,
        String nodeId) {}
