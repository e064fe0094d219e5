package dev.ganglion.store.projection;

import dev.ganglion.projection.ProjectionEngine;
import dev.ganglion.projection.ProjectionEngine.Place;
import dev.ganglion.projection.ProjectionEngineContract;
import dev.ganglion.projection.run.TaskStore;
import dev.ganglion.projection.segment.SegmentLimits;
import dev.ganglion.store.StoreFixture;
import dev.ganglion.store.projection.read.SegmentTasks;
import dev.ganglion.store.redis.HashReader;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.telemetry.Ticker;
import dev.ganglion.testing.redis.RedisExtension;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests the engine in Redis. */
@Timeout(60)
class RedisEngineTest extends ProjectionEngineContract {
    private static final int ROWS = 4;

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private static StoreFixture store;

    @BeforeAll
    static void connect() {
        store = StoreFixture.on(redis.uri());
    }

    @AfterAll
    static void close() {
        store.close();
    }

    @Override
    protected ProjectionEngine node(String name) {
        SegmentLimits limits = new SegmentLimits(ROWS, 1 << 20, Duration.ofHours(1));
        return new RedisProjectionEngine(store.shared, store.projects, name, Clock.systemUTC(), limits);
    }

    @Override
    protected TaskStore reader() {
        return new SegmentTasks(store.shared, Ticker.system());
    }

    @Override
    protected Place newPlace(int shards) {
        return new Place(UUID.randomUUID().toString(), "slug", shards);
    }

    @Override
    protected Map<String, Long> counts(Place place) {
        String key = RedisKeys.Projection.of(place.projectId()).counts();
        Map<String, Long> counts = new TreeMap<>();
        await(new HashReader(store.shared).all(key)).forEach((name, count) -> counts.put(name, Long.parseLong(count)));
        counts.values().removeIf(count -> count == 0);
        return counts;
    }

    @Override
    protected void expireLease(Place place) {
        redis.call("HSET", RedisKeys.Projection.of(place.projectId()).lease(), "until", "0");
    }

    @Override
    protected int largestUnit() {
        return ROWS;
    }

    @Override
    protected <T> T await(Future<T> future) {
        return store.await(future);
    }
}
