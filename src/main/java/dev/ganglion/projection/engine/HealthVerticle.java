package dev.ganglion.projection.engine;

import dev.ganglion.bus.Addresses;
import dev.ganglion.bus.EngineHealthNote;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the engine health that heartbeats report to the store, at most once a second. Nothing waits for these writes,
 * and the next heartbeat repeats a lost report. Deploy it on a worker thread, since details may be long.
 */
public final class HealthVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(HealthVerticle.class);
    private static final long WRITE_MS = 1_000;

    private final HealthStore store;
    private final EngineHealth pending;
    private boolean busy;

    /** Creates a writer that does not listen yet. */
    public HealthVerticle(HealthStore store, Clock clock) {
        this.store = store;
        this.pending = new EngineHealth(clock);
    }

    @Override
    public Future<?> start() {
        vertx.setPeriodic(WRITE_MS, timer -> write());
        return vertx.eventBus()
                .<EngineHealthNote>localConsumer(Addresses.HEALTH, message -> pending.offer(message.body()))
                .completion();
    }

    private void write() {
        if (busy) {
            return; // The number of pending reports is bounded
        }
        List<Future<Void>> written = new ArrayList<>();
        pending.take().forEach((shard, reports) -> written.add(store.store(shard, reports)));
        if (written.isEmpty()) {
            return;
        }
        busy = true;
        Future.join(written)
                .onFailure(failure -> LOG.atDebug()
                        .setCause(failure)
                        .log("Failed to store the engine health of heartbeats; later heartbeats repeat it"))
                .onComplete(done -> busy = false);
    }
}
