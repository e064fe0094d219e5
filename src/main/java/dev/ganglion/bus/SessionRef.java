package dev.ganglion.bus;

import org.jspecify.annotations.Nullable;

/**
 * Identifies the session of an agent. The reference accompanies each frame of the session through the node.
 *
 * @param projectId UUID of the project
 * @param projectSlug slug of the project, for metrics
 * @param shard shard of the project that the agent belongs to, from 0
 * @param agentId UUID of the agent
 * @param workerId worker id of the slot, empty for the agent's unnamed slot. A long-poll session holds no slot; here
 *     the field contains the nonce by which the agent identifies the session.
 * @param sessionId UUID of the session
 * @param nodeId id of the node that holds the socket or serves the request
 * @param request id of the current long-poll request, to which replies go; null for a WebSocket session
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

    /** Whether this is a long-poll session. */
    public boolean longPoll() {
        return request != null;
    }

    /** The local address for messages to the connection or request on this node. */
    public String address() {
        return Addresses.session(request == null ? sessionId : request);
    }

    /** The session id that the agent knows. */
    public String displayId() {
        return longPoll() ? workerId : sessionId;
    }

    /** The worker id for display; null if there is none. */
    public @Nullable String displayWorker() {
        return longPoll() || workerId.isEmpty() ? null : workerId;
    }

    /** Returns the same long-poll session with its id in the store. */
    public SessionRef withStoreId(String id) {
        return new SessionRef(projectId, projectSlug, shard, agentId, workerId, id, nodeId, request);
    }
}
