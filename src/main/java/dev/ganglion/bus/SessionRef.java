package dev.ganglion.bus;

import org.jspecify.annotations.Nullable;

/**
 * Names one agent session everywhere that its frames travel.
 *
 * @param projectId UUID of the project
 * @param projectSlug the project's name, for metrics
 * @param shard shard of the project that the agent belongs to, from 0
 * @param agentId UUID of the agent
 * @param workerId the slot's worker, empty for the agent's one nameless slot; of a long poll, which holds no slot, the
 *     nonce that the agent calls the session by
 * @param sessionId UUID of this session
 * @param nodeId the node that holds the socket, or serves the request
 * @param request the long-poll request that it is spoken of in, which is where answers go; null on a WebSocket
 */
public record SessionRef(
        String projectId,
        String projectSlug,
        int shard,
        String agentId,
        String workerId,
        String sessionId,
        String nodeId,
        @Nullable String request) {

    /** Whether it is a session of long-poll requests. */
    public boolean longPoll() {
        return request != null;
    }

    /** Where whoever speaks for it on this node listens. */
    public String address() {
        return Addresses.session(request == null ? sessionId : request);
    }

    /** What both sides call it. */
    public String shownId() {
        return longPoll() ? workerId : sessionId;
    }

    /** The worker as people see it; null for none. */
    public @Nullable String shownWorker() {
        return longPoll() || workerId.isEmpty() ? null : workerId;
    }

    /** The same long-poll session by the id that the store knows it under. */
    public SessionRef known(String id) {
        return new SessionRef(projectId, projectSlug, shard, agentId, workerId, id, nodeId, request);
    }
}
