package dev.ganglion.event;

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
 * Makes the projections of the shards whose leases this node has, and tries to have those that nobody has. Deploy it
 * on worker threads: a step parses up to {@link ShardProjector#STEP_EVENTS} events at once.
 *
 * <p>It gives way to what agents wait for, see {@link ProjectorPace}.
 */
public final class ProjectorVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(ProjectorVerticle.class);
    private static final long PLACES_MS = 3_000;
    private static final long TELL_MS = 100;
    private static final long RELEASE_MS = 1_000;

    private final ProjectionStore store;
    private final ProjectionTerms terms;
    private final LocalBus bus;
    private final ProjectionMetrics metrics;
    private final ProjectorPace pace;
    private final Map<ShardRef, ShardProjector> shards = new HashMap<>();
    private final Set<String> told = new HashSet<>();
    private final Set<String> late = new HashSet<>();
    private boolean looking;
    private boolean ended;

    /** A projector that does not yet work; {@code crowded} says whether frames wait for the store, on any thread. */
    public ProjectorVerticle(
            ProjectionStore store,
            ProjectionTerms terms,
            LocalBus bus,
            ProjectionMetrics metrics,
            BooleanSupplier crowded) {
        this.store = store;
        this.terms = terms;
        this.bus = bus;
        this.metrics = metrics;
        this.pace = new ProjectorPace(crowded, System::nanoTime);
    }

    @Override
    public Future<?> start() {
        vertx.setPeriodic(terms.poll().toMillis(), timer -> shards.values().forEach(ShardProjector::wake));
        vertx.setPeriodic(PLACES_MS, timer -> look());
        look();
        return vertx.eventBus()
                .<ShardRef>localConsumer(Addresses.EVENTS_STORED, message -> stored(message.body()))
                .completion();
    }

    private void stored(ShardRef ref) {
        ShardProjector shard = shards.get(ref);
        if (shard == null) {
            look(); // of a project that was made a moment ago
        } else if (shard.leading()) {
            shard.wake();
        }
    }

    private void look() {
        if (looking || ended) {
            return;
        }
        looking = true;
        store.places()
                .onSuccess(this::follow)
                .onFailure(failure -> LOG.atDebug().setCause(failure).log("the projects could not be listed"))
                .onComplete(done -> looking = false);
    }

    private void follow(List<ProjectionStore.Place> places) {
        if (ended) {
            return;
        }
        Set<ShardRef> known = new HashSet<>();
        for (ProjectionStore.Place place : places) {
            known.add(place.ref());
            if (!shards.containsKey(place.ref())) {
                ShardProjector shard = new ShardProjector(
                        store, place, terms, metrics, () -> changed(place.ref().projectId()), this::next);
                shards.put(place.ref(), shard);
                shard.wake();
            }
        }
        List<ShardRef> gone =
                shards.keySet().stream().filter(ref -> !known.contains(ref)).toList();
        gone.forEach(this::forget);
    }

    private Future<Void> next(long turnNanos) {
        long rest = pace.restMillis(turnNanos);
        return rest == 0
                ? Future.succeededFuture()
                : vertx.timer(rest, TimeUnit.MILLISECONDS).mapEmpty();
    }

    private void forget(ShardRef ref) {
        ShardProjector shard = shards.remove(ref);
        if (shard != null) {
            shard.end()
                    .transform(released -> store.drop(ref))
                    .onFailure(failure -> LOG.atWarn()
                            .setCause(failure)
                            .addKeyValue("shard", ref)
                            .log("a projection stays behind"));
        }
    }

    private void changed(String projectId) {
        if (told.add(projectId)) {
            bus.publish(Addresses.TASK_CHANGED, projectId);
            vertx.setTimer(TELL_MS, timer -> {
                told.remove(projectId);
                // What changed meanwhile was not told.
                if (late.remove(projectId)) {
                    changed(projectId);
                }
            });
        } else {
            late.add(projectId);
        }
    }

    /** Gives its leases up, for other nodes to go on at once. */
    @Override
    public Future<?> stop() {
        ended = true;
        List<Future<Void>> released = new ArrayList<>();
        shards.values().forEach(shard -> released.add(shard.end()));
        return Future.join(released).timeout(RELEASE_MS, TimeUnit.MILLISECONDS).otherwiseEmpty();
    }
}
