package dev.ganglion.projection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Tests how long the projectors of a node rest between two steps. */
class ProjectorPaceTest {
    private static final long STEP = Duration.ofMillis(40).toNanos();

    private long now = -5;
    private boolean crowded = true;
    private final ProjectorPace pace = new ProjectorPace(() -> crowded, () -> now);

    @Test
    void doesNotRestWhileNoFrameWaits() {
        crowded = false;
        assertThat(pace.restMillis(STEP)).isZero();
    }

    @Test
    void restsThreeTimesAsLongAsTheStepTook() {
        assertThat(pace.restMillis(STEP)).isEqualTo(120);
        now += Duration.ofMillis(160).toNanos();
        assertThat(pace.restMillis(STEP)).isEqualTo(120);
    }

    @Test
    void addsTheRestsOfSeveralShards() {
        assertThat(pace.restMillis(STEP)).isEqualTo(120);
        assertThat(pace.restMillis(STEP)).isEqualTo(240);
    }

    @Test
    void restsAtLeastOneMillisecond() {
        assertThat(pace.restMillis(1)).isEqualTo(1);
    }

    @Test
    void restsAtMostOneSecond() {
        assertThat(pace.restMillis(Duration.ofMillis(333).toNanos())).isEqualTo(999);
        now += Duration.ofSeconds(10).toNanos();
        assertThat(pace.restMillis(Duration.ofMillis(334).toNanos())).isEqualTo(1_000);
        assertThat(pace.restMillis(Duration.ofMillis(334).toNanos())).isEqualTo(1_000);
    }
}
