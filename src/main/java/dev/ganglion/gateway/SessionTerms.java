package dev.ganglion.gateway;

import dev.ganglion.bus.SessionRef;
import dev.ganglion.protocol.HmacEncoding;
import dev.ganglion.protocol.ProjectKey;
import dev.ganglion.protocol.SessionBinding;
import dev.ganglion.protocol.frame.HelloAck;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a session, fixed when its upgrade is admitted.
 *
 * @param identity identity of the session
 * @param limits limits that the brain announces and enforces
 * @param key signing key of the project, shared by the sessions of an event loop
 * @param encoding encoding of the brain's signatures until the first frame shows the agent's own encoding
 * @param remoteAddress address of the agent
 */
record SessionTerms(Identity identity, Limits limits, ProjectKey key, HmacEncoding encoding, String remoteAddress) {

    /** Interns the address: all sessions from an address share one string. */
    SessionTerms {
        remoteAddress = remoteAddress.intern();
    }

    /**
     * The identity of a session.
     *
     * @param projectId identifier of the project
     * @param projectSlug name of the project, for metrics
     * @param shard shard of the agent in its project
     * @param agentId identifier of the agent
     * @param connectionCap largest number of simultaneous sessions of the agent
     * @param sessionId identifier of the session
     * @param nodeId identifier of the node that holds the session
     */
    record Identity(
            String projectId,
            String projectSlug,
            int shard,
            String agentId,
            int connectionCap,
            String sessionId,
            String nodeId) {
        /** Interns the names: all sessions of an agent share them, although each upgrade reads them anew. */
        Identity {
            projectId = projectId.intern();
            projectSlug = projectSlug.intern();
            agentId = agentId.intern();
        }
    }

    /**
     * The limits that the brain announces and enforces.
     *
     * @param brainVersion version that the brain reports
     * @param heartbeatSeconds interval between the agent's heartbeats, in seconds
     * @param maxFrameBytes largest size of a frame, in bytes
     * @param framesInFlight largest number of frames that a session may have on their way to the store
     */
    record Limits(String brainVersion, int heartbeatSeconds, int maxFrameBytes, int framesInFlight) {}

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

    HelloAck helloAck(String frameId, String agentVersion) {
        return new HelloAck(
                frameId,
                AnnouncedVersion.to(agentVersion, limits.brainVersion()),
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
