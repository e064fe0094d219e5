package dev.ganglion.projection.projector;

import dev.ganglion.projection.ProjectionChanges;
import dev.ganglion.projection.ProjectionEngine.Lease;
import dev.ganglion.projection.ProjectionEngine.Place;
import dev.ganglion.projection.ProjectionTable;
import dev.ganglion.telemetry.ProjectionMetrics;
import io.vertx.core.Future;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Projects one project while this node holds the project's lease. Reads the streams of all shards of the project. Runs
 * on one context, one turn at a time.
 *
 * <pre>
 *   without lease ──acquired──> projecting ──nothing left──> idle ──woken──> projecting
 *        ^                          │                          │
 *        └──── another node has the lease, or the store failed, or the lease was handed over
 * </pre>
 *
 * <p>A turn makes one step. Turns follow each other without rest while the projector is behind, as far as the frames of
 * agents permit ({@link ProjectorPace}); otherwise {@value #COLLECT_MS} ms lie between them, so that one step serves
 * many batches.
 *
 * <p>When a call to the store fails, its changes may have been made. The projector then drops all that it has in memory
 * and acquires the lease again, which returns the progress of the projection.
 */
final class ProjectProjector {
    /** Shortest time between the beginnings of two steps while all waiting events fit into one, in milliseconds. */
    static final long COLLECT_MS = 100;

    private static final int ANY_SHARD = -1;
    private static final Logger LOG = LoggerFactory.getLogger(ProjectProjector.class);

    private final ProjectorParts parts;
    private final Place place;
    private final ProjectorSchedule schedule;
    private final ProjectionMetrics.Project metrics;
    private final TurnHost host;
    private @Nullable Lease lease;
    /** What is in memory for the lease; null without a lease. */
    private @Nullable LeaseState state;

    private final CatchUp catchUp;
    private final TaskRetention retention;
    private final StepReports reports;
    private Future<Boolean> currentTurn = Future.succeededFuture(false);
    private boolean busy;
    private boolean wokenMeanwhile;
    private boolean stopped;
    private long stepBegan;
    private long workedNanos;

    ProjectProjector(ProjectorParts parts, Place place, ProjectionMetrics metrics, TurnHost host) {
        this.parts = parts;
        this.place = place;
        this.schedule =
                new ProjectorSchedule(parts.clocks().ticker(), parts.terms().lease());
        this.metrics = metrics.project(place.projectSlug(), place.projectId());
        this.host = host;
        this.catchUp = new CatchUp(place.projectSlug(), parts.clocks().ticker());
        this.retention = new TaskRetention(parts, place);
        this.reports = new StepReports(place, this.metrics, host);
        this.stepBegan = nanos() - TimeUnit.MILLISECONDS.toNanos(COLLECT_MS);
    }

    private long nanos() {
        return parts.clocks().ticker().nanos();
    }

    Place place() {
        return place;
    }

    boolean holdsLease() {
        return lease != null;
    }

    private long behindMs() {
        return state == null ? 0 : state.behindMs();
    }

    /** The load of this project since {@link #forgetWork}. */
    LeaseShare.Held held() {
        return new LeaseShare.Held(place.projectId(), behindMs(), workedNanos);
    }

    /** Begins to count the work anew. */
    void forgetWork() {
        workedNanos = 0;
    }

    /** Notes that this node stored events in a shard of the project, and starts a turn if it holds the lease. */
    void eventsStored(int shard) {
        if (state != null) {
            state.notified(shard);
            wake();
        }
    }

    /** Starts a turn, because other nodes may have stored events or other work may be due. */
    void poll() {
        if (state != null) {
            state.notified(ANY_SHARD);
        }
        wake();
    }

    /** Tries to acquire the lease at the next turn, because it was probably released. */
    void leaseFreed() {
        if (lease == null) {
            schedule.attemptNow();
            wake();
        }
    }

    /** Starts a turn. If a turn is running, another turn follows it. */
    private void wake() {
        wokenMeanwhile = true;
        if (busy || stopped) {
            return;
        }
        busy = true;
        long wait = lease == null ? 0 : TimeUnit.MILLISECONDS.toNanos(COLLECT_MS) - (nanos() - stepBegan);
        if (wait > 0) {
            // The last step had room for more events, so this one waits for some to come together.
            pauseThenTurn(TimeUnit.NANOSECONDS.toMillis(wait) + 1);
        } else {
            runTurn();
        }
    }

    private void pauseThenTurn(long millis) {
        host.pause(millis).onComplete(paused -> {
            if (stopped) {
                busy = false;
            } else {
                runTurn();
            }
        });
    }

    private void runTurn() {
        wokenMeanwhile = false;
        long began = nanos();
        Future<Boolean> turn;
        try {
            turn = turn();
        } catch (RuntimeException e) {
            turn = Future.failedFuture(e);
        }
        currentTurn = turn;
        turn.onComplete(done -> {
            long took = nanos() - began;
            workedNanos += took;
            if (done.failed()) {
                LOG.atDebug()
                        .setCause(done.cause())
                        .addKeyValue("project", place.projectSlug())
                        .log("A step of the projection failed; acquiring the lease again");
                loseLease();
            } else if (done.result() && !stopped) {
                pauseThenTurn(host.restMillis(took, behindMs()));
                return;
            }
            busy = false;
            if (wokenMeanwhile) {
                wake();
            }
        });
    }

    /** Stops projecting and releases the lease, so that another node can continue at once. */
    Future<Void> stop() {
        stopped = true;
        return release();
    }

    /** Releases the lease, and leaves it to other nodes for a while. */
    Future<Void> handOver() {
        schedule.postponeAttempt();
        return release();
    }

    private Future<Void> release() {
        Lease held = lease;
        Future<Boolean> running = currentTurn;
        dropState();
        // A call in progress would renew the lease, so the release waits for it.
        return held == null
                ? Future.succeededFuture()
                : running.transform(done -> parts.engine().release(held));
    }

    private void loseLease() {
        dropState();
        schedule.postponeAttempt();
    }

    private void dropState() {
        lease = null;
        if (state != null) {
            state.close();
            state = null;
        }
        metrics.remove();
    }

    /** Runs one turn. Completes with whether another turn should follow at once. */
    private Future<Boolean> turn() {
        Lease held = lease;
        LeaseState memory = state;
        if (held == null || memory == null) {
            return schedule.attemptDue() && host.takesLeases() ? acquire() : Future.succeededFuture(false);
        }
        return memory.fetch().compose(fetched -> {
            if (state != memory) {
                return Future.succeededFuture(false); // The lease was released meanwhile
            }
            if (schedule.surveyDue()) {
                return survey(held, memory);
            }
            if (memory.lostTasks().isDue()) {
                return sweep(held, memory);
            }
            ProjectionStep step = memory.nextStep();
            step.scan();
            measure(memory);
            return step.changesNothing(held) ? idle(held) : project(held, memory, step);
        });
    }

    private void measure(LeaseState memory) {
        metrics.lag(memory.behindMs(), memory.waiting());
        metrics.caughtUp(catchUp.measure(memory.waiting(), memory.behindMs()));
    }

    private Future<Boolean> acquire() {
        schedule.postponeAttempt();
        return parts.engine()
                .acquire(place, parts.terms().lease(), host.freeFor())
                .compose(acquired -> {
                    if (acquired.isEmpty()) {
                        return Future.succeededFuture(false);
                    }
                    LeaseState memory = new LeaseState(parts, acquired.get(), this::runHome);
                    return memory.loadAggregates(parts.engine(), acquired.get())
                            .onFailure(failure -> memory.close())
                            .compose(loaded -> begin(acquired.get(), memory));
                });
    }

    private Future<Boolean> begin(Lease acquired, LeaseState memory) {
        if (stopped) {
            memory.close();
            return parts.engine().release(acquired).map(false);
        }
        lease = acquired;
        state = memory;
        catchUp.begin();
        schedule.acquired();
        log(Level.INFO, "This node now projects the project");
        return Future.succeededFuture(true);
    }

    private void log(Level level, String message) {
        LOG.atLevel(level).addKeyValue("project", place.projectSlug()).log(message);
    }

    private Future<Boolean> project(Lease held, LeaseState memory, ProjectionStep step) {
        stepBegan = nanos();
        return parts.engine()
                .loadTasks(held, step.missing())
                .compose(tasks -> {
                    step.applyTasks(tasks);
                    return step.complete(parts.engine(), held);
                })
                .compose(changes -> {
                    memory.prefetch();
                    return apply(held, changes);
                })
                .compose(applied -> {
                    if (!applied || state != memory) {
                        return Future.succeededFuture(false);
                    }
                    step.keep();
                    reports.report(step);
                    boolean behind = step.isFull() || memory.waiting() > 0;
                    return retention.isDue() ? trim().map(behind) : Future.succeededFuture(behind);
                });
    }

    /** Applies the changes. Completes with false if another node has taken the lease. */
    private Future<Boolean> apply(Lease held, ProjectionChanges changes) {
        return parts.engine().apply(held, changes, parts.terms().lease()).map(applied -> {
            if (applied.isEmpty()) {
                lost();
                return false;
            }
            if (held.equals(lease)) {
                lease = held.after(changes);
            }
            retention.kept(applied.get());
            schedule.renewed();
            return true;
        });
    }

    private void lost() {
        if (lease != null) {
            log(Level.INFO, "Another node now projects the project");
            loseLease();
        }
    }

    private Future<Boolean> idle(Lease held) {
        return schedule.renewalDue()
                ? apply(held, new ProjectionChanges(Map.of())).map(false)
                : Future.succeededFuture(false);
    }

    /**
     * Sets the gauges, lets the aggregates count workers and queues, and deletes workers, queues and tasks that the
     * retention no longer keeps.
     */
    private Future<Boolean> survey(Lease held, LeaseState memory) {
        schedule.surveyed();
        return parts.engine()
                .survey(held, retention.oldestKeptMs())
                .compose(found -> {
                    metrics.engines(found.depths(), found.workersOnline());
                    ProjectionStep step = memory.emptyStep();
                    memory.aggregates()
                            .forEach(aggregate -> aggregate.surveyed(
                                    found, parts.clocks().clock().millis()));
                    return step.complete(parts.engine(), held).compose(changes -> {
                        found.oldWorkers().forEach(key -> changes.remove(ProjectionTable.WORKERS, key));
                        found.oldQueues().forEach(key -> changes.remove(ProjectionTable.QUEUES, key));
                        return apply(held, changes);
                    });
                })
                .compose(applied -> applied ? trim() : Future.succeededFuture(false));
    }

    /** Looks for lost tasks, and stores their marks. Another turn follows. */
    private Future<Boolean> sweep(Lease held, LeaseState memory) {
        ProjectionStep step = memory.emptyStep();
        return memory.lostTasks().sweep(held, parts.engine(), memory).compose(marked -> {
            if (state != memory || marked.isEmpty()) {
                return Future.succeededFuture(state == memory);
            }
            step.put(marked);
            return step.complete(parts.engine(), held)
                    .compose(changes -> apply(held, changes))
                    .onSuccess(applied -> {
                        if (applied && state == memory) {
                            step.keep();
                            reports.report(step);
                        }
                    });
        });
    }

    /** Runs an action on the context of this projector. */
    private void runHome(Runnable action) {
        host.pause(0).onComplete(done -> action.run());
    }

    /** Deletes tasks beyond the limits. Completes with true, or false if another node has taken the lease. */
    private Future<Boolean> trim() {
        Lease held = lease;
        if (held == null) {
            return Future.succeededFuture(false);
        }
        return retention.trim(held).map(trimmed -> {
            if (!trimmed) {
                lost();
            }
            return trimmed;
        });
    }
}
