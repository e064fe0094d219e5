package dev.ganglion.protocol;

import dev.ganglion.protocol.json.JsonWriter;
import dev.ganglion.protocol.json.Overrides;

/**
 * Binds frames to their session through three ids. Every signature covers the ids of the agent, the project and the
 * session; the receiver never takes them from the wire.
 */
public final class SessionBinding {
    private static final byte[][] KEYS = {
        Overrides.key("agent_id"), Overrides.key("hmac"), Overrides.key("project_id"), Overrides.key("session_id")
    };

    private final String agentId;
    private final String projectId;
    private final String sessionId;
    private final byte[] agent;
    private final byte[] project;
    private final byte[] session;
    private final Overrides overrides;

    /** Creates a binding to these ids, in exactly the form that the hello_ack contains. */
    public SessionBinding(String agentId, String projectId, String sessionId) {
        this.agentId = agentId;
        this.projectId = projectId;
        this.sessionId = sessionId;
        this.agent = member("agent_id", agentId);
        this.project = member("project_id", projectId);
        this.session = member("session_id", sessionId);
        this.overrides = new Overrides(KEYS, new byte[][] {agent, null, project, session});
    }

    private static byte[] member(String key, String value) {
        return new JsonWriter().key(key).string(value).bytes();
    }

    /** The agent's id. */
    public String agentId() {
        return agentId;
    }

    /** The project's id. */
    public String projectId() {
        return projectId;
    }

    /** The session's id. */
    public String sessionId() {
        return sessionId;
    }

    byte[] agent() {
        return agent;
    }

    byte[] project() {
        return project;
    }

    byte[] session() {
        return session;
    }

    /** The overrides for verifying a frame from the wire: they insert the three ids and remove the signature. */
    public Overrides overrides() {
        return overrides;
    }

    @Override
    public String toString() {
        return "SessionBinding[agentId=" + agentId + ", projectId=" + projectId + ", sessionId=" + sessionId + "]";
    }
}
