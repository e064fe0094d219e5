package dev.ganglion.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadingGateTest {
    private final List<String> done = new ArrayList<>();
    private final ReadingGate gate = new ReadingGate(() -> done.add("pause"), () -> done.add("resume"));

    @Test
    void pausesOnTheFirstReasonAndResumesAfterTheLast() {
        gate.set(PauseReason.OPENING, true);
        gate.set(PauseReason.STORE_UNAVAILABLE, true);
        gate.set(PauseReason.OPENING, true);
        assertThat(gate.open()).isFalse();
        gate.set(PauseReason.OPENING, false);
        assertThat(done).containsExactly("pause");
        gate.set(PauseReason.STORE_UNAVAILABLE, false);
        assertThat(done).containsExactly("pause", "resume");
        assertThat(gate.open()).isTrue();
    }

    @Test
    void ignoresTheRemovalOfAReasonThatDoesNotHold() {
        gate.set(PauseReason.REPEATS, false);
        gate.set(PauseReason.OUTPUT_FULL, true);
        gate.set(PauseReason.REPEATS, false);
        assertThat(gate.holds(PauseReason.OUTPUT_FULL)).isTrue();
        assertThat(gate.holds(PauseReason.REPEATS)).isFalse();
        assertThat(done).containsExactly("pause");
    }

    @Test
    void resumesForGoodDespiteAllReasons() {
        gate.openForGood();
        assertThat(done).isEmpty();
        gate.set(PauseReason.OPENING, true);
        gate.set(PauseReason.FRAMES_IN_FLIGHT, true);
        gate.openForGood();
        gate.openForGood();
        assertThat(done).containsExactly("pause", "resume");
    }
}
