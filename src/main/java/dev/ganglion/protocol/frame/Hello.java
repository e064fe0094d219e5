package dev.ganglion.protocol.frame;

import dev.ganglion.protocol.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The first frame of a connection. It is unsigned and describes the agent and its capabilities.
 *
 * @param framework framework that the agent runs in
 * @param host facts about the agent's host, as a JSON object
 */
public record Hello(
        String id,
        String protocolVersion,
        String agentVersion,
        String framework,
        Features features,
        Json host,
        WorkerProcess worker)
        implements Frame {

    /**
     * The adapters that the agent has.
     *
     * @param engines task queue engines
     * @param schedulers schedulers
     * @param capabilities supported actions by engine
     * @param runtimeFeatures features of the agent's runtime, as the agent names them
     */
    public record Features(
            List<String> engines,
            List<String> schedulers,
            Map<String, List<String>> capabilities,
            List<String> runtimeFeatures) {
        /** Nothing is known. A long-poll session has these features, because it sends no hello. */
        public static final Features UNKNOWN = new Features(List.of(), List.of(), Map.of());

        /** Creates features without any of the runtime. */
        public Features(List<String> engines, List<String> schedulers, Map<String, List<String>> capabilities) {
            this(engines, schedulers, capabilities, List.of());
        }

        /** The only engine; null if there are none or several. */
        public @Nullable String soleEngine() {
            return engines.size() == 1 && !engines.get(0).isEmpty() ? engines.get(0) : null;
        }
    }

    /**
     * The process that connects as the agent.
     *
     * @param id identifies one of the agent's worker processes; null for the agent's unnamed slot. An empty id on the
     *     wire is read as null.
     */
    public record WorkerProcess(
            @Nullable String id,
            @Nullable String role,
            @Nullable Integer pid,
            @Nullable Instant startedAt) {}

    @Override
    public FrameType type() {
        return FrameType.HELLO;
    }

    @Override
    public <A> void accept(Visitor<A> visitor, A argument) {
        visitor.hello(this, argument);
    }
}
