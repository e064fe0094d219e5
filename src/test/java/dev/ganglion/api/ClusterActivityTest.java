package dev.ganglion.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ganglion.bus.NodeBus;
import dev.ganglion.bus.NodeStatistics;
import dev.ganglion.telemetry.BrainMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class ClusterActivityTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private long now;
    private final ClusterActivity activity = new ClusterActivity(
            "me",
            new NodeBus(VERTX, "me", Set::of, message -> {}),
            new BrainMetrics(new SimpleMeterRegistry()),
            Clock.systemUTC(),
            () -> now);

    @AfterAll
    static void close() {
        VERTX.close().await();
    }

    private static NodeStatistics pulse(String node, long startedAt, long events, long quick) {
        List<Long> buckets = new ArrayList<>(Collections.nCopies(13, 0L));
        buckets.set(3, quick); // 5 to 10 ms
        return new NodeStatistics(node, startedAt, Map.of("shop", events), Map.of(), Map.of("shop", 2L), buckets);
    }

    private void onPulse(NodeStatistics pulse, long at) {
        now = at;
        activity.onPulse(pulse);
    }

    private void sample(long at) {
        now = at;
        activity.sample();
    }

    private ClusterActivity.Sample last() {
        return activity.samples().get(activity.samples().size() - 1);
    }

    @Test
    void addsTheRatesOfAllNodes() {
        onPulse(pulse("a", 1, 1_000, 0), 0);
        onPulse(pulse("b", 1, 50, 0), 0);
        onPulse(pulse("a", 1, 1_200, 10), 2 * SECOND);
        onPulse(pulse("b", 1, 150, 10), SECOND);
        sample(2 * SECOND);

        assertThat(last().events().get("shop")).isCloseTo(200, within(0.001));
        assertThat(last().connections()).containsEntry("shop", 4.0);
        assertThat(last().latency().quantileMs(0.5)).isCloseTo(7.5, within(0.001));
        assertThat(last().latency().quantileMs(1)).isCloseTo(10, within(0.001));
    }

    @Test
    void ignoresTheCountsOfANodeBeforeItsRestart() {
        onPulse(pulse("a", 1, 1_000, 5), 0);
        onPulse(pulse("a", 2, 10, 0), 2 * SECOND);
        sample(2 * SECOND);
        assertThat(last().events()).isEmpty();
        assertThat(last().latency().quantileMs(0.5)).isNull();

        onPulse(pulse("a", 2, 30, 0), 4 * SECOND);
        sample(4 * SECOND);
        assertThat(last().events().get("shop")).isCloseTo(10, within(0.001));
    }

    @Test
    void dropsASilentNode() {
        onPulse(pulse("a", 1, 0, 0), 0);
        onPulse(pulse("a", 1, 10, 0), SECOND);
        sample(SECOND);
        assertThat(last().events()).isNotEmpty();
        sample(10 * SECOND);
        assertThat(last().events()).isEmpty();
        assertThat(last().connections()).isEmpty();
    }

    @Test
    void limitsTheNumberOfSamples() {
        for (int i = 0; i < 2 * ClusterActivity.MAX_SAMPLES; i++) {
            sample(i);
        }
        assertThat(activity.samples()).hasSize(ClusterActivity.MAX_SAMPLES);
    }

    @Test
    void ignoresTheBucketsOfAnotherVersion() {
        assertThat(AckLatency.between(List.of(1L, 2L), List.of(3L, 4L)).counts())
                .isEmpty();
    }
}
