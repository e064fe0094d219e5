package dev.ganglion;

import dev.ganglion.config.EventConfig;
import dev.ganglion.projection.ProjectionTerms;
import dev.ganglion.projection.ProjectorClocks;
import dev.ganglion.projection.engine.HealthVerticle;
import dev.ganglion.projection.failure.EventFingerprint;
import dev.ganglion.projection.lost.LostTaskSweeper;
import dev.ganglion.projection.projector.LostTaskPorts;
import dev.ganglion.projection.projector.ProjectorNode;
import dev.ganglion.projection.projector.ProjectorPorts;
import dev.ganglion.projection.projector.ProjectorVerticle;
import dev.ganglion.projection.rollup.ProjectTotals;
import dev.ganglion.store.RedisStores;
import dev.ganglion.telemetry.ProjectionMetrics;
import dev.ganglion.telemetry.Ticker;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.List;

/**
 * Assembles the projection of stored events. It runs on worker threads, so frames do not wait for it, and yields while
 * frames wait for Redis.
 */
final class BrainProjections {
    /** Part of the heap that tasks in memory may occupy by default. */
    private static final int PART_OF_HEAP = 8;
    /** Largest size of the roll-ups of one project in memory, in bytes. */
    private static final long ROLL_UP_BYTES = 4L << 20;

    private final RedisStores stores;
    private final EventConfig config;
    private final Clock clock;
    private final Ticker ticker;

    BrainProjections(RedisStores stores, EventConfig config, Clock clock, Ticker ticker) {
        this.stores = stores;
        this.config = config;
        this.clock = clock;
        this.ticker = ticker;
    }

    /** Deploys the projection. Completes with the ids of the deployed verticles, in the order of their start. */
    Future<List<String>> deploy(
            Vertx vertx, ProjectorNode node, LostTaskSweeper.Ports lostTasks, ProjectionMetrics metrics) {
        DeploymentOptions workers = new DeploymentOptions().setThreadingModel(ThreadingModel.WORKER);
        ProjectorVerticle projector =
                new ProjectorVerticle(ports(lostTasks), terms(), new ProjectorClocks(clock, ticker), node, metrics);
        return vertx.deployVerticle(new HealthVerticle(stores.health(), clock), workers)
                .compose(health -> vertx.deployVerticle(projector, workers).map(id -> List.of(health, id)));
    }

    private ProjectorPorts ports(LostTaskSweeper.Ports lostTasks) {
        AgentVersions versions = new AgentVersions(stores.agents(), ticker);
        return new ProjectorPorts(
                stores.projections(),
                stores.eventStreams(),
                List.of(place -> new ProjectTotals(ROLL_UP_BYTES, agentId -> versions.of(place, agentId))),
                new EventFingerprint(),
                new LostTaskPorts(lostTasks, stores.tasks()));
    }

    private ProjectionTerms terms() {
        return ProjectionTerms.keeping(
                new ProjectionTerms.Retention(
                        config.retentionAge(), config.retentionTasks(), config.retentionTaskBytes()),
                config.projectionMemory().orElseGet(() -> Runtime.getRuntime().maxMemory() / PART_OF_HEAP));
    }
}
