package dev.ganglion.projection.projector;

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
        assertThat(pace.restMillis(STEP, 0)).isZero();
    }

    @Test
    void restsAsLongAsTheStepTook() {
        assertThat(pace.restMillis(STEP, 0)).isEqualTo(40);
        now += Duration.ofMillis(80).toNanos();
        assertThat(pace.restMillis(STEP, 0)).isEqualTo(40);
    }

    @Test
    void restsHalfAsLongWhenItIsFarBehind() {
        assertThat(pace.restMillis(STEP, ProjectorPace.FAR_BEHIND_MS)).isEqualTo(40);
        now += Duration.ofMillis(80).toNanos();
        assertThat(pace.restMillis(STEP, ProjectorPace.FAR_BEHIND_MS + 1)).isEqualTo(20);
    }

    @Test
    void addsTheRestsOfSeveralProjects() {
        assertThat(pace.restMillis(STEP, 0)).isEqualTo(40);
        assertThat(pace.restMillis(STEP, 0)).isEqualTo(80);
    }

    @Test
    void restsAtLeastOneMillisecond() {
        assertThat(pace.restMillis(1, 0)).isEqualTo(1);
    }

    @Test
    void restsAtMostOneSecond() {
        assertThat(pace.restMillis(Duration.ofMillis(999).toNanos(), 0)).isEqualTo(999);
        now += Duration.ofSeconds(10).toNanos();
        assertThat(pace.restMillis(Duration.ofMillis(1_001).toNanos(), 0)).isEqualTo(1_000);
        assertThat(pace.restMillis(Duration.ofMillis(1_001).toNanos(), 0)).isEqualTo(1_000);
    }
}
