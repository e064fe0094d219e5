package dev.ganglion.projection;

import dev.ganglion.projection.ProjectionStore.Lease;
import dev.ganglion.projection.task.Task;
import dev.ganglion.telemetry.ProjectionMetrics;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Projects one shard while its lease is this node's. One turn at a time; runs on one context.
 *
 * <pre>
 *   without lease ──acquired──> projecting ──nothing left──> idle ──woken, or a look──> projecting
 *        ^                          │                          │
 *        └── fenced, or the store failed (the changes may have been made: the lease says how far it got) ──┘
 * </pre>
 */
final class ShardProjector {
    /** Events of one step: its script holds Redis up for a few milliseconds at the most. */
    static final int STEP_EVENTS = 1_000;
    /** Tasks that one step forgets. */
    static final int STEP_TRIMMED = 500;

    private static final Logger LOG = LoggerFactory.getLogger(ShardProjector.class);
    private static final long SURVEY_MS = 15_000;
    private static final int RENEWALS_PER_LEASE = 3;
    private static final int TRIES_PER_LEASE = 4;

    private final ProjectionStore store;
    private final ProjectionStore.Place place;
    private final ProjectionTerms terms;
    private final ProjectionMetrics.Shard metrics;
    private final Runnable changed;
    private final Pace pace;
    private @Nullable Lease lease;
    /** Behind the lease's position; only of a lease that is held. */
    private @Nullable ProjectionSlice unread;

    private long readAt;

    private Future<Boolean> current = Future.succeededFuture(false);
    private boolean busy;
    private boolean again;
    private boolean ended;
    private boolean skipping;
    private long nextTry = System.nanoTime();
    private long renewAt;
    private long surveyAt;
    private long kept;

    /** When the next of many turns may begin. */
    interface Pace {
        /** Completes then, after a turn that took so long. */
        Future<Void> next(long nanos);
    }

    ShardProjector(
            ProjectionStore store,
            ProjectionStore.Place place,
            ProjectionTerms terms,
            ProjectionMetrics metrics,
            Runnable changed,
            Pace pace) {
        this.store = store;
        this.place = place;
        this.terms = terms;
        this.metrics = metrics.shard(
                place.projectSlug(), place.ref().projectId() + "/" + place.ref().shard());
        this.changed = changed;
        this.pace = pace;
    }

    boolean leading() {
        return lease != null;
    }

    /** There may be something to do. */
    void wake() {
        again = true;
        if (busy || ended) {
            return;
        }
        busy = true;
        again = false;
        long begin = System.nanoTime();
        Future<Boolean> turn;
        try {
            turn = turn();
        } catch (RuntimeException e) {
            turn = Future.failedFuture(e);
        }
        current = turn;
        turn.onComplete(done -> {
            if (done.succeeded() && (done.result() || again)) {
                pace.next(System.nanoTime() - begin).onComplete(now -> {
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
                        .log("a step of the projection failed");
                lost();
            }
        });
    }

    /** Gives the lease up, for another node to go on at once. */
    Future<Void> end() {
        ended = true;
        Lease mine = lease;
        lease = null;
        metrics.clear();
        // What is on its way would renew the lease.
        return mine == null ? Future.succeededFuture() : current.transform(done -> store.release(place.ref(), mine));
    }

    private void lost() {
        lease = null;
        unread = null;
        metrics.clear();
        nextTry = System.nanoTime() + terms.lease().toNanos() / TRIES_PER_LEASE;
    }

    /** Completes with whether there is more to do at once. */
    private Future<Boolean> turn() {
        Lease mine = lease;
        if (mine == null) {
            return System.nanoTime() - nextTry < 0 ? Future.succeededFuture(false) : acquire();
        }
        return next(mine).compose(slice -> {
            if (ended) {
                return Future.succeededFuture(false); // and its gauges are gone already
            }
            metrics.lag(behindMs(slice), slice.waiting());
            return slice.batches().isEmpty() ? idle(mine) : step(mine, slice);
        });
    }

    /** What was read and is not projected yet, else what comes next: one read may be enough for several steps. */
    private Future<ProjectionSlice> next(Lease mine) {
        ProjectionSlice left = unread;
        unread = null;
        return left == null || left.batches().isEmpty()
                ? store.read(place.ref(), mine.position()).onSuccess(read -> readAt = System.nanoTime())
                : Future.succeededFuture(left);
    }

    /** What was read waits on while the steps before it are made, or rested after. */
    private long behindMs(ProjectionSlice slice) {
        return slice.batches().isEmpty()
                ? slice.behindMs()
                : slice.behindMs() + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - readAt);
    }

    private Future<Boolean> acquire() {
        return store.acquire(place.ref(), terms.lease()).map(acquired -> {
            if (acquired.isEmpty() || ended) {
                nextTry = System.nanoTime() + terms.lease().toNanos() / TRIES_PER_LEASE;
                return false;
            }
            lease = acquired.get();
            renewed();
            surveyAt = System.nanoTime();
            LOG.atInfo()
                    .addKeyValue("project", place.projectSlug())
                    .addKeyValue("shard", place.ref().shard())
                    .log("this node projects the shard");
            return true;
        });
    }

    private void renewed() {
        renewAt = System.nanoTime() + terms.lease().toNanos() / RENEWALS_PER_LEASE;
    }

    private Future<Boolean> step(Lease mine, ProjectionSlice slice) {
        ProjectionSlice.Part part = slice.take(mine.position(), mine.reached(), STEP_EVENTS);
        ProjectionStep step = new ProjectionStep(part, mine.birth());
        return store.load(place.ref(), step.wanted())
                .map(step::changes)
                .compose(changes -> apply(mine, changes).map(applied -> {
                    if (applied) {
                        unread = slice.rest(part.end());
                        skipped(part.skipped());
                        for (ProjectionStep.Ended end : step.ended()) {
                            metrics.ended(end.engine(), end.state().label(), end.runtimeMs());
                        }
                        if (!changes.upserts(ProjectionTable.TASKS).isEmpty()) {
                            changed.run();
                        }
                    }
                    return applied;
                }))
                .compose(
                        applied -> applied && kept > terms.retentionTasks() ? trim() : Future.succeededFuture(applied));
    }

    /** Said once for a stretch, however many steps it takes. */
    private void skipped(long bytes) {
        boolean begins = bytes > 0 && !skipping;
        skipping = bytes > 0;
        metrics.skipped(bytes);
        if (begins) {
            LOG.atWarn()
                    .addKeyValue("project", place.projectSlug())
                    .addKeyValue("shard", place.ref().shard())
                    .addKeyValue("bytes", bytes)
                    .log("events were trimmed before they were projected: tasks and counters do not know of them");
        }
    }

    private Future<Boolean> apply(Lease mine, ProjectionChanges changes) {
        return store.apply(place.ref(), mine, changes, terms.lease()).map(applied -> {
            if (applied.isEmpty()) {
                LOG.atInfo()
                        .addKeyValue("project", place.projectSlug())
                        .addKeyValue("shard", place.ref().shard())
                        .log("another node projects the shard");
                lost();
                return false;
            }
            if (!ended) {
                lease = mine.after(changes);
            }
            kept = applied.get();
            renewed();
            return true;
        });
    }

    private Future<Boolean> idle(Lease mine) {
        if (System.nanoTime() - surveyAt >= 0) {
            return survey(mine);
        }
        if (System.nanoTime() - renewAt >= 0) {
            return apply(mine, mine.unchanged()).map(false);
        }
        return Future.succeededFuture(false);
    }

    /** Now and then: gauges, and what nobody told of for too long. */
    private Future<Boolean> survey(Lease mine) {
        long heardBefore = System.currentTimeMillis() - terms.retentionAge().toMillis();
        surveyAt = System.nanoTime() + SURVEY_MS * 1_000_000;
        return store.survey(place.ref(), heardBefore)
                .compose(found -> {
                    metrics.engines(found.depths(), found.workersOnline());
                    ProjectionChanges changes = mine.unchanged();
                    found.oldWorkers().forEach(key -> changes.remove(ProjectionTable.WORKERS, key));
                    found.oldQueues().forEach(key -> changes.remove(ProjectionTable.QUEUES, key));
                    return apply(mine, changes);
                })
                .compose(applied -> applied ? trim() : Future.succeededFuture(false));
    }

    /** Forgets some of the tasks that are too old or too many; completes with whether there may be more to do. */
    private Future<Boolean> trim() {
        Lease mine = lease;
        if (mine == null) {
            return Future.succeededFuture(false);
        }
        long bornBefore = TaskOrder.first(
                Math.max(0, System.currentTimeMillis() - terms.retentionAge().toMillis()));
        return store.oldest(place.ref(), bornBefore, terms.retentionTasks(), STEP_TRIMMED)
                .compose(old -> old.isEmpty()
                        ? Future.succeededFuture(true)
                        : apply(mine, forgetting(mine, old))
                                .compose(applied -> applied && old.size() == STEP_TRIMMED
                                        ? trim()
                                        : Future.succeededFuture(applied)));
    }

    private static ProjectionChanges forgetting(Lease mine, List<ProjectionStore.Old> old) {
        ProjectionChanges changes = mine.unchanged();
        for (ProjectionStore.Old task : old) {
            changes.remove(ProjectionTable.TASKS, task.key());
            Optional<String> record = task.record();
            record.ifPresent(text -> changes.count(
                    ProjectionCounts.STATE + Task.decode(text).state().label(), -1));
        }
        return changes;
    }
}
