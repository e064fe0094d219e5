package dev.ganglion.projection;

import dev.ganglion.event.Events;
import dev.ganglion.projection.ProjectionEngine.Place;
import dev.ganglion.projection.run.TaskStore;
import dev.ganglion.testing.projection.MemoryProjections;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Map;

/** Tests the engine in memory, which stands for the store in the tests of projectors. */
class MemoryEngineTest extends ProjectionEngineContract {
    private long now = Events.RECEIVED.toEpochMilli();
    private final MemoryProjections store = new MemoryProjections(() -> now);

    @Override
    protected ProjectionEngine node(String name) {
        return store.node(name);
    }

    @Override
    protected TaskStore reader() {
        return store.reader();
    }

    @Override
    protected Place newPlace(int shards) {
        return new Place("project", "slug", shards);
    }

    @Override
    protected Map<String, Long> counts(Place place) {
        return store.counts(place);
    }

    @Override
    protected void expireLease(Place place) {
        now += Duration.ofHours(1).toMillis();
    }

    @Override
    protected int largestUnit() {
        return 1;
    }

    @Override
    protected <T> T await(Future<T> future) {
        return future.result();
    }
}
