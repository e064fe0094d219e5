package dev.ganglion.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.socket.ReadingGate.Reason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadingGateTest {
    private final List<String> done = new ArrayList<>();
    private final ReadingGate gate = new ReadingGate(() -> done.add("pause"), () -> done.add("resume"));

    @Test
    void pausesOnTheFirstReasonAndResumesAfterTheLast() {
        gate.set(Reason.OPENING, true);
        gate.set(Reason.STORE_UNAVAILABLE, true);
        gate.set(Reason.OPENING, true);
        assertThat(gate.open()).isFalse();
        gate.set(Reason.OPENING, false);
        assertThat(done).containsExactly("pause");
        gate.set(Reason.STORE_UNAVAILABLE, false);
        assertThat(done).containsExactly("pause", "resume");
        assertThat(gate.open()).isTrue();
    }

    @Test
    void ignoresTheRemovalOfAReasonThatDoesNotHold() {
        gate.set(Reason.REPEATS, false);
        gate.set(Reason.OUTPUT_FULL, true);
        gate.set(Reason.REPEATS, false);
        assertThat(gate.holds(Reason.OUTPUT_FULL)).isTrue();
        assertThat(gate.holds(Reason.REPEATS)).isFalse();
        assertThat(done).containsExactly("pause");
    }

    @Test
    void resumesForGoodDespiteAllReasons() {
        gate.openForGood();
        assertThat(done).isEmpty();
        gate.set(Reason.OPENING, true);
        gate.set(Reason.FRAMES_IN_FLIGHT, true);
        gate.openForGood();
        gate.openForGood();
        assertThat(done).containsExactly("pause", "resume");
    }
}
