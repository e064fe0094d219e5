package dev.ganglion.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProjectorPaceTest {
    private static final long STEP = Duration.ofMillis(40).toNanos();

    private long now = -5;
    private boolean crowded = true;
    private final ProjectorPace pace = new ProjectorPace(() -> crowded, () -> now);

    @Test
    void nobodyRestsWhileNoFrameWaits() {
        crowded = false;
        assertThat(pace.restMillis(STEP)).isZero();
    }

    @Test
    void aStepIsFollowedByThreeTimesItsTime() {
        assertThat(pace.restMillis(STEP)).isEqualTo(120);
        now += Duration.ofMillis(160).toNanos();
        assertThat(pace.restMillis(STEP)).isEqualTo(120);
    }

    @Test
    void anotherShardRestsBehindTheFirst() {
        assertThat(pace.restMillis(STEP)).isEqualTo(120);
        assertThat(pace.restMillis(STEP)).isEqualTo(240);
    }

    @Test
    void aStepThatTookNoTimeRestsToo() {
        assertThat(pace.restMillis(1)).isEqualTo(1);
    }

    @Test
    void nobodyRestsForOverASecond() {
        assertThat(pace.restMillis(Duration.ofMillis(333).toNanos())).isEqualTo(999);
        now += Duration.ofSeconds(10).toNanos();
        assertThat(pace.restMillis(Duration.ofMillis(334).toNanos())).isEqualTo(1_000);
        assertThat(pace.restMillis(Duration.ofMillis(334).toNanos())).isEqualTo(1_000);
    }
}
