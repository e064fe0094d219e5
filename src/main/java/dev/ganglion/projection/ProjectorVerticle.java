package dev.ganglion.projection;

import dev.ganglion.bus.Addresses;
import dev.ganglion.bus.LocalBus;
import dev.ganglion.bus.ShardRef;
import dev.ganglion.telemetry.ProjectionMetrics;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Projects the shards whose leases this node holds, and tries to acquire free leases. Deploy it on worker threads: a
 * step parses up to {@link ShardProjector#STEP_EVENTS} events at once.
 *
 * <p>The projectors yield to agents' frames, see {@link ProjectorPace}.
 */
public final class ProjectorVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(ProjectorVerticle.class);
    private static final long LIST_INTERVAL_MS = 3_000;
    private static final long PUBLISH_INTERVAL_MS = 100;
    private static final long RELEASE_LIMIT_MS = 1_000;

    private final ProjectionStore store;
    private final ProjectionTerms terms;
    private final LocalBus bus;
    private final ProjectionMetrics metrics;
    private final ProjectorClocks clocks;
    private final ProjectorPace pace;
    private final Map<ShardRef, ShardProjector> shards = new HashMap<>();
    private final Set<String> recentlyPublished = new HashSet<>();
    private final Set<String> changedSince = new HashSet<>();
    private boolean listing;
    private boolean stopped;

    /**
     * Creates a projector that does not run yet.
     *
     * @param crowded whether frames wait for the store; callable from any thread
     */
    public ProjectorVerticle(
            ProjectionStore store,
            ProjectionTerms terms,
            LocalBus bus,
            ProjectionMetrics metrics,
            ProjectorClocks clocks,
            BooleanSupplier crowded) {
        this.store = store;
        this.terms = terms;
        this.bus = bus;
        this.metrics = metrics;
        this.clocks = clocks;
        this.pace = new ProjectorPace(crowded, clocks.ticker());
    }

    @Override
    public Future<?> start() {
        vertx.setPeriodic(terms.poll().toMillis(), timer -> shards.values().forEach(ShardProjector::wake));
        vertx.setPeriodic(LIST_INTERVAL_MS, timer -> listShards());
        listShards();
        return vertx.eventBus()
                .<ShardRef>localConsumer(Addresses.EVENTS_STORED, message -> stored(message.body()))
                .completion();
    }

    private void stored(ShardRef ref) {
        ShardProjector shard = shards.get(ref);
        if (shard == null) {
            listShards(); // The shard may belong to a project that was just created
        } else if (shard.holdsLease()) {
            shard.wake();
        }
    }

    private void listShards() {
        if (listing || stopped) {
            return;
        }
        listing = true;
        store.places()
                .onSuccess(this::updateShards)
                .onFailure(failure -> LOG.atDebug()
                        .setCause(failure)
                        .log("Failed to list the shards of all projects; retrying in 3 s"))
                .onComplete(done -> listing = false);
    }

    private void updateShards(List<ProjectionStore.Place> places) {
        if (stopped) {
            return;
        }
        Set<ShardRef> known = new HashSet<>();
        for (ProjectionStore.Place place : places) {
            known.add(place.ref());
            if (!shards.containsKey(place.ref())) {
                ShardProjector shard = new ShardProjector(
                        store, place, terms, clocks, metrics, host(place.ref().projectId()));
                shards.put(place.ref(), shard);
                shard.wake();
            }
        }
        List<ShardRef> gone =
                shards.keySet().stream().filter(ref -> !known.contains(ref)).toList();
        gone.forEach(this::dropShard);
    }

    private ShardProjector.Host host(String projectId) {
        return new ShardProjector.Host() {
            @Override
            public void tasksChanged() {
                changed(projectId);
            }

            @Override
            public Future<Void> rest(long turnNanos) {
                long rest = pace.restMillis(turnNanos);
                return rest == 0
                        ? Future.succeededFuture()
                        : vertx.timer(rest, TimeUnit.MILLISECONDS).mapEmpty();
            }
        };
    }

    private void dropShard(ShardRef ref) {
        ShardProjector shard = shards.remove(ref);
        if (shard != null) {
            shard.stop()
                    .transform(released -> store.drop(ref))
                    .onFailure(failure -> LOG.atWarn()
                            .setCause(failure)
                            .addKeyValue("shard", ref)
                            .log("Failed to delete the projection of a deleted project; its keys remain in the store"));
        }
    }

    private void changed(String projectId) {
        if (recentlyPublished.add(projectId)) {
            bus.publish(Addresses.TASK_CHANGED, projectId);
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
        List<Future<Void>> released = new ArrayList<>();
        shards.values().forEach(shard -> released.add(shard.stop()));
        return Future.join(released)
                .timeout(RELEASE_LIMIT_MS, TimeUnit.MILLISECONDS)
                .otherwiseEmpty();
    }
}
