package dev.ganglion.projection.lost;

import dev.ganglion.projection.task.SubjectKey;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot of the connected worker processes and of the state of the engine workers. Immutable.
 *
 * @param atMs time of the reading by the brain's clock, in milliseconds since 1970
 * @param cluster state of the cluster at that moment
 * @param agents the connected sessions of each agent that was asked for, by agent id; empty for an agent without any
 * @param workers the engine workers that were asked for and are known
 */
public record PresenceView(
        long atMs, Cluster cluster, Map<String, List<PresentProcess>> agents, Map<SubjectKey, WorkerSigns> workers) {

    /**
     * The state of the cluster.
     *
     * @param healthy whether this node's view is recent, and all nodes that have a record in the store reach each other
     * @param nodes the live nodes that are not draining
     */
    public record Cluster(boolean healthy, Set<String> nodes) {}

    /** Copies the maps. */
    public PresenceView {
        agents = Map.copyOf(agents);
        workers = Map.copyOf(workers);
    }

    /** The connected sessions of an agent; null if the reading did not include the agent. */
    @Nullable
    List<PresentProcess> of(String agentId) {
        return agents.get(agentId);
    }
}
