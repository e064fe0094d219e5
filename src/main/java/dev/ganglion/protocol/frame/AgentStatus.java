package dev.ganglion.protocol.frame;

import dev.ganglion.protocol.json.Json;

/**
 * A status report from an agent, or the brain's notice that another worker process of the agent connected or
 * disconnected.
 */
public record AgentStatus(String id, Json payload) implements Frame {
    @Override
    public FrameType type() {
        return FrameType.AGENT_STATUS;
    }

    @Override
    public <A> void accept(Visitor<A> visitor, A argument) {
        visitor.agentStatus(this, argument);
    }
}
