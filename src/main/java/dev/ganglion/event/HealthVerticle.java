package dev.ganglion.event;

import dev.ganglion.bus.Addresses;
import dev.ganglion.bus.HealthNote;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what heartbeats tell of engines, a few times a minute. Nothing waits for it, and what is lost comes with the
 * next heartbeat. Deploy it on a worker thread: details may be long.
 */
public final class HealthVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(HealthVerticle.class);
    private static final long WRITE_MS = 1_000;

    private final HealthStore store;
    private final HealthDesk desk = new HealthDesk();
    private boolean busy;

    /** A writer that does not yet listen. */
    public HealthVerticle(HealthStore store) {
        this.store = store;
    }

    @Override
    public Future<?> start() {
        vertx.setPeriodic(WRITE_MS, timer -> write());
        return vertx.eventBus()
                .<HealthNote>localConsumer(Addresses.HEALTH, message -> desk.offer(message.body()))
                .completion();
    }

    private void write() {
        if (busy) {
            return; // what waits is bounded
        }
        List<Future<Void>> written = new ArrayList<>();
        desk.take().forEach((shard, told) -> written.add(store.tell(shard, told)));
        if (written.isEmpty()) {
            return;
        }
        busy = true;
        Future.join(written)
                .onFailure(failure -> LOG.atDebug().setCause(failure).log("what heartbeats told could not be kept"))
                .onComplete(done -> busy = false);
    }
}
