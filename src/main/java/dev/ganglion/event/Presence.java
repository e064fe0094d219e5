package dev.ganglion.event;

import dev.ganglion.bus.SessionRef;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who is connected, as the store knows it: the slots whose lease runs and whose node lives. */
public interface Presence {

    /**
     * One connection of an agent.
     *
     * @param workerId the slot's worker; empty for the nameless slot, and for a long poll, which has none
     * @param role what the worker says it does
     * @param pid its process id
     * @param framework the framework it runs in; null where it has not said
     * @param startedAt when the worker says it started
     * @param node the node that holds the socket, or served the last request
     * @param sessionId the session
     * @param connectedAt when the socket was accepted
     * @param lastSeenAt when its last frame took effect
     * @param remoteAddress where it connected from
     * @param longPoll whether it comes by long poll
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
     * @param taken whether another session does
     */
    record Lost(SessionRef session, boolean taken) {}

    /** Those of the sessions that do not hold their slot, whoever lives. */
    Future<List<Lost>> lost(List<SessionRef> sessions);

    /** The agent's live connections, ordered by worker. */
    Future<List<Worker>> workers(String projectId, int shard, String agentId);
}
