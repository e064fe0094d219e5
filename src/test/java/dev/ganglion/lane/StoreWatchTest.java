package dev.ganglion.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.bus.LocalBus;
import dev.ganglion.telemetry.BrainMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests when a lane considers its store unreachable, and when the watch notifies the lane. */
class StoreWatchTest {
    private final Vertx vertx = Vertx.vertx();
    private final BrainMetrics metrics = new BrainMetrics(new SimpleMeterRegistry());
    private final List<Runnable> timers = new ArrayList<>();
    private int notifications;
    private final StoreWatch watch = new StoreWatch(
            0,
            LocalBus.on(vertx),
            metrics,
            (millis, action) -> {
                timers.add(action);
                return () -> timers.remove(action);
            },
            Duration.ofSeconds(30),
            () -> notifications++);

    @AfterEach
    void close() {
        vertx.close().await();
    }

    @Test
    void doubtsAConnectionAfterAnUnansweredCallUntilAnAnswerArrives() {
        watch.unanswered();
        watch.connected(true);
        assertThat(watch.available()).isFalse();
        assertThat(metrics.lanesWithoutStore()).isEqualTo(1);

        watch.answered(true);
        assertThat(watch.available()).isTrue();
        assertThat(metrics.lanesWithoutStore()).isZero();
    }

    @Test
    void trustsANewConnectionWhileNoMessageWaits() {
        watch.unanswered();
        watch.connected(false);
        assertThat(watch.available()).isTrue();
    }

    @Test
    void notifiesAgainWhileTheStoreStaysUnreachable() {
        watch.disconnected();
        watch.unanswered();
        assertThat(timers).hasSize(1);
        timers.remove(0).run();
        timers.remove(0).run();
        assertThat(notifications).isEqualTo(2);
    }

    @Test
    void doesNotNotifyOnceTheStoreIsReachableAgain() {
        watch.disconnected();
        watch.connected(true);
        assertThat(timers).isEmpty();
        assertThat(watch.available()).isTrue();
    }
}
