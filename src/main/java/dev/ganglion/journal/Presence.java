package dev.ganglion.journal;

import dev.ganglion.bus.SessionRef;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads from the store which sessions are connected: those whose lease has not expired and whose node is alive. */
public interface Presence {

    /**
     * One connection of an agent.
     *
     * @param workerId {@code worker_id} of the slot; empty for a worker process without an id, and for a long-poll
     *     session, which has none
     * @param role role that the worker process reported
     * @param pid its process id
     * @param framework framework that it runs in; null if unknown
     * @param startedAt start time that the worker process reported
     * @param node node that holds the socket, or that served the last request
     * @param sessionId id of the session
     * @param connectedAt time when the brain accepted the socket
     * @param lastSeenAt time when the session's last frame took effect
     * @param remoteAddress address of the agent
     * @param longPoll whether this is a long-poll session
     */
    record Worker(
            String workerId,
            @Nullable String role,
            @Nullable Integer pid,
            @Nullable String framework,
            @Nullable Instant startedAt,
            String node,
            String sessionId,
            Instant connectedAt,
            Instant lastSeenAt,
            String remoteAddress,
            boolean longPoll) {}

    /**
     * A session that does not hold its slot.
     *
     * @param taken whether another session holds it
     */
    record Lost(SessionRef session, boolean taken) {}

    /** Returns those of the sessions that do not hold their slot, regardless of which nodes are alive. */
    Future<List<Lost>> lost(List<SessionRef> sessions);

    /** The agent's live connections, ordered by worker. */
    Future<List<Worker>> workers(String projectId, int shard, String agentId);
}
