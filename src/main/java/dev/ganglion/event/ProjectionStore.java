package dev.ganglion.event;

import dev.ganglion.bus.ShardRef;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where projections are kept, for who makes them. One node projects a shard at a time: the holder of its lease. Every
 * change names the lease and the step that it follows, so that neither a node that lost the lease nor a second try of
 * what was done already has any effect.
 */
public interface ProjectionStore {

    /** A shard, and what its project is called. */
    record Place(ShardRef ref, String projectSlug) {}

    /**
     * The right to project a shard until its time is over.
     *
     * @param epoch the order of this lease among all of the shard
     * @param step how many changes were made in the shard's projection
     * @param position how far it is projected
     * @param reached the bytes of all batches up to there, which tells whether any went before they were projected;
     *     negative when that is not known
     * @param birth the number of its youngest task
     */
    record Lease(long epoch, long step, ProjectionPosition position, long reached, long birth) {
        Lease after(ProjectionChanges changes) {
            return new Lease(epoch, step + 1, changes.position(), changes.reached(), changes.birth());
        }

        /** No changes yet. */
        ProjectionChanges unchanged() {
            return new ProjectionChanges(position, reached, birth);
        }
    }

    /**
     * A record that may be due to go.
     *
     * @param key the task
     * @param record as it is kept; null when there is none
     */
    record Old(String key, Optional<String> record) {}

    /** What is told of a shard's engines. */
    record Survey(
            Map<String, Long> depths,
            Map<String, Integer> workersOnline,
            Set<String> oldWorkers,
            Set<String> oldQueues) {}

    /** All shards of all projects. */
    Future<List<Place>> places();

    /** Takes the lease, if nobody has it; empty while another node does. A lease that this node had ends with it. */
    Future<Optional<Lease>> acquire(ShardRef shard, Duration time);

    /** What comes next in the stream. */
    Future<ProjectionSlice> read(ShardRef shard, ProjectionPosition position);

    /** Records by table and key, those that are there. */
    Future<Map<ProjectionTable, Map<String, String>>> load(ShardRef shard, Map<ProjectionTable, Set<String>> wanted);

    /**
     * Makes the changes and renews the lease. When the future fails they may have been made: the lease must be acquired
     * again then.
     *
     * @return how many tasks are kept after it; empty when the lease is another's, and nothing was changed
     */
    Future<Optional<Long>> apply(ShardRef shard, Lease lease, ProjectionChanges changes, Duration time);

    /** The oldest tasks: those that were born before, and the first ones beyond how many are kept; at most so many. */
    Future<List<Old>> oldest(ShardRef shard, long bornBefore, long kept, int most);

    /** What engines are like now, and which of their workers and queues nobody told of since. */
    Future<Survey> survey(ShardRef shard, long heardBeforeMs);

    /** Gives the lease up. */
    Future<Void> release(ShardRef shard, Lease lease);

    /** Forgets the projection of a shard whose project is no more. */
    Future<Void> drop(ShardRef shard);
}
