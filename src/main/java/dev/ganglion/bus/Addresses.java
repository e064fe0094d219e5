package dev.ganglion.bus;

/** The event bus addresses of a node, and the mapping of agents to lanes. */
public final class Addresses {
    /** Carries {@link StoreAvailability} of a lane; published on the lane's own node. */
    public static final String STORE_AVAILABILITY = "store.availability";

    /** Carries the id of a revoked agent; published. */
    public static final String AGENT_REVOKED = "agent.revoked";

    /** Carries {@link WorkerChange}; published. */
    public static final String WORKER_CHANGED = "worker.changed";

    /** Carries the id of a command that reached a final state; published. */
    public static final String COMMAND_FINAL = "command.final";

    /** Carries {@link ChangeNotice}; published. */
    public static final String CHANGED = "changed";

    /** Carries {@link NodeStatistics}; published. */
    public static final String PULSE = "pulse";

    /**
     * Carries the id of a project whose tasks changed. Published on the node that projects the tasks, at most a few
     * times a second.
     */
    public static final String TASK_CHANGED = "task.changed";

    /** Carries {@link ProjectorLoad}; published. */
    public static final String PROJECTOR_LOAD = "projector.load";

    /** Carries the id of a login session that ended; published. */
    public static final String LOGIN_ENDED = "login.ended";

    /** Carries the id of a user, an API key or a project whose rights changed or ended; published. */
    public static final String ACCESS_CHANGED = "access.changed";

    /** Carries {@link JournalNote}; sent on the node where the noted fact happened. */
    public static final String JOURNAL = "journal";

    /** Carries {@link ShardRef} of a shard in which this node has just stored events; sent on that node. */
    public static final String EVENTS_STORED = "events.stored";

    /** Carries {@link EngineHealthNote}; sent on the node that received the report. */
    public static final String HEALTH = "health";

    private Addresses() {}

    /** The address of the frames of a lane; {@code lane} counts from 0. */
    public static String frames(int lane) {
        return "frame." + lane;
    }

    /** The local address on which a session's connection receives messages. */
    public static String session(String sessionId) {
        return "session." + sessionId;
    }

    /**
     * The address on which the waiting polls of a long-poll session on a node receive wake-ups. Carries the session's
     * id; published.
     */
    public static String poll(String sessionId) {
        return "poll." + sessionId;
    }

    /**
     * Returns the lane of an agent, from 0 to {@code lanes - 1}. All sessions of an agent share one lane, so that their
     * frames stay in order.
     */
    public static int lane(String agentId, int lanes) {
        return Math.floorMod(agentId.hashCode(), lanes);
    }
}
