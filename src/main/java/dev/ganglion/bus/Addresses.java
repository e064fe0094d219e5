package dev.ganglion.bus;

/** The event bus addresses. */
public final class Addresses {
    /** {@link StoreAvailability}, published on the node that it holds for. */
    public static final String STORE_AVAILABILITY = "store.availability";

    /** The id of a revoked agent, published. */
    public static final String AGENT_REVOKED = "agent.revoked";

    /** {@link WorkerChange}, published. */
    public static final String WORKER_CHANGED = "worker.changed";

    /** The id of a command that became final, published. */
    public static final String COMMAND_FINAL = "command.final";

    /** {@link Change}, published. */
    public static final String CHANGED = "changed";

    /** {@link NodePulse}, published. */
    public static final String PULSE = "pulse";

    /**
     * The id of a project of which tasks changed, published on the node that projects them: a few times a second at the
     * most.
     */
    public static final String TASK_CHANGED = "task.changed";

    /** The id of a login's session that has ended, published. */
    public static final String LOGIN_ENDED = "login.ended";

    /** {@link JournalNote}, sent on the node that it happened on. */
    public static final String JOURNAL = "journal";

    /** {@link ShardRef} of which events were stored by this node a moment ago, sent on it. */
    public static final String EVENTS_STORED = "events.stored";

    /** {@link HealthNote}, sent on the node that it came to. */
    public static final String HEALTH = "health";

    private Addresses() {}

    /** Where the frames of a lane go; {@code lane} from 0. */
    public static String frames(int lane) {
        return "frame." + lane;
    }

    /** Where a node listens for other nodes. */
    public static String node(String nodeId) {
        return "node." + nodeId;
    }

    /** Where a session's connection listens. */
    public static String session(String sessionId) {
        return "session." + sessionId;
    }

    /** Where the polls of a long-poll session that wait on a node listen; the session's id, published. */
    public static String poll(String sessionId) {
        return "poll." + sessionId;
    }

    /** The lane of an agent among {@code lanes}: all sessions of an agent share one, so that their frames keep order. */
    public static int lane(String agentId, int lanes) {
        return Math.floorMod(agentId.hashCode(), lanes);
    }
}
