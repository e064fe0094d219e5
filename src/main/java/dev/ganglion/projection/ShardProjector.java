package dev.ganglion.projection;

import dev.ganglion.projection.ProjectionStore.Lease;
import dev.ganglion.projection.task.Task;
import dev.ganglion.telemetry.ProjectionMetrics;
import dev.ganglion.telemetry.Ticker;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Projects one shard while this node holds the shard's lease. Runs on one context, one turn at a time.
 *
 * <pre>
 *   without lease ──acquired──> projecting ──nothing left──> idle ──woken──> projecting
 *        ^                          │                          │
 *        └──── another node has the lease, or the store failed ┘
 * </pre>
 *
 * <p>When a call to the store fails, its changes may have been made. The projector then acquires the lease again, which
 * returns the position that the projection has reached.
 */
final class ShardProjector {
    /** Largest number of events in one step. The script of such a step occupies Redis for a few milliseconds. */
    static final int STEP_EVENTS = 1_000;
    /** Largest number of tasks that one step deletes. */
    static final int STEP_DELETIONS = 500;

    private static final Logger LOG = LoggerFactory.getLogger(ShardProjector.class);

    private final ProjectionStore store;
    private final ProjectionStore.Place place;
    private final ProjectionTerms terms;
    private final Clock clock;
    private final Ticker ticker;
    private final ProjectorSchedule schedule;
    private final ProjectionMetrics.Project metrics;
    private final Host host;
    private @Nullable Lease lease;
    /** Batches that were read behind the lease's position and are not yet projected; null without a lease. */
    private @Nullable ProjectionSlice unread;

    private long readAt;
    private Future<Boolean> currentTurn = Future.succeededFuture(false);
    private boolean busy;
    private boolean wokenMeanwhile;
    private boolean stopped;
    private boolean skipping;
    private long taskCount;

    /** Receives the changes of the projection, and paces its turns. */
    interface Host {
        /** Tasks of the shard's project changed. */
        void tasksChanged();

        /** Completes when the next turn may begin, after a turn that took {@code turnNanos}. */
        Future<Void> rest(long turnNanos);
    }

    ShardProjector(
            ProjectionStore store,
            ProjectionStore.Place place,
            ProjectionTerms terms,
            ProjectorClocks clocks,
            ProjectionMetrics metrics,
            Host host) {
        this.store = store;
        this.place = place;
        this.terms = terms;
        this.clock = clocks.clock();
        this.ticker = clocks.ticker();
        this.schedule = new ProjectorSchedule(clocks.ticker(), terms.lease());
        this.metrics = metrics.project(
                place.projectSlug(), place.ref().projectId() + "/" + place.ref().shard());
        this.host = host;
    }

    boolean holdsLease() {
        return lease != null;
    }

    /**
     * Starts a turn, because events may have arrived or other work may be due. If a turn is running, another turn
     * follows it.
     */
    void wake() {
        wokenMeanwhile = true;
        if (busy || stopped) {
            return;
        }
        busy = true;
        wokenMeanwhile = false;
        long begin = ticker.nanos();
        Future<Boolean> turn;
        try {
            turn = turn();
        } catch (RuntimeException e) {
            turn = Future.failedFuture(e);
        }
        currentTurn = turn;
        turn.onComplete(done -> {
            if (done.succeeded() && (done.result() || wokenMeanwhile)) {
                host.rest(ticker.nanos() - begin).onComplete(rested -> {
                    busy = false;
                    wake();
                });
                return;
            }
            busy = false;
            if (done.failed()) {
                LOG.atDebug()
                        .setCause(done.cause())
                        .addKeyValue("shard", place.ref())
                        .log("A step of the projection failed; acquiring the lease again");
                loseLease();
            }
        });
    }

    /** Stops projecting and releases the lease, so that another node can continue at once. */
    Future<Void> stop() {
        stopped = true;
        Lease held = lease;
        lease = null;
        metrics.remove();
        // A call in progress would renew the lease, so the release waits for it.
        return held == null
                ? Future.succeededFuture()
                : currentTurn.transform(done -> store.release(place.ref(), held));
    }

    private void loseLease() {
        lease = null;
        unread = null;
        metrics.remove();
        schedule.postponeAttempt();
    }

    /** Runs one turn. Completes with whether another turn should follow at once. */
    private Future<Boolean> turn() {
        Lease held = lease;
        if (held == null) {
            return schedule.attemptDue() ? acquire() : Future.succeededFuture(false);
        }
        return nextSlice(held).compose(slice -> {
            if (stopped) {
                return Future.succeededFuture(false); // The gauges are already removed
            }
            metrics.lag(behindMs(slice), slice.waiting());
            return slice.batches().isEmpty() ? idle(held) : project(held, slice);
        });
    }

    /**
     * Returns the batches that were read and are not yet projected. If there are none, reads more. One read may suffice
     * for several steps.
     */
    private Future<ProjectionSlice> nextSlice(Lease held) {
        ProjectionSlice left = unread;
        unread = null;
        return left == null || left.batches().isEmpty()
                ? store.read(place.ref(), held.position()).onSuccess(read -> readAt = ticker.nanos())
                : Future.succeededFuture(left);
    }

    /** The age of the oldest batch, including the time since it was read. */
    private long behindMs(ProjectionSlice slice) {
        return slice.batches().isEmpty()
                ? slice.behindMs()
                : slice.behindMs() + TimeUnit.NANOSECONDS.toMillis(ticker.nanos() - readAt);
    }

    private Future<Boolean> acquire() {
        return store.acquire(place.ref(), terms.lease()).map(acquired -> {
            if (acquired.isEmpty() || stopped) {
                schedule.postponeAttempt();
                return false;
            }
            lease = acquired.get();
            schedule.acquired();
            LOG.atInfo()
                    .addKeyValue("project", place.projectSlug())
                    .addKeyValue("shard", place.ref().shard())
                    .log("This node now projects the shard");
            return true;
        });
    }

    private Future<Boolean> project(Lease held, ProjectionSlice slice) {
        ProjectionSlice.Part part = slice.take(held.position(), held.reached(), STEP_EVENTS);
        ShardStep step = new ShardStep(part, held.birth());
        return store.load(place.ref(), step.requiredRecords())
                .map(step::changes)
                .compose(changes -> apply(held, changes).map(applied -> {
                    if (applied) {
                        unread = slice.behind(part.end());
                        report(part, step, changes);
                    }
                    return applied;
                }))
                .compose(applied ->
                        applied && taskCount > terms.retention().tasks() ? trim() : Future.succeededFuture(applied));
    }

    private void report(ProjectionSlice.Part part, ShardStep step, ShardChanges changes) {
        reportSkipped(part.skipped());
        for (ShardStep.Ended end : step.ended()) {
            metrics.ended(end.engine(), end.state().label(), end.runtimeMs());
        }
        if (!changes.upserts(ProjectionTable.TASKS).isEmpty()) {
            host.tasksChanged();
        }
    }

    /** Counts skipped bytes. Logs only the first of consecutive steps that skip some. */
    private void reportSkipped(long bytes) {
        boolean begins = bytes > 0 && !skipping;
        skipping = bytes > 0;
        metrics.skipped(bytes);
        if (begins) {
            LOG.atWarn()
                    .addKeyValue("project", place.projectSlug())
                    .addKeyValue("shard", place.ref().shard())
                    .addKeyValue("bytes", bytes)
                    .log("The retention deleted events before they were projected; tasks and counters lack them");
        }
    }

    /** Applies the changes. Completes with false if another node has taken the lease. */
    private Future<Boolean> apply(Lease held, ShardChanges changes) {
        return store.apply(place.ref(), held, changes, terms.lease()).map(applied -> {
            if (applied.isEmpty()) {
                LOG.atInfo()
                        .addKeyValue("project", place.projectSlug())
                        .addKeyValue("shard", place.ref().shard())
                        .log("Another node now projects the shard");
                loseLease();
                return false;
            }
            if (!stopped) {
                lease = held.after(changes);
            }
            taskCount = applied.get();
            schedule.renewed();
            return true;
        });
    }

    private Future<Boolean> idle(Lease held) {
        if (schedule.surveyDue()) {
            return survey(held);
        }
        return schedule.renewalDue() ? apply(held, held.unchanged()).map(false) : Future.succeededFuture(false);
    }

    /** Sets the gauges, and deletes workers, queues and tasks that the retention no longer keeps. */
    private Future<Boolean> survey(Lease held) {
        schedule.surveyed();
        return store.survey(place.ref(), oldestKeptMs())
                .compose(found -> {
                    metrics.engines(found.depths(), found.workersOnline());
                    ShardChanges changes = held.unchanged();
                    found.oldWorkers().forEach(key -> changes.remove(ProjectionTable.WORKERS, key));
                    found.oldQueues().forEach(key -> changes.remove(ProjectionTable.QUEUES, key));
                    return apply(held, changes);
                })
                .compose(applied -> applied ? trim() : Future.succeededFuture(false));
    }

    private long oldestKeptMs() {
        return clock.millis() - terms.retention().age().toMillis();
    }

    /** Deletes tasks that are too old or too many. Completes with whether there may be more to do. */
    private Future<Boolean> trim() {
        Lease held = lease;
        if (held == null) {
            return Future.succeededFuture(false);
        }
        long bornBefore = TaskOrder.first(Math.max(0, oldestKeptMs()));
        return store.oldest(place.ref(), bornBefore, terms.retention().tasks(), STEP_DELETIONS)
                .compose(old -> old.isEmpty()
                        ? Future.succeededFuture(true)
                        : apply(held, deletion(held, old))
                                .compose(applied -> applied && old.size() == STEP_DELETIONS
                                        ? trim()
                                        : Future.succeededFuture(applied)));
    }

    private static ShardChanges deletion(Lease held, List<ProjectionStore.ExpiredTask> old) {
        ShardChanges changes = held.unchanged();
        for (ProjectionStore.ExpiredTask task : old) {
            changes.remove(ProjectionTable.TASKS, task.key());
            Optional<String> record = task.record();
            record.ifPresent(text -> changes.count(
                    ProjectionCounts.STATE + Task.decode(text).state().label(), -1));
        }
        return changes;
    }
}
