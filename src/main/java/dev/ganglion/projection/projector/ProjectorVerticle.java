package dev.ganglion.projection.projector;

import dev.ganglion.bus.Addresses;
import dev.ganglion.bus.NodeMessage;
import dev.ganglion.bus.ProjectorLoad;
import dev.ganglion.bus.ShardRef;
import dev.ganglion.projection.ProjectionEngine.Place;
import dev.ganglion.projection.ProjectionTerms;
import dev.ganglion.projection.ProjectorClocks;
import dev.ganglion.telemetry.ProjectionMetrics;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Projects the projects whose leases this node holds, and tries to acquire free leases, as far as {@link LeaseShare}
 * permits. Deploy it on worker threads: a step parses up to {@link StepLimits#events} events at once.
 *
 * <p>The projectors yield to agents' frames, see {@link ProjectorPace}.
 */
public final class ProjectorVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(ProjectorVerticle.class);
    private static final long LIST_INTERVAL_MS = 3_000;
    private static final long PUBLISH_INTERVAL_MS = 100;
    private static final long RELEASE_LIMIT_MS = 1_000;

    private final ProjectorParts parts;
    private final ProjectorNode node;
    private final ProjectionMetrics metrics;
    private final ProjectorPace pace;
    private final LeaseShare share;
    private final Map<String, ProjectProjector> projects = new HashMap<>();
    private final Set<String> recentlyPublished = new HashSet<>();
    private final Set<String> changedSince = new HashSet<>();
    private long reportedAt;
    private boolean listing;
    private boolean stopped;

    /** Creates a projector that does not run yet. */
    public ProjectorVerticle(
            ProjectorPorts ports,
            ProjectionTerms terms,
            ProjectorClocks clocks,
            ProjectorNode node,
            ProjectionMetrics metrics) {
        this.parts = new ProjectorParts(ports, new TaskMemory(terms.memoryBytes()), StepLimits.USUAL, terms, clocks);
        this.node = node;
        this.metrics = metrics;
        this.pace = new ProjectorPace(node.crowded(), clocks.ticker());
        this.share = new LeaseShare(node.nodes().self(), clocks.ticker());
        this.reportedAt = clocks.ticker().nanos();
    }

    @Override
    public Future<?> start() {
        metrics.memory(parts.memory()::bytes);
        vertx.setPeriodic(parts.terms().poll().toMillis(), timer -> poll());
        vertx.setPeriodic(LIST_INTERVAL_MS, timer -> listProjects());
        vertx.setPeriodic(LeaseShare.REPORT_INTERVAL.toMillis(), timer -> report());
        listProjects();
        Future<Void> stored = vertx.eventBus()
                .<ShardRef>localConsumer(Addresses.EVENTS_STORED, message -> stored(message.body()))
                .completion();
        Future<Void> heard = vertx.eventBus()
                .<ProjectorLoad>localConsumer(Addresses.PROJECTOR_LOAD, message -> heard(message.body()))
                .completion();
        report();
        return Future.join(stored, heard);
    }

    private void poll() {
        boolean drains = node.draining().getAsBoolean();
        share.draining(drains);
        if (drains) {
            handOver();
        }
        projects.values().forEach(ProjectProjector::poll);
    }

    private void stored(ShardRef ref) {
        ProjectProjector project = projects.get(ref.projectId());
        if (project == null) {
            listProjects(); // The project may have just been created
        } else {
            project.eventsStored(ref.shard());
        }
    }

    private void heard(ProjectorLoad load) {
        share.heard(load);
        if (!stopped) {
            load.freed().forEach(id -> {
                ProjectProjector project = projects.get(id);
                if (project != null) {
                    project.leaseFreed();
                }
            });
        }
    }

    private void report() {
        if (!stopped) {
            long now = parts.clocks().ticker().nanos();
            tell(share.report(held(), now - reportedAt));
            reportedAt = now;
            handOver();
            projects.values().forEach(ProjectProjector::forgetWork);
        }
    }

    private void tell(ProjectorLoad load) {
        node.nodes().sendToOthers(new NodeMessage.ProjectorReport(load));
    }

    private List<LeaseShare.Held> held() {
        return projects.values().stream()
                .filter(ProjectProjector::holdsLease)
                .map(ProjectProjector::held)
                .toList();
    }

    /** Hands over the leases that other nodes should hold, and tells the nodes. */
    private void handOver() {
        List<Future<Void>> released = new ArrayList<>();
        Set<String> freed = new HashSet<>();
        for (String id : share.toHandOver(held(), projects.size())) {
            ProjectProjector project = projects.get(id);
            if (project != null) {
                freed.add(id);
                released.add(project.handOver());
            }
        }
        if (!freed.isEmpty()) {
            LOG.atInfo().addKeyValue("projects", freed.size()).log("This node hands over projections to other nodes");
            tellFreed(freed, released);
        }
    }

    private void tellFreed(Set<String> freed, List<Future<Void>> released) {
        Future.join(released).onComplete(done -> {
            tell(share.load(held(), freed));
        });
    }

    private void listProjects() {
        if (listing || stopped) {
            return;
        }
        listing = true;
        parts.engine()
                .places()
                .onSuccess(this::updateProjects)
                .onFailure(
                        failure -> LOG.atDebug().setCause(failure).log("Failed to list the projects; retrying in 3 s"))
                .onComplete(done -> listing = false);
    }

    private void updateProjects(List<Place> places) {
        if (stopped) {
            return;
        }
        Set<String> known = new HashSet<>();
        for (Place place : places) {
            known.add(place.projectId());
            ProjectProjector running = projects.get(place.projectId());
            if (running == null || !running.place().equals(place)) {
                if (running != null) {
                    stop(running);
                }
                ProjectProjector project = new ProjectProjector(parts, place, metrics, host());
                projects.put(place.projectId(), project);
                project.poll();
            }
        }
        List<String> gone =
                projects.keySet().stream().filter(id -> !known.contains(id)).toList();
        gone.forEach(this::dropProject);
    }

    private void stop(ProjectProjector project) {
        project.stop()
                .onFailure(failure -> LOG.atDebug()
                        .setCause(failure)
                        .addKeyValue("project", project.place().projectSlug())
                        .log("Failed to release the lease of a projection; it expires"));
    }

    private TurnHost host() {
        return new TurnHost() {
            @Override
            public void tasksChanged(String projectId) {
                changed(projectId);
            }

            @Override
            public boolean takesLeases() {
                return share.takesAny();
            }

            @Override
            public Duration freeFor() {
                return share.freeFor(held().size(), projects.size());
            }

            @Override
            public long restMillis(long turnNanos, long behindMs) {
                return pace.restMillis(turnNanos, behindMs);
            }

            @Override
            public Future<Void> pause(long millis) {
                if (millis > 0) {
                    return vertx.timer(millis, TimeUnit.MILLISECONDS).mapEmpty();
                }
                Promise<Void> others = Promise.promise(); // Other work of this verticle goes first
                context.runOnContext(others::complete);
                return others.future();
            }
        };
    }

    private void dropProject(String id) {
        ProjectProjector project = projects.remove(id);
        if (project != null) {
            project.stop()
                    .transform(released -> parts.engine().drop(project.place()))
                    .onFailure(failure -> LOG.atWarn()
                            .setCause(failure)
                            .addKeyValue("projectId", id)
                            .log("Failed to delete the projection of a deleted project; its keys remain in the store"));
        }
    }

    private void changed(String projectId) {
        if (recentlyPublished.add(projectId)) {
            node.bus().publish(Addresses.TASK_CHANGED, projectId);
            vertx.setTimer(PUBLISH_INTERVAL_MS, timer -> {
                recentlyPublished.remove(projectId);
                // The project changed again during the interval.
                if (changedSince.remove(projectId)) {
                    changed(projectId);
                }
            });
        } else {
            changedSince.add(projectId);
        }
    }

    /** Releases the leases, so that other nodes can take over at once. */
    @Override
    public Future<?> stop() {
        stopped = true;
        Set<String> freed = new HashSet<>();
        List<Future<Void>> released = new ArrayList<>();
        projects.forEach((id, project) -> {
            if (project.holdsLease()) {
                freed.add(id);
            }
            released.add(project.stop());
        });
        share.draining(true);
        tellFreed(freed, released);
        return Future.join(released)
                .timeout(RELEASE_LIMIT_MS, TimeUnit.MILLISECONDS)
                .otherwiseEmpty();
    }
}
