package dev.ganglion.projection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.bus.ShardRef;
import dev.ganglion.telemetry.ProjectionMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Tests when a projector exposes the lag of its shard. */
class ShardProjectorTest {
    private static final ShardRef SHARD = new ShardRef("project", 0);
    private static final ProjectionTerms TERMS = ProjectionTerms.keeping(Duration.ofDays(1), 1_000);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Promise<ProjectionSlice> read = Promise.promise();
    private final ShardProjector projector = new ShardProjector(
            store(Map.of(
                    "acquire",
                    Future.succeededFuture(
                            Optional.of(new ProjectionStore.Lease(1, 0, ProjectionPosition.START, 0, 0))),
                    "read",
                    read.future(),
                    "release",
                    Future.succeededFuture(),
                    "survey",
                    Promise.promise().future())),
            new ProjectionStore.Place(SHARD, "slug"),
            TERMS,
            new ProjectionMetrics(registry),
            () -> {},
            nanos -> Future.succeededFuture());

    private static ProjectionStore store(Map<String, Future<?>> answers) {
        Class<?>[] store = {ProjectionStore.class};
        return (ProjectionStore) Proxy.newProxyInstance(
                ProjectionStore.class.getClassLoader(),
                store,
                (self, method, arguments) -> answers.get(method.getName()));
    }

    @Test
    void exposesTheLagOfAShard() {
        projector.wake();
        read.complete(new ProjectionSlice(List.of(), 5, 1_000));
        assertThat(registry.find("ganglion.projection.lag.entries").gauges()).hasSize(1);
    }

    @Test
    void removesTheLagOfAShardThatEndsDuringARead() {
        projector.wake();
        Future<Void> ended = projector.end();
        read.complete(new ProjectionSlice(List.of(), 5, 1_000));

        assertThat(ended.succeeded()).isTrue();
        assertThat(registry.find("ganglion.projection.lag.entries").gauges()).isEmpty();
    }
}
