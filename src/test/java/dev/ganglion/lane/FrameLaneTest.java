package dev.ganglion.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.bus.LaneMessage;
import dev.ganglion.bus.LaneMessage.CloseSession;
import dev.ganglion.bus.LaneMessage.InboundFrame;
import dev.ganglion.bus.SessionRef;
import dev.ganglion.protocol.frame.CommandAck;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tests how a lane groups its messages into calls of the store, and how it handles lost calls. */
class FrameLaneTest {
    private static final SessionRef SESSION = new SessionRef("p", "slug", 0, "a", "", "s", "n", null);

    private long now;
    private final List<FrameLane.Group> sent = new ArrayList<>();
    private final FrameLane lane = new FrameLane(sent::add, Runnable::run, () -> now);
    private final List<Long> done = new ArrayList<>();

    private static LaneMessage frame(long seq) {
        return new InboundFrame(SESSION, seq, new CommandAck("id", null), 0);
    }

    private void offer(int from, int to) {
        IntStream.range(from, to).forEach(seq -> lane.offer(frame(seq)));
    }

    private void answer(FrameLane.Group group) {
        List<Outcome> outcomes = Collections.nCopies(group.entries().size(), new Outcome.Applied());
        lane.answered(group, outcomes, (message, outcome) -> done.add(seq(message)));
    }

    private static long seq(LaneMessage message) {
        return message instanceof InboundFrame inbound ? inbound.seq() : -1;
    }

    private static List<Long> seqs(FrameLane.Group group) {
        return group.entries().stream().map(entry -> seq(entry.message())).toList();
    }

    @Test
    void sendsAMessageAtOnceWhileTheConnectionIsFree() {
        offer(0, 1);
        assertThat(sent).hasSize(1);
        assertThat(sent.get(0).entries().get(0).retried()).isFalse();
    }

    @Test
    void sendsWaitingMessagesInOneCall() {
        offer(0, FrameLane.GROUPS_IN_FLIGHT + 10);
        assertThat(sent).hasSize(FrameLane.GROUPS_IN_FLIGHT);
        answer(sent.get(0));
        assertThat(sent).hasSize(FrameLane.GROUPS_IN_FLIGHT + 1);
        assertThat(sent.get(FrameLane.GROUPS_IN_FLIGHT).entries()).hasSize(10);
    }

    @Test
    void sendsMessagesOfOneEventLoopTurnInOneCall() {
        List<Runnable> turn = new ArrayList<>();
        FrameLane calm = new FrameLane(sent::add, turn::add, () -> now);
        calm.offer(frame(0));
        calm.offer(frame(1));
        assertThat(sent).isEmpty();
        assertThat(turn).hasSize(1);
        turn.remove(0).run();
        assertThat(sent)
                .singleElement()
                .satisfies(group -> assertThat(seqs(group)).containsExactly(0L, 1L));

        calm.offer(frame(2));
        assertThat(turn).hasSize(1);
        turn.remove(0).run();
        assertThat(seqs(sent.get(1))).containsExactly(2L);
    }

    @Test
    void isCrowdedWhileMessagesWait() {
        offer(0, FrameLane.GROUPS_IN_FLIGHT);
        assertThat(lane.crowded()).isFalse();
        offer(FrameLane.GROUPS_IN_FLIGHT, FrameLane.GROUPS_IN_FLIGHT + 1);
        assertThat(lane.crowded()).isTrue();
        now += FrameLane.CROWDED_NANOS - 1;
        assertThat(lane.crowded()).isTrue();
        now++;
        assertThat(lane.crowded()).isFalse();
    }

    @Test
    void limitsTheMessagesOfACall() {
        offer(0, FrameLane.GROUPS_IN_FLIGHT + FrameLane.GROUP_SIZE + 1);
        answer(sent.get(0));
        assertThat(sent.get(FrameLane.GROUPS_IN_FLIGHT).entries()).hasSize(FrameLane.GROUP_SIZE);
        answer(sent.get(1));
        assertThat(sent.get(FrameLane.GROUPS_IN_FLIGHT + 1).entries()).hasSize(1);
    }

    @Test
    void reportsMessagesOfImpossibleCallsAndSendsTheOthers() {
        List<LaneMessage> refused = new ArrayList<>();
        List<FrameLane.Group> made = new ArrayList<>();
        FrameLane[] one = new FrameLane[1];
        FrameLane odd = new FrameLane(
                group -> {
                    if (seqs(group).contains(-1L)) {
                        refused.addAll(one[0].refused(group));
                    } else {
                        made.add(group);
                    }
                },
                Runnable::run,
                () -> now);
        one[0] = odd;

        for (int i = 0; i <= FrameLane.GROUPS_IN_FLIGHT; i++) {
            odd.offer(new CloseSession(SESSION, "poison"));
        }
        odd.offer(frame(7));

        assertThat(refused).hasSize(FrameLane.GROUPS_IN_FLIGHT + 1);
        assertThat(made)
                .singleElement()
                .satisfies(group -> assertThat(seqs(group)).containsExactly(7L));
        assertThat(odd.depth()).isEqualTo(1);
    }

    @Test
    void passesOutcomesOnInOrder() {
        offer(0, 20);
        for (int i = 0; i < sent.size(); i++) {
            answer(sent.get(i));
        }
        assertThat(done).isSorted().hasSize(20);
        assertThat(lane.depth()).isZero();
    }

    @Test
    void resendsLostMessagesInOrderAndMarksThem() {
        offer(0, FrameLane.GROUPS_IN_FLIGHT + 2);
        List<FrameLane.Group> lost = List.copyOf(sent);
        sent.clear();
        lost.forEach(lane::lost);
        offer(100, 101);
        assertThat(sent).isEmpty();
        assertThat(lane.depth()).isEqualTo(FrameLane.GROUPS_IN_FLIGHT + 3);

        lane.available(true);

        assertThat(sent).hasSize(1);
        assertThat(seqs(sent.get(0))).isSorted().hasSize(FrameLane.GROUPS_IN_FLIGHT + 3);
        assertThat(sent.get(0).entries().stream().filter(LaneCall::retried)).hasSize(FrameLane.GROUPS_IN_FLIGHT);
    }

    @Test
    void sendsNothingNewUntilAllLostGroupsReturned() {
        offer(0, 2);
        List<FrameLane.Group> lost = List.copyOf(sent);
        sent.clear();
        lane.lost(lost.get(0));
        lane.available(true);
        assertThat(sent).isEmpty();
        lane.lost(lost.get(1));
        lane.available(true);
        assertThat(seqs(sent.get(0))).containsExactly(0L, 1L);
    }

    @Test
    void ignoresAnAnswerAfterGivingUp() {
        offer(0, 3);
        assertThat(lane.giveUp()).hasSize(3);
        answer(sent.get(0));
        assertThat(done).isEmpty();
        assertThat(lane.depth()).isZero();
    }

    @Test
    void neverGivesUpCloses() {
        lane.available(false);
        offer(0, 2);
        lane.offer(new CloseSession(SESSION, "normal"));
        offer(2, 3);
        assertThat(lane.giveUp()).extracting(FrameLaneTest::seq).containsExactly(0L, 1L, 2L);
        assertThat(lane.depth()).isEqualTo(1);
        lane.available(true);
        assertThat(sent.get(0).entries().get(0).message()).isInstanceOf(CloseSession.class);
    }
}
