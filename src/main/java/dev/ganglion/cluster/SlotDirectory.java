package dev.ganglion.cluster;

import dev.ganglion.bus.SessionRef;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;

/**
 * Which node holds which slot now. A cache that can be rebuilt at any time: the order of claims, and who may write, are
 * the store's. Thread-safe.
 */
public interface SlotDirectory {
    /** What becomes of a claim. */
    enum Claim {
        /** There is room, or there may be; the store decides. */
        GRANTED,
        /** The agent holds as many slots as it may, all on nodes that live. */
        FULL
    }

    /**
     * Asks for a slot, before the store is asked. Asking again for the same session changes nothing.
     *
     * @param session who wants its slot
     * @param cap slots that the agent may hold; 0 = no cap
     */
    Future<Claim> claim(SessionRef session, int cap);

    /**
     * The store has given the slot to this session of this node.
     *
     * @param epoch the order of this claim among all claims of the agent
     */
    void opened(SessionRef session, long epoch);

    /** A session of this node is over; a slot that another holds by now stays. */
    void released(SessionRef session);

    /** The sessions of this node that hold a slot, as far as this node knows. */
    List<SessionRef> held();

    /** How many those are. */
    int count();

    /** The nodes that hold slots of an agent. */
    Future<Set<String>> nodesOf(String agentId);

    /**
     * A long-poll session made a request here, and is online for {@link PollRoll#ONLINE} from now on. It holds no slot.
     *
     * @param session under the name that the agent gives it
     */
    void polled(SessionRef session);

    /** A long-poll session has ended. */
    void pollEnded(SessionRef session);

    /** All of an agent's long-poll sessions have ended. */
    void pollsEnded(String agentId);

    /**
     * The agents of a project's long-poll sessions that are online and with this node, one for each of the sessions. A
     * session that went on to another node counts here until that is heard of; one whose requests go to several nodes by
     * turns is with one of them.
     */
    List<String> pollers(String projectSlug);

    /**
     * Agents that hold a slot anywhere, or have a long-poll session that is online, each once; the last count while the
     * directory does not answer.
     */
    Future<Integer> agents();
}
