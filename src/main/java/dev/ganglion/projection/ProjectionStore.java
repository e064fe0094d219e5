package dev.ganglion.projection;

import dev.ganglion.bus.ShardRef;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Stores projections, for the projectors. One node projects a shard at a time: the holder of the shard's lease. Every
 * change carries its lease and the number of the step before it. A node that lost the lease, or that repeats a step,
 * therefore changes nothing.
 */
public interface ProjectionStore {

    /** A shard and the slug of its project. */
    record Place(ShardRef ref, String projectSlug) {}

    /**
     * The right to project a shard until the lease expires.
     *
     * @param epoch order of this lease among all leases of the shard
     * @param step number of changes that the shard's projection has seen
     * @param position position up to which the shard is projected
     * @param reached total size of all batches up to there, in bytes, which shows whether batches were deleted before
     *     they were projected; negative if unknown
     * @param birth number of its youngest task
     */
    record Lease(long epoch, long step, ProjectionPosition position, long reached, long birth) {
        Lease after(ShardChanges changes) {
            return new Lease(epoch, step + 1, changes.position(), changes.reached(), changes.birth());
        }

        /** An empty set of changes at the current position. */
        ShardChanges unchanged() {
            return new ShardChanges(position, reached, birth);
        }
    }

    /**
     * A task that the retention may delete.
     *
     * @param key key of the task
     * @param record its record; empty if there is none
     */
    record ExpiredTask(String key, Optional<String> record) {}

    /**
     * The current state of a shard's engines.
     *
     * @param depths known depths of queues, by {@code engine|queue}
     * @param workersOnline number of engine workers that are online, by engine
     * @param oldWorkers keys of engine workers that the retention no longer keeps
     * @param oldQueues keys of queues that the retention no longer keeps
     */
    record Survey(
            Map<String, Long> depths,
            Map<String, Integer> workersOnline,
            Set<String> oldWorkers,
            Set<String> oldQueues) {}

    /** All shards of all projects. */
    Future<List<Place>> places();

    /**
     * Acquires the lease if it is free; empty while another node holds it. An earlier lease of this node on the shard
     * ends with it.
     */
    Future<Optional<Lease>> acquire(ShardRef shard, Duration time);

    /** Reads the next batches of the stream. */
    Future<ProjectionSlice> read(ShardRef shard, ProjectionPosition position);

    /** Loads the existing records, by table and key. */
    Future<Map<ProjectionTable, Map<String, String>>> load(ShardRef shard, Map<ProjectionTable, Set<String>> wanted);

    /**
     * Applies the changes and renews the lease. If the future fails, the changes may have been made, so the node has to
     * acquire the lease again.
     *
     * @return number of tasks after the changes; empty if another node holds the lease, in which case nothing changed
     */
    Future<Optional<Long>> apply(ShardRef shard, Lease lease, ShardChanges changes, Duration time);

    /**
     * The oldest tasks, at most {@code most}: tasks with a number below {@code bornBefore}, and the oldest of those
     * beyond the limit {@code kept}.
     */
    Future<List<ExpiredTask>> oldest(ShardRef shard, long bornBefore, long kept, int most);

    /**
     * Surveys the engines of a shard.
     *
     * @param heardBeforeMs time in milliseconds since 1970; engine workers and queues without a report since then are
     *     old
     */
    Future<Survey> survey(ShardRef shard, long heardBeforeMs);

    /** Releases the lease. */
    Future<Void> release(ShardRef shard, Lease lease);

    /** Deletes the projection of a shard whose project was deleted. */
    Future<Void> drop(ShardRef shard);
}
