package dev.ganglion.projection.lost;

import dev.ganglion.projection.task.SubjectKey;
import io.vertx.core.Future;
import java.util.Set;

/** Reads which worker processes of a project are connected. */
public interface ProcessPresence {
    /** Most agents and most engine workers of one reading. */
    int MOST = 500;

    /**
     * A project.
     *
     * @param projectId its id
     * @param shards its number of shards
     */
    record Place(String projectId, int shards) {
        /** The shard of an agent. */
        public int shardOf(String agentId) {
            return Math.floorMod(agentId.hashCode(), shards);
        }
    }

    /**
     * Reads the sessions of agents, and what is known of engine workers. The future fails if the store does not answer.
     *
     * @param agents ids of at most {@link #MOST} agents
     * @param workers at most {@link #MOST} engine workers
     */
    Future<PresenceView> read(Place place, Set<String> agents, Set<SubjectKey> workers);
}
