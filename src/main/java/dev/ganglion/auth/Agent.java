package dev.ganglion.auth;

import dev.ganglion.protocol.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An enrolled agent with its last known state.
 *
 * @param id UUID
 * @param projectId project of the agent
 * @param name display name
 * @param connectionCap slots that the agent may hold; 0 = no cap, null = the cap of the project
 * @param createdAt time of enrolment
 * @param about description from the hello frames; null if the agent never sent one
 * @param mentionedEngines engines that long-poll sessions mentioned, because these sessions send no hello frame
 * @param connectivity present and past connections
 */
public record Agent(
        String id,
        String projectId,
        String name,
        @Nullable Integer connectionCap,
        Instant createdAt,
        @Nullable About about,
        List<String> mentionedEngines,
        Connectivity connectivity) {

    /** Creates an agent that was just enrolled. */
    public Agent(String id, String projectId, String name, @Nullable Integer connectionCap, Instant createdAt) {
        this(id, projectId, name, connectionCap, createdAt, null, List.of(), Connectivity.NEVER_CONNECTED);
    }

    /**
     * The description of an agent from its hello frames. Lists and objects are canonical JSON.
     *
     * @param protocolVersion version that the last hello names
     * @param agentVersion version of the agent that the last hello names
     * @param framework framework that the last hello names
     * @param frameworks frameworks of all connections, sorted; of the last hello if there is no connection
     * @param engines engines of all connections; of those that ended last if there is no connection
     * @param schedulers schedulers of the same connections
     * @param capabilities actions that the same connections support, by engine
     * @param host host that the last hello names
     */
    public record About(
            String protocolVersion,
            String agentVersion,
            String framework,
            List<String> frameworks,
            Json engines,
            Json schedulers,
            Json capabilities,
            Json host) {}

    /**
     * The present and past connections of an agent.
     *
     * @param connections slots that the agent holds now
     * @param polls long-poll sessions that are online now; they hold no slot
     * @param lastConnectAt time when the agent last connected; null if it never did
     * @param lastSeenAt time when a frame of the agent last took effect; null if none did
     * @param recentEngines engines of connections that ended a few minutes ago and may come back
     */
    public record Connectivity(
            int connections,
            int polls,
            @Nullable Instant lastConnectAt,
            @Nullable Instant lastSeenAt,
            Set<String> recentEngines) {
        /** The connectivity of an agent that was just enrolled. */
        public static final Connectivity NEVER_CONNECTED = new Connectivity(0, 0, null, null, Set.of());

        /** {@code online}, {@code offline}, or {@code unknown} if the agent never connected. */
        public String state() {
            if (connections > 0 || polls > 0) {
                return "online";
            }
            return lastConnectAt == null ? "unknown" : "offline";
        }
    }

    /** Returns a copy with this name. */
    public Agent withName(String changed) {
        return new Agent(id, projectId, changed, connectionCap, createdAt, about, mentionedEngines, connectivity);
    }

    /** Returns a copy with this connection cap. */
    public Agent withConnectionCap(@Nullable Integer changed) {
        return new Agent(id, projectId, name, changed, createdAt, about, mentionedEngines, connectivity);
    }
}
