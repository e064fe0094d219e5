package dev.ganglion.cluster;

import dev.ganglion.bus.SessionRef;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;

/**
 * Tracks which node holds which slot now. The directory is a cache that can be rebuilt at any time. The store decides
 * on the order of claims and on which session may write. Thread-safe.
 */
public interface SlotDirectory {
    /** The directory's decision on a claim. */
    enum Claim {
        /** A slot is free or may be free; the store decides. */
        GRANTED,
        /** The agent's cap is reached by slots on live nodes. */
        FULL
    }

    /**
     * Claims a slot before the brain asks the store. A repeated claim of the same session changes nothing.
     *
     * @param session the session that needs a slot
     * @param cap largest number of slots that the agent may hold; 0 = no cap
     */
    Future<Claim> claim(SessionRef session, int cap);

    /**
     * Records that the store granted a slot to a session of this node.
     *
     * @param epoch order of this claim among all claims of the agent
     */
    void opened(SessionRef session, long epoch);

    /** Removes the hold of a session of this node that has ended. A hold of another session on the same slot stays. */
    void released(SessionRef session);

    /** The sessions of this node that hold a slot, as far as this node knows. */
    List<SessionRef> held();

    /** The number of sessions of this node that hold a slot. */
    int count();

    /** The nodes whose sessions hold slots of an agent. */
    Future<Set<String>> nodesOf(String agentId);

    /**
     * Records a request of a long-poll session on this node. The session then counts as online for
     * {@link LongPollSessions#ONLINE}. It holds no slot.
     *
     * @param session the session, with the name that its agent gave it
     */
    void polled(SessionRef session);

    /** Records the end of a long-poll session. */
    void pollEnded(SessionRef session);

    /** Records the end of all long-poll sessions of an agent. */
    void pollsEnded(String agentId);

    /**
     * The agents of a project's online long-poll sessions that belong to this node: one element per session. A session
     * that moved to another node counts here until this node learns of the move. A session whose requests alternate
     * between nodes belongs to one of them.
     */
    List<String> onlinePollingAgents(String projectSlug);

    /**
     * Counts the agents that hold a slot on any node or that have an online long-poll session, each once. Returns the
     * last count if the directory does not answer.
     */
    Future<Integer> agents();
}
