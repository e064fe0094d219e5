package dev.ganglion.protocol.frame;

import dev.ganglion.protocol.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The first frame of a connection. It is unsigned and describes the agent and its capabilities.
 *
 * @param workerId identifies one of the agent's worker processes; null for the agent's unnamed slot. An empty id on the
 *     wire is read as null.
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

    @Override
    public <A> void accept(Visitor<A> visitor, A argument) {
        visitor.hello(this, argument);
    }
}
