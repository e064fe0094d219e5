package dev.ganglion.protocol;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The first frame of a connection, unsigned: what the agent is and what it can do.
 *
 * @param workerId names one of the agent's workers; null (also for an empty one on the wire) is the agent's nameless slot
 */
public record Hello(
        String id,
        String protocolVersion,
        String agentVersion,
        String framework,
        List<String> engines,
        List<String> schedulers,
        Map<String, List<String>> capabilities,
        Json host,
        @Nullable String workerId,
        @Nullable String workerRole,
        @Nullable Integer workerPid,
        @Nullable Instant workerStartedAt)
        implements Frame {
    @Override
    public FrameType type() {
        return FrameType.HELLO;
    }
}
