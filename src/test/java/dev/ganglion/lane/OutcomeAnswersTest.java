package dev.ganglion.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.bus.LaneMessage;
import dev.ganglion.bus.LaneMessage.CloseSession;
import dev.ganglion.bus.LaneMessage.InboundFrame;
import dev.ganglion.bus.SessionMessage;
import dev.ganglion.bus.SessionMessage.End;
import dev.ganglion.bus.SessionMessage.FrameApplied;
import dev.ganglion.bus.SessionMessage.Opened;
import dev.ganglion.bus.SessionRef;
import dev.ganglion.protocol.error.CloseCode;
import dev.ganglion.protocol.frame.CommandAck;
import dev.ganglion.protocol.frame.CommandResult;
import dev.ganglion.protocol.frame.EventBatchAck;
import dev.ganglion.protocol.frame.Frame;
import dev.ganglion.protocol.json.Json;
import dev.ganglion.telemetry.BrainMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests which message a session receives for each outcome of the store. */
class OutcomeAnswersTest {
    private static final SessionRef SESSION = new SessionRef("p", "slug", 0, "a", "", "s", "n", null);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final OutcomeAnswers answers = new OutcomeAnswers(new BrainMetrics(registry));

    private static LaneMessage inbound(Frame frame) {
        return new InboundFrame(SESSION, 7, frame, System.nanoTime());
    }

    static Stream<Arguments> endings() {
        return Stream.of(
                Arguments.of(new Outcome.CapReached(false), CloseCode.CAP_REACHED),
                Arguments.of(new Outcome.CapReached(true), CloseCode.HOLDER_SUSPECTED),
                Arguments.of(new Outcome.Revoked(), CloseCode.REVOKED),
                Arguments.of(new Outcome.Fenced(true), CloseCode.DISPLACED),
                Arguments.of(new Outcome.Fenced(false), CloseCode.FENCED),
                Arguments.of(new Outcome.Replayed(), CloseCode.REPLAYED_FRAME));
    }

    @ParameterizedTest
    @MethodSource("endings")
    void endsTheSessionAfterARefusal(Outcome outcome, CloseCode code) {
        assertThat(answers.of(inbound(new CommandAck("f", null)), outcome)).isEqualTo(new End(code));
    }

    @Test
    void opensTheSessionAfterAClaimedSlot() {
        assertThat(answers.of(inbound(new CommandAck("f", null)), new Outcome.Opened(3, null, null, 1)))
                .isEqualTo(new Opened(3));
    }

    @Test
    void acknowledgesAStoredBatchById() {
        SessionMessage answer =
                answers.of(inbound(new CommandAck("batch-1", null)), new Outcome.Stored(5, 4, 1, false));
        assertThat(answer).isInstanceOfSatisfying(FrameApplied.class, taken -> {
            assertThat(taken.seq()).isEqualTo(7);
            assertThat(taken.answer()).isInstanceOfSatisfying(EventBatchAck.class, ack -> {
                assertThat(ack.ackedId()).isEqualTo("batch-1");
                assertThat(ack.received()).isEqualTo(ack.accepted() + ack.rejected());
            });
        });
        assertThat(registry.counter("ganglion.batches.stored", "project", "slug")
                        .count())
                .isEqualTo(1);
    }

    @Test
    void acknowledgesTheResultOfAnUnknownCommand() {
        CommandResult result = new CommandResult("f", "command-1", true, Json.NULL, null, null);
        assertThat(answers.of(
                        inbound(result), new Outcome.CommandHeard("command-1", Outcome.Effect.REFUSED, null, false)))
                .isInstanceOfSatisfying(
                        FrameApplied.class,
                        taken -> assertThat(taken.answer())
                                .isInstanceOfSatisfying(
                                        CommandAck.class,
                                        ack -> assertThat(ack.commandId()).isEqualTo("command-1")));
    }

    @Test
    void answersNothingToOtherFrames() {
        assertThat(answers.of(inbound(new CommandAck("f", null)), new Outcome.Applied()))
                .isEqualTo(new FrameApplied(7, null));
        assertThat(answers.of(new CloseSession(SESSION, "normal"), new Outcome.Closed(true, null, 0)))
                .isNull();
    }
}
