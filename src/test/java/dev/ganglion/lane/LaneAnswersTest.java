package dev.ganglion.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganglion.bus.Addresses;
import dev.ganglion.bus.LaneMessage;
import dev.ganglion.bus.LaneMessage.CloseSession;
import dev.ganglion.bus.LaneMessage.DeliverCommands;
import dev.ganglion.bus.LaneMessage.InboundFrame;
import dev.ganglion.bus.LaneMessage.OpenSession;
import dev.ganglion.bus.LocalBus;
import dev.ganglion.bus.NodeBus;
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
import dev.ganglion.store.Given;
import dev.ganglion.telemetry.BrainMetrics;
import dev.ganglion.telemetry.Ticker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests which message a session receives for each outcome of the store, and which messages return to the lane. */
class LaneAnswersTest {
    private static final SessionRef SESSION = new SessionRef("p", "slug", 0, "a", "", "s", "n", null);
    private static final OpenSession OPEN = Given.open(SESSION);

    private final Vertx vertx = Vertx.vertx();
    private final LocalBus bus = LocalBus.on(vertx);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final List<LaneMessage> returned = new ArrayList<>();
    private final List<Runnable> timers = new ArrayList<>();
    private final BlockingQueue<SessionMessage> received = new LinkedBlockingQueue<>();
    private final LaneAnswers answers = new LaneAnswers(
            bus,
            new NodeBus(vertx, "n", Set::of, message -> {}),
            new BrainMetrics(registry),
            (millis, action) -> {
                timers.add(action);
                return () -> timers.remove(action);
            },
            returned::add,
            Ticker.system());

    @BeforeEach
    void listenAsTheSession() {
        vertx.eventBus().<SessionMessage>localConsumer(SESSION.address(), message -> received.add(message.body()));
    }

    @AfterEach
    void close() {
        vertx.close().await();
    }

    private SessionMessage answer(LaneMessage message, Outcome outcome) throws InterruptedException {
        answers.answer(message, outcome);
        return received.poll(20, TimeUnit.SECONDS);
    }

    private static InboundFrame inbound(Frame frame) {
        return new InboundFrame(SESSION, 7, frame, System.nanoTime());
    }

    static Stream<Arguments> endings() {
        InboundFrame frame = inbound(new CommandAck("f", null));
        return Stream.of(
                Arguments.of(OPEN, new Outcome.CapReached(false), CloseCode.CAP_REACHED),
                Arguments.of(OPEN, new Outcome.CapReached(true), CloseCode.HOLDER_SUSPECTED),
                Arguments.of(OPEN, new Outcome.Revoked(true), CloseCode.REVOKED),
                Arguments.of(OPEN, new Outcome.Revoked(false), CloseCode.STORE_UNAVAILABLE),
                Arguments.of(OPEN, new Outcome.Fenced(true), CloseCode.DISPLACED),
                Arguments.of(frame, new Outcome.Fenced(true), CloseCode.DISPLACED),
                Arguments.of(frame, new Outcome.Fenced(false), CloseCode.FENCED),
                Arguments.of(frame, new Outcome.Replayed(), CloseCode.REPLAYED_FRAME));
    }

    @ParameterizedTest
    @MethodSource("endings")
    void endsTheSessionAfterARefusal(LaneMessage message, Outcome outcome, CloseCode code) throws InterruptedException {
        assertThat(answer(message, outcome)).isEqualTo(new End(code));
    }

    @Test
    void opensTheSessionAndDeliversItsCommandsAfterAClaimedSlot() throws InterruptedException {
        assertThat(answer(OPEN, new Outcome.Opened(3, null, null, 1))).isEqualTo(new Opened(3));
        assertThat(returned).containsExactly(new DeliverCommands("p", 0, "a"));
    }

    @Test
    void acknowledgesAStoredBatchById() throws InterruptedException {
        SessionMessage answer =
                answer(Given.batch(SESSION, 7, "batch-1", Given.id()), new Outcome.Stored(5, 4, 1, false));
        assertThat(answer).isInstanceOfSatisfying(FrameApplied.class, applied -> {
            assertThat(applied.seq()).isEqualTo(7);
            assertThat(applied.answer()).isInstanceOfSatisfying(EventBatchAck.class, ack -> {
                assertThat(ack.ackedId()).isEqualTo("batch-1");
                assertThat(ack.received()).isEqualTo(ack.accepted() + ack.rejected());
            });
        });
        assertThat(registry.counter("ganglion.batches.stored", "project", "slug")
                        .count())
                .isEqualTo(1);
    }

    @Test
    void acknowledgesTheResultOfAnUnknownCommand() throws InterruptedException {
        CommandResult result = new CommandResult("f", "command-1", true, Json.NULL, null, null);
        assertThat(answer(
                        inbound(result),
                        new Outcome.ResultReported("command-1", Outcome.Effect.REFUSED, null, true, false)))
                .isInstanceOfSatisfying(
                        FrameApplied.class,
                        applied -> assertThat(applied.answer())
                                .isInstanceOfSatisfying(
                                        CommandAck.class,
                                        ack -> assertThat(ack.commandId()).isEqualTo("command-1")));
    }

    @Test
    void answersNothingToOtherFramesAndToCloses() throws InterruptedException {
        answers.answer(new CloseSession(SESSION, "normal"), new Outcome.Closed(true, null, 0));
        assertThat(answer(inbound(new CommandAck("f", null)), new Outcome.Applied()))
                .isEqualTo(new FrameApplied(7, null));
    }

    @Test
    void asksOnceForWaitingCommandsUntilTheStoreAnswers() {
        DeliverCommands waiting = DeliverCommands.waitingOnly("p", 0, "a");
        Outcome room = new Outcome.CommandAcknowledged("c", Outcome.Effect.TOOK_EFFECT, true);
        answers.answer(inbound(new CommandAck("f", "c")), room);
        answers.answer(inbound(new CommandAck("g", "c")), room);
        assertThat(returned).containsExactly(waiting);

        answers.answer(waiting, new Outcome.Claimed(List.of(), List.of(), List.of(), List.of()));
        answers.answer(inbound(new CommandAck("h", "c")), room);

        assertThat(returned).containsExactly(waiting, waiting);
    }

    @Test
    void looksAgainForCommandsThatOtherNodesHold() {
        DeliverCommands all = new DeliverCommands("p", 0, "a");
        Outcome elsewhere = new Outcome.Claimed(List.of(), List.of(), List.of("other"), List.of());
        answers.answer(all, elsewhere);
        answers.answer(all, elsewhere);
        assertThat(timers).hasSize(1);

        timers.remove(0).run();

        assertThat(returned).containsExactly(all);
    }

    @Test
    void reportsStoredEventsOfAShardOnceForManyBatches() throws InterruptedException {
        BlockingQueue<Object> notices = new LinkedBlockingQueue<>();
        vertx.eventBus().localConsumer(Addresses.EVENTS_STORED, message -> notices.add(message.body()));
        for (int seq = 1; seq <= 3; seq++) {
            answers.answer(Given.batch(SESSION, seq, Given.id(), Given.id()), new Outcome.Stored(1, 1, 0, false));
        }
        assertThat(timers).hasSize(1);

        timers.remove(0).run();

        assertThat(notices.poll(20, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void rejectsAnOutcomeThatItsMessageCannotHave() {
        assertThatThrownBy(() -> answers.answer(OPEN, new Outcome.Applied())).isInstanceOf(IllegalStateException.class);
    }
}
