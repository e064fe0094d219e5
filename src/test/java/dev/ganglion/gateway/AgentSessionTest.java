package dev.ganglion.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.bus.JournalNote;
import dev.ganglion.bus.LaneMessage;
import dev.ganglion.bus.LaneMessage.CloseSession;
import dev.ganglion.bus.LaneMessage.InboundFrame;
import dev.ganglion.bus.LaneMessage.OpenSession;
import dev.ganglion.bus.SessionMessage.End;
import dev.ganglion.bus.SessionMessage.FrameApplied;
import dev.ganglion.bus.SessionMessage.HoldBack;
import dev.ganglion.bus.SessionMessage.Opened;
import dev.ganglion.protocol.FrameReader;
import dev.ganglion.protocol.FrameSigner;
import dev.ganglion.protocol.HmacEncoding;
import dev.ganglion.protocol.ProjectKey;
import dev.ganglion.protocol.SessionBinding;
import dev.ganglion.protocol.error.CloseCode;
import dev.ganglion.protocol.frame.EventBatchAck;
import dev.ganglion.protocol.frame.Frame;
import dev.ganglion.protocol.frame.Heartbeat;
import dev.ganglion.telemetry.BrainMetrics;
import dev.ganglion.telemetry.Ticker;
import dev.ganglion.testing.wire.WireFrames;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AgentSessionTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final int FRAMES_IN_FLIGHT = 3;

    /** Records the actions of the session in order: {@code write}, {@code close} and {@code lane}. */
    private static final class Recorded implements SessionEffects {
        private final List<String> all = new ArrayList<>();
        private final List<LaneMessage> lane = new ArrayList<>();
        private final List<Runnable> later = new ArrayList<>();
        private final List<JournalNote> notes = new ArrayList<>();
        private final List<JsonObject> written = new ArrayList<>();

        @Override
        public void write(byte[] utf8) {
            JsonObject frame = new JsonObject(new String(utf8, UTF_8));
            written.add(frame);
            all.add(frame.getString("type"));
        }

        @Override
        public void close(CloseCode code) {
            all.add(code.name());
        }

        @Override
        public void toLane(LaneMessage message) {
            lane.add(message);
            all.add(message.getClass().getSimpleName());
        }

        @Override
        public void later(int millis, Runnable work) {
            all.add("later " + millis);
            later.add(work);
        }

        @Override
        public void recordInJournal(JournalNote note) {
            notes.add(note);
        }

        @Override
        public void batchRepeated(int pauseMs, boolean loops) {
            all.add("repeated");
        }
    }

    private final Recorded effects = new Recorded();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final FrameReader reader = new FrameReader(1 << 20);
    private final FrameSigner agent =
            new FrameSigner(new ProjectKey(new byte[32]), new SessionBinding("agent", "project", "session"));
    private final AgentSession session = new AgentSession(
            new SessionTerms(
                    new SessionTerms.Identity("project", "slug", 0, "agent", 64, "session", "node"),
                    new SessionTerms.Limits("1", 10, 1 << 20, FRAMES_IN_FLIGHT),
                    new ProjectKey(new byte[32]),
                    HmacEncoding.BASE64,
                    "192.0.2.1"),
            effects,
            new BrainMetrics(registry),
            Clock.fixed(NOW, ZoneOffset.UTC),
            Ticker.system());

    private void receive(byte[] message) {
        session.onMessage(reader, message, message.length);
    }

    private void receive(JsonObject frame) {
        receive(frame.toBuffer().getBytes());
    }

    private void receiveSigned(Frame frame) {
        receive(agent.sign(frame, HmacEncoding.BASE64, NOW));
    }

    private void goOnline() {
        receive(WireFrames.hello());
        session.onBusMessage(new Opened(1));
        effects.all.clear();
    }

    private static Heartbeat heartbeat() {
        return new Heartbeat("beat", null, null, null, Map.of());
    }

    @Test
    void claimsTheSlotOnHelloAndAcknowledgesItOnceClaimed() {
        receive(WireFrames.helloOf("w"));
        assertThat(session.opening()).isTrue();
        assertThat(effects.lane).singleElement().isInstanceOfSatisfying(OpenSession.class, open -> {
            assertThat(open.session().workerId()).isEqualTo("w");
            assertThat(open.connectionCap()).isEqualTo(64);
            assertThat(open.connectedAt()).isEqualTo(NOW);
        });
        assertThat(effects.written).isEmpty();

        session.onBusMessage(new Opened(1));

        assertThat(effects.all).containsExactly("OpenSession", "hello_ack");
        assertThat(effects.written.get(0).containsKey("hmac")).isFalse();
    }

    @Test
    void sendsOnlyTheCloseBeforeTheHelloAck() {
        receive(WireFrames.hello());
        session.onBusMessage(new End(CloseCode.CAP_REACHED));
        assertThat(effects.all).containsExactly("OpenSession", "CAP_REACHED");
        session.onBusMessage(new Opened(1));
        assertThat(effects.written).isEmpty();
    }

    @Test
    void endsTheHandshakeOnAMalformedFirstMessage() {
        receive("{".getBytes(UTF_8));
        assertThat(effects.all).containsExactly("MALFORMED_HANDSHAKE");
        assertThat(session.ended()).isTrue();
    }

    @Test
    void ignoresTheHelloDeadlineAfterTheHello() {
        receive(WireFrames.hello());
        session.onHelloDeadline();
        assertThat(session.ended()).isFalse();
    }

    @Test
    void sendsOneErrorFrameAndNothingAfterAFatalError() {
        goOnline();
        receive("{}".getBytes(UTF_8));
        session.end(CloseCode.REVOKED);
        receiveSigned(heartbeat());
        session.onBusMessage(new FrameApplied(1, new EventBatchAck("f", "b", 1, 1, 0)));
        session.onOversize();
        assertThat(effects.all).containsExactly("error", "MALFORMED_FRAME");
        JsonObject error = effects.written.get(1);
        assertThat(error.getString("hmac")).hasSize(44);
        assertThat(error.getJsonObject("payload").getBoolean("fatal")).isTrue();
    }

    @Test
    void sendsNoErrorFrameWhenTheNodeShutsDown() {
        goOnline();
        session.end(CloseCode.GOING_AWAY);
        assertThat(effects.all).containsExactly("GOING_AWAY");
    }

    @Test
    void forwardsFramesToTheLaneUpToTheLimitInFlight() {
        goOnline();
        for (int i = 0; i < FRAMES_IN_FLIGHT; i++) {
            assertThat(session.full()).isFalse();
            receiveSigned(heartbeat());
        }
        assertThat(session.full()).isTrue();
        assertThat(effects.lane.get(1))
                .isInstanceOfSatisfying(
                        InboundFrame.class, frame -> assertThat(frame.seq()).isEqualTo(1));
        session.onBusMessage(new FrameApplied(1, null));
        assertThat(session.full()).isFalse();
    }

    @Test
    void answersARepeatedBatchWithoutTheLane() {
        goOnline();
        JsonObject first = batch();
        receive(first);
        session.onBusMessage(new FrameApplied(1, new EventBatchAck("f", "b", 1, 1, 0)));
        effects.all.clear();
        receive(batch());
        assertThat(effects.all).containsExactly("event_batch_ack", "repeated");
        assertThat(effects.written.get(2).getJsonObject("payload").getString("acked_id"))
                .isEqualTo("b");
    }

    @Test
    void answersAStaleRepeatOfADurableBatchOnceAndEndsNoSession() {
        goOnline();
        receive(batch());
        session.onBusMessage(new FrameApplied(1, new EventBatchAck("f", "b", 1, 1, 0)));
        effects.all.clear();
        JsonObject stale = batch(NOW.minus(Duration.ofMinutes(5)));
        receive(stale);
        assertThat(effects.all).containsExactly("event_batch_ack", "repeated");
        effects.all.clear();
        receive(stale);
        assertThat(effects.all).containsExactly("error", "STALE_TIMESTAMP");
    }

    @Test
    void endsTheSessionOnAStaleBatchThatIsNotDurable() {
        goOnline();
        receive(batch());
        effects.all.clear();
        receive(batch(NOW.minus(Duration.ofSeconds(61))));
        assertThat(effects.all).containsExactly("error", "STALE_TIMESTAMP");
    }

    @Test
    void endsTheSessionOnAForgedStaleRepeat() {
        goOnline();
        receive(batch());
        session.onBusMessage(new FrameApplied(1, new EventBatchAck("f", "b", 1, 1, 0)));
        effects.all.clear();
        JsonObject forged = batch(NOW.minus(Duration.ofSeconds(61)));
        receive(forged.put("seq", forged.getLong("seq") + 1));
        assertThat(effects.all).containsExactly("error", "INVALID_SIGNATURE");
    }

    @Test
    void endsTheSessionOnARepeatFromTheFuture() {
        goOnline();
        receive(batch());
        session.onBusMessage(new FrameApplied(1, new EventBatchAck("f", "b", 1, 1, 0)));
        effects.all.clear();
        receive(batch(NOW.plus(Duration.ofSeconds(61))));
        assertThat(effects.all).containsExactly("error", "STALE_TIMESTAMP");
    }

    private JsonObject batch() {
        return batch(NOW);
    }

    /** A batch with the fixed id {@code b}. The protocol classes cannot build one, so it is signed by hand. */
    private JsonObject batch(Instant at) {
        JsonObject frame = new JsonObject(new String(agent.sign(heartbeat(), HmacEncoding.BASE64, at), UTF_8));
        frame.remove("hmac");
        frame.put("type", "event_batch").put("id", "b").put("payload", WireFrames.batchOf(1));
        return new JsonObject(WireFrames.signed(
                frame.encode(), new byte[32], new SessionBinding("agent", "project", "session"), HmacEncoding.BASE64));
    }

    @Test
    void endsTheSessionOnAStaleTimestamp() {
        goOnline();
        receive(agent.sign(heartbeat(), HmacEncoding.BASE64, NOW.minus(Duration.ofSeconds(61))));
        assertThat(effects.all).containsExactly("error", "STALE_TIMESTAMP");
    }

    @Test
    void releasesTheSlotAndCountsTheCloseWhenTheSocketCloses() {
        goOnline();
        session.onSocketClosed(1006);
        assertThat(effects.all).containsExactly("CloseSession");
        assertThat(session.ended()).isTrue();
        assertThat(registry.counter("ganglion.connections.closed", "reason", "peer_1006")
                        .count())
                .isEqualTo(1);
    }

    @Test
    void releasesNoSlotWhenTheSocketClosesBeforeTheHello() {
        session.onSocketClosed(1000);
        assertThat(effects.lane).isEmpty();
    }

    @Test
    void releasesTheSlotWithTheReasonOfTheBrain() {
        goOnline();
        session.end(CloseCode.IDLE_TIMEOUT);
        session.onSocketClosed(1000);
        assertThat(effects.lane.get(1))
                .isInstanceOfSatisfying(
                        CloseSession.class,
                        close -> assertThat(close.closeLabel()).isEqualTo("idle_timeout"));
    }

    @Test
    void claimsAgainAfterAHoldAndThenAcknowledgesTheHello() {
        receive(WireFrames.hello());
        session.onBusMessage(new HoldBack(700));
        assertThat(effects.all).containsExactly("OpenSession", "later 700");
        assertThat(session.opening()).isTrue();

        effects.later.get(0).run();

        assertThat(effects.lane.get(1)).isEqualTo(((OpenSession) effects.lane.get(0)).secondAttempt());
        session.onBusMessage(new Opened(1));
        assertThat(effects.all).endsWith("OpenSession", "hello_ack");
    }

    @Test
    void claimsNoSlotAfterAHoldIfTheSocketClosed() {
        receive(WireFrames.hello());
        session.onBusMessage(new HoldBack(700));
        session.onSocketClosed(1006);
        effects.later.get(0).run();
        assertThat(effects.lane).hasSize(2).last().isInstanceOf(CloseSession.class);
    }

    private JournalNote noted() {
        return effects.notes.get(effects.notes.size() - 1);
    }

    @Test
    void recordsConnectAndDisconnectInTheJournal() {
        receive(WireFrames.helloOf("w").put("ts", NOW.plusMillis(1500).toString()));
        assertThat(effects.notes).as("before the hello was acked").isEmpty();
        session.onBusMessage(new Opened(1));

        assertThat(noted().fact()).isEqualTo(new JournalNote.Connected("1.0", "2"));
        assertThat(noted().session().workerId()).isEqualTo("w");
        assertThat(noted().remoteAddress()).isEqualTo("192.0.2.1");
        assertThat(noted().clockSkewMillis()).isEqualTo(1500);

        receive(agent.sign(heartbeat(), HmacEncoding.BASE64, NOW.minusSeconds(3)));
        session.onSocketClosed(1006);

        assertThat(noted().clockSkewMillis()).isEqualTo(-3000);
        assertThat(noted().fact()).isInstanceOfSatisfying(JournalNote.Closed.class, closed -> {
            assertThat(closed.byBrain()).isFalse();
            assertThat(closed.ending().code()).isEqualTo(1006);
            assertThat(closed.frames()).isEqualTo(1);
        });
        assertThat(effects.notes).hasSize(2);
    }

    @Test
    void recordsOneCloseReasonAndTheClockSkewOfAStaleFrame() {
        receive(WireFrames.hello().putNull("ts"));
        session.onBusMessage(new Opened(1));
        assertThat(noted().clockSkewMillis()).isNull();

        receive(agent.sign(heartbeat(), HmacEncoding.BASE64, NOW.plusSeconds(90)));
        session.onSocketClosed(4403);

        assertThat(effects.notes).hasSize(2);
        assertThat(noted().clockSkewMillis()).isEqualTo(90_000);
        assertThat(noted().fact()).isInstanceOfSatisfying(JournalNote.Closed.class, closed -> {
            assertThat(closed.byBrain()).isTrue();
            assertThat(closed.ending().code()).isEqualTo(4403);
            assertThat(closed.ending().reason()).isEqualTo("stale_timestamp");
            assertThat(closed.ending().message()).contains("synchronise the clock of the sender");
        });
    }

    @Test
    void recordsWhyAnAgentWasRejected() {
        receive(WireFrames.helloWith("protocol_version", "3"));
        session.onSocketClosed(4426);

        assertThat(effects.notes).hasSize(1);
        assertThat(noted().fact())
                .isInstanceOfSatisfying(
                        JournalNote.Refused.class,
                        refused -> assertThat(refused.ending().reason()).isEqualTo("unsupported_version"));
    }

    @Test
    void recordsNothingForASocketThatClosesBeforeItsHello() {
        session.onSocketClosed(1000);
        assertThat(effects.notes).isEmpty();
    }
}
