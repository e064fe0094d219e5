package dev.ganglion.projection;

import dev.ganglion.projection.run.Task;
import dev.ganglion.projection.task.SubjectKey;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Stores projections, for the projectors. One node projects a project at a time: the holder of the project's lease.
 * Every change carries its lease and the number of steps before it. A node that lost the lease, or that repeats a step,
 * therefore changes nothing.
 *
 * <p>An engine may keep an index of the projects whose leases this node holds. {@link #acquire} loads the index;
 * {@link #release}, {@link #drop} and a lost lease discard it. A projector makes one call for a lease at a time.
 */
public interface ProjectionEngine {

    /** A project and its number of shards. */
    record Place(String projectId, String projectSlug, int shards) {}

    /**
     * The right to project a project until the lease expires.
     *
     * @param epoch order of this lease among all leases of the project
     * @param step number of steps that the projection has seen
     * @param progress how far each shard is projected; every shard of the place has an entry
     */
    record Lease(Place place, long epoch, long step, Map<Integer, ShardProgress> progress) {
        public Lease {
            progress = Map.copyOf(progress);
        }

        /** The lease after a step was applied. */
        public Lease after(ProjectionChanges changes) {
            Map<Integer, ShardProgress> reached = new HashMap<>(progress);
            reached.putAll(changes.progress());
            return new Lease(place, epoch, step + 1, reached);
        }
    }

    /**
     * The current state of a project's engines.
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

    /** All projects. */
    Future<List<Place>> places();

    /**
     * Acquires the lease if it has been free for {@code freeFor}; empty otherwise. The time counts from the end of the
     * last lease, or from its release. A project that was never projected is free from the first call on. An earlier
     * lease of this node on the project ends with the new one, whatever {@code freeFor} is. A project without a
     * projection starts at {@link ShardProgress#START}.
     *
     * @param time time until the lease expires unless a step renews it
     */
    Future<Optional<Lease>> acquire(Place place, Duration time, Duration freeFor);

    /** Loads the tasks that are known among these. An unknown task costs no access to the store. */
    Future<Map<SubjectKey, Task>> loadTasks(Lease lease, Set<SubjectKey> keys);

    /**
     * Loads the existing records, by table and key.
     *
     * @param wanted keys in the tables of workers, queues and schedules
     */
    Future<Map<ProjectionTable, Map<String, String>>> load(Lease lease, Map<ProjectionTable, Set<String>> wanted);

    /** Loads the stored values among these. */
    Future<Map<BlockField, byte[]>> loadBlocks(Lease lease, Set<BlockField> wanted);

    /**
     * Applies one step and renews the lease. If the future fails, the step may have been applied, so the node has to
     * acquire the lease again. The engine keeps the counters {@link ProjectionCounts#STATE} itself: it knows which
     * tasks it has rows of, and in which state.
     *
     * @return number of tasks that are kept; empty if another node holds the lease, in which case nothing changed
     */
    Future<Optional<Long>> apply(Lease lease, ProjectionChanges changes, Duration time);

    /**
     * Deletes tasks that are too old, too many or too large, oldest first, in units of the engine's choice. Does not
     * count as a step. One call deletes a bounded number of tasks.
     *
     * @param bornBeforeMs the engine may delete tasks that the brain first saw before this time, in milliseconds since
     *     1970
     * @param mostTasks largest number of tasks to keep
     * @param mostBytes largest size of all tasks to keep, in bytes of the store
     * @return number of tasks that are kept; empty if another node holds the lease, in which case nothing changed
     */
    Future<Optional<Long>> trim(Lease lease, long bornBeforeMs, long mostTasks, long mostBytes);

    /**
     * Surveys the engines of a project.
     *
     * @param heardBeforeMs time in milliseconds since 1970; engine workers and queues without a report since then are
     *     old
     */
    Future<Survey> survey(Lease lease, long heardBeforeMs);

    /** Releases the lease, if it is still held. */
    Future<Void> release(Lease lease);

    /** Deletes the projection of a deleted project. */
    Future<Void> drop(Place place);
}
