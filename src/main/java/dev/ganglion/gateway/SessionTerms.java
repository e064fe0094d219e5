package dev.ganglion.gateway;

import dev.ganglion.bus.SessionRef;
import dev.ganglion.protocol.HelloAck;
import dev.ganglion.protocol.HmacEncoding;
import dev.ganglion.protocol.ProjectKey;
import dev.ganglion.protocol.SessionBinding;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is settled about a session when its upgrade is admitted.
 *
 * @param identity who it is
 * @param limits what it may do
 * @param key the project's key, shared with the sessions of its event loop
 * @param encoding how the brain writes signatures until the agent has shown how it does
 * @param remoteAddress where it connected from
 */
record SessionTerms(Identity identity, Limits limits, ProjectKey key, HmacEncoding encoding, String remoteAddress) {

    /** All sessions from an address share its text. */
    SessionTerms {
        remoteAddress = remoteAddress.intern();
    }

    /**
     * Who a session is.
     *
     * @param projectSlug the project's name, for metrics
     */
    record Identity(
            String projectId,
            String projectSlug,
            int shard,
            String agentId,
            int connectionCap,
            String sessionId,
            String nodeId) {
        /** All sessions of an agent share its names, which each upgrade reads anew. */
        Identity {
            projectId = projectId.intern();
            projectSlug = projectSlug.intern();
            agentId = agentId.intern();
        }
    }

    /** What the brain announces and enforces. */
    record Limits(String brainVersion, int heartbeatSeconds, int maxFrameBytes, int framesInFlight) {}

    static String newSessionId() {
        return UUID.randomUUID().toString();
    }

    SessionRef session(@Nullable String workerId) {
        return new SessionRef(
                identity.projectId(),
                identity.projectSlug(),
                identity.shard(),
                identity.agentId(),
                workerId == null ? "" : workerId,
                identity.sessionId(),
                identity.nodeId(),
                null);
    }

    SessionBinding binding() {
        return new SessionBinding(identity.agentId(), identity.projectId(), identity.sessionId());
    }

    HelloAck helloAck(String frameId) {
        return new HelloAck(
                frameId,
                limits.brainVersion(),
                identity.agentId(),
                identity.projectId(),
                identity.sessionId(),
                limits.heartbeatSeconds(),
                limits.maxFrameBytes());
    }

    int connectionCap() {
        return identity.connectionCap();
    }

    int framesInFlight() {
        return limits.framesInFlight();
    }
}
