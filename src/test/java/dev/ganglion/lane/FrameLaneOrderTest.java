package dev.ganglion.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.bus.LaneMessage;
import dev.ganglion.bus.LaneMessage.CloseSession;
import dev.ganglion.bus.LaneMessage.InboundFrame;
import dev.ganglion.bus.SessionRef;
import dev.ganglion.protocol.frame.Heartbeat;
import dev.ganglion.telemetry.Ticker;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests the order in which a lane sends frames to the store, retries them and passes on their answers. */
class FrameLaneOrderTest {
    private static final SessionRef SESSION = new SessionRef("p", "p", 0, "a", "", "s", "n", null);

    private final List<FrameLane.Group> sent = new ArrayList<>();
    private final FrameLane lane = new FrameLane(sent::add, Runnable::run, Ticker.system());
    private final List<Long> answered = new ArrayList<>();

    private void offered(int from, int to) {
        for (int seq = from; seq <= to; seq++) {
            lane.offer(new InboundFrame(SESSION, seq, new Heartbeat("h", null, null, null, Map.of()), 0));
        }
    }

    private void answer(FrameLane.Group group) {
        lane.answered(
                group,
                Collections.nCopies(group.entries().size(), new Outcome.Applied()),
                (message, outcome) -> answered.add(seq(message)));
    }

    private static long seq(LaneMessage message) {
        return ((InboundFrame) message).seq();
    }

    private static List<Long> seqs(FrameLane.Group group) {
        return group.entries().stream().map(entry -> seq(entry.message())).toList();
    }

    @Test
    void sendsWaitingFramesTogetherAndAnswersThemInOrder() {
        offered(1, 7);
        assertThat(sent).hasSize(FrameLane.GROUPS_IN_FLIGHT);

        for (int i = 0; i < sent.size(); i++) {
            answer(sent.get(i));
        }

        assertThat(seqs(sent.get(2))).containsExactly(3L, 4L, 5L, 6L, 7L);
        assertThat(answered).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
    }

    @Test
    void resendsLostFramesInOrderBeforeWaitingOnes() {
        offered(1, 6);
        List<FrameLane.Group> lost = List.copyOf(sent);
        lost.forEach(lane::lost);
        assertThat(sent).as("no frames are sent while the store is unreachable").hasSameSizeAs(lost);

        lane.available(true);

        assertThat(seqs(sent.get(2))).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(sent.get(2).entries().stream().map(LaneCall::retried))
                .containsExactly(true, true, false, false, false, false);
    }

    @Test
    void holdsBackAnAnswerBehindALostGroup() {
        offered(1, 3);
        lane.lost(sent.get(0));
        answer(sent.get(1));
        assertThat(answered).isEmpty();

        lane.available(true);
        answer(sent.get(2));

        assertThat(seqs(sent.get(2))).containsExactly(1L, 2L, 3L);
        assertThat(answered).containsExactly(1L, 2L, 3L);
    }

    @Test
    void reportsAbandonedFramesOnceAndIgnoresLateAnswers() {
        offered(1, 5);
        CloseSession close = new CloseSession(SESSION, "normal");
        lane.offer(close);
        lane.lost(sent.get(0));

        assertThat(lane.giveUp()).extracting(FrameLaneOrderTest::seq).containsExactly(1L, 2L, 3L, 4L, 5L);
        answer(sent.get(1));
        lane.available(true);

        assertThat(answered).isEmpty();
        assertThat(lane.giveUp()).isEmpty();
        assertThat(sent.get(2).entries()).containsExactly(new LaneCall(close, false, 6));
    }
}
