package dev.ganglion.journal;

import dev.ganglion.bus.SessionRef;
import dev.ganglion.protocol.event.EngineWorkerName;
import dev.ganglion.protocol.frame.Hello;
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
     * @param process what the worker process reported about itself
     * @param node node that holds the socket, or that served the last request
     * @param sessionId id of the session
     * @param connectedAt time when the brain accepted the socket
     * @param lastSeenAt time when the session's last frame took effect
     * @param remoteAddress address of the agent
     * @param longPoll whether this is a long-poll session
     */
    record Worker(
            String workerId,
            ReportedProcess process,
            String node,
            String sessionId,
            Instant connectedAt,
            Instant lastSeenAt,
            String remoteAddress,
            boolean longPoll) {}

    /**
     * The facts that a worker process reported about itself, most of them in its hello.
     *
     * @param role its role
     * @param pid its process id
     * @param framework framework that it runs in
     * @param host name of its host
     * @param startedAt its start time
     * @param features its engines, schedulers and actions
     * @param reportedWorkers engine workers that its events named
     * @param health its health; null before its first heartbeat
     */
    record ReportedProcess(
            @Nullable String role,
            @Nullable Integer pid,
            @Nullable String framework,
            @Nullable String host,
            @Nullable Instant startedAt,
            Hello.Features features,
            List<EngineWorkerName> reportedWorkers,
            @Nullable SessionHealth health) {
        /** The process of a long-poll session, which sends no hello. */
        public static ReportedProcess withoutHello(
                List<EngineWorkerName> reportedWorkers, @Nullable SessionHealth health) {
            return new ReportedProcess(null, null, null, null, null, Hello.Features.UNKNOWN, reportedWorkers, health);
        }
    }

    /**
     * A session that does not hold its slot.
     *
     * @param taken whether another session holds it
     */
    record LostSlot(SessionRef session, boolean taken) {}

    /** Returns those of the sessions that do not hold their slot, regardless of which nodes are alive. */
    Future<List<LostSlot>> lost(List<SessionRef> sessions);

    /** The agent's live connections, ordered by worker. */
    Future<List<Worker>> workers(String projectId, int shard, String agentId);
}
