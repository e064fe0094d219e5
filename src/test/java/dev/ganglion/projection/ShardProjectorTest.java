package dev.ganglion.projection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.bus.ShardRef;
import dev.ganglion.projection.ProjectionStore.Lease;
import dev.ganglion.projection.ProjectionStore.Survey;
import dev.ganglion.telemetry.ProjectionMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tests when a projector acquires and renews the lease of its shard, surveys the shard, and exposes its lag. */
class ShardProjectorTest {
    private static final ShardRef SHARD = new ShardRef("project", 0);
    private static final ProjectionTerms TERMS = ProjectionTerms.keeping(new ProjectionTerms.Retention(Duration.ofDays(1), 1_000, Long.MAX_VALUE), 1 << 20);
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Duration MOMENT = Duration.ofMillis(1);
    private static final Optional<Lease> LEASE = Optional.of(new Lease(1, 0, ProjectionPosition.START, 0, 0));
    private static final ProjectionSlice NOTHING = new ProjectionSlice(List.of(), 0, 0);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Promise<ProjectionSlice> read = Promise.promise();
    private final Map<String, Future<?>> answers = new HashMap<>(Map.of(
            "acquire",
            Future.succeededFuture(LEASE),
            "read",
            read.future(),
            "survey",
            Future.succeededFuture(new Survey(Map.of(), Map.of(), Set.of(), Set.of())),
            "apply",
            Future.succeededFuture(Optional.of(0L)),
            "oldest",
            Future.succeededFuture(List.of()),
            "release",
            Future.succeededFuture()));
    private final List<String> calls = new ArrayList<>();
    private final List<Object> surveyed = new ArrayList<>();
    private long nanos = -5;
    private final ShardProjector projector = new ShardProjector(
            store(),
            new ProjectionStore.Place(SHARD, "slug"),
            TERMS,
            new ProjectorClocks(Clock.fixed(NOW, ZoneOffset.UTC), () -> nanos),
            new ProjectionMetrics(registry),
            new ShardProjector.Host() {
                @Override
                public void tasksChanged() {}

                @Override
                public Future<Void> rest(long turnNanos) {
                    return Future.succeededFuture();
                }
            });

    /** A store that records the calls and returns the prepared answers. */
    private ProjectionStore store() {
        Class<?>[] store = {ProjectionStore.class};
        return (ProjectionStore) Proxy.newProxyInstance(
                ProjectionStore.class.getClassLoader(), store, (self, method, arguments) -> {
                    calls.add(method.getName());
                    if (method.getName().equals("survey")) {
                        surveyed.add(arguments[1]);
                    }
                    return answers.get(method.getName());
                });
    }

    private long count(String call) {
        return Collections.frequency(calls, call);
    }

    private void advance(Duration time) {
        nanos += time.toNanos();
    }

    /** Acquires the lease of a shard without new events, and completes the first survey. */
    private void becomeIdle() {
        read.complete(NOTHING);
        projector.wake();
        calls.clear();
    }

    @Test
    void exposesTheLagOfAShard() {
        projector.wake();
        read.complete(new ProjectionSlice(List.of(), 5, 1_000));
        assertThat(registry.find("ganglion.projection.lag.entries").gauges()).hasSize(1);
    }

    @Test
    void removesTheLagOfAShardThatStopsDuringARead() {
        projector.wake();
        Future<Void> stopped = projector.stop();
        read.complete(new ProjectionSlice(List.of(), 5, 1_000));

        assertThat(stopped.succeeded()).isTrue();
        assertThat(registry.find("ganglion.projection.lag.entries").gauges()).isEmpty();
    }

    @Test
    void triesToAcquireTheLeaseFourTimesPerLease() {
        answers.put("acquire", Future.succeededFuture(Optional.empty()));
        Duration quarter = ProjectionTerms.LEASE.dividedBy(ProjectorSchedule.ATTEMPTS_PER_LEASE);
        projector.wake();
        assertThat(count("acquire")).isEqualTo(1);

        advance(quarter.minus(MOMENT));
        projector.wake();
        assertThat(count("acquire")).isEqualTo(1);

        advance(MOMENT);
        projector.wake();
        assertThat(count("acquire")).isEqualTo(2);
        assertThat(projector.holdsLease()).isFalse();
    }

    @Test
    void renewsTheLeaseOfAnIdleShardAfterAThirdOfItsTime() {
        becomeIdle();
        Duration third = ProjectionTerms.LEASE.dividedBy(ProjectorSchedule.RENEWALS_PER_LEASE);

        advance(third.minus(MOMENT));
        projector.wake();
        assertThat(count("apply")).isZero();

        advance(MOMENT);
        projector.wake();
        projector.wake();
        assertThat(count("apply")).isEqualTo(1);
    }

    @Test
    void acquiresALostLeaseAgainAfterAWhile() {
        becomeIdle();
        answers.put("apply", Future.succeededFuture(Optional.empty()));
        advance(ProjectionTerms.LEASE);
        projector.wake();
        assertThat(projector.holdsLease()).isFalse();

        projector.wake();
        assertThat(count("acquire")).isZero();

        advance(ProjectionTerms.LEASE.dividedBy(ProjectorSchedule.ATTEMPTS_PER_LEASE));
        projector.wake();
        assertThat(count("acquire")).isEqualTo(1);
    }

    @Test
    void surveysAnIdleShardEvery15Seconds() {
        becomeIdle();
        advance(ProjectorSchedule.SURVEY_INTERVAL.minus(MOMENT));
        projector.wake();
        assertThat(count("survey")).isZero();

        advance(MOMENT);
        projector.wake();
        assertThat(count("survey")).isEqualTo(1);
        assertThat(surveyed)
                .as("time of the oldest report that the retention keeps")
                .containsOnly(NOW.minus(TERMS.retention().age()).toEpochMilli());
    }

    @Test
    void releasesTheLeaseWhenItStops() {
        becomeIdle();
        assertThat(projector.stop().succeeded()).isTrue();
        projector.wake();
        assertThat(calls).containsExactly("release");
    }
}
