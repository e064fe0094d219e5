package dev.ganglion.auth;

import dev.ganglion.protocol.Json;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An enrolled agent and what it last said of itself.
 *
 * @param id UUID
 * @param projectId the project that it belongs to
 * @param name its name for people
 * @param connectionCap slots that it may hold; 0 = no cap, null = the project's
 * @param createdAt when it was enrolled
 * @param about what its last hello said; null when it never connected
 * @param toldEngines engines that its long polls, which say no hello, spoke of
 * @param lastConnectAt when it last connected
 * @param lastSeenAt when a frame of its last took effect
 * @param connections slots that it holds now
 * @param polls long-poll sessions that it has now; they hold no slot
 */
public record Agent(
        String id,
        String projectId,
        String name,
        @Nullable Integer connectionCap,
        Instant createdAt,
        @Nullable About about,
        List<String> toldEngines,
        @Nullable Instant lastConnectAt,
        @Nullable Instant lastSeenAt,
        int connections,
        int polls) {

    /** An agent that was just enrolled. */
    public Agent(String id, String projectId, String name, @Nullable Integer connectionCap, Instant createdAt) {
        this(id, projectId, name, connectionCap, createdAt, null, List.of(), null, null, 0, 0);
    }

    /** What a hello says of the agent, as canonical JSON where it is a list or an object. */
    public record About(
            String protocolVersion,
            String agentVersion,
            String framework,
            Json engines,
            Json schedulers,
            Json capabilities,
            Json host) {}

    /** {@code online}, {@code offline}, or {@code unknown} when it never connected. */
    public String state() {
        if (connections > 0 || polls > 0) {
            return "online";
        }
        return lastConnectAt == null ? "unknown" : "offline";
    }
}
