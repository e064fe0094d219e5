package dev.ganglion.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.bus.Addresses;
import dev.ganglion.bus.LaneMessage;
import dev.ganglion.bus.LocalBus;
import dev.ganglion.bus.NodeBus;
import dev.ganglion.bus.SessionMessage;
import dev.ganglion.bus.SessionRef;
import dev.ganglion.protocol.error.CloseCode;
import dev.ganglion.protocol.frame.AgentStatus;
import dev.ganglion.protocol.json.Json;
import dev.ganglion.telemetry.BrainMetrics;
import dev.ganglion.telemetry.Ticker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests a lane whose store throws while it builds the call for a message. */
class LaneDefectTest {
    /** A store that accepts all messages except those of the session {@code odd}, for which it throws. */
    private static final class Fragile implements FrameStore {
        @Override
        public Future<Void> start() {
            return Future.succeededFuture();
        }

        @Override
        public Future<List<Outcome>> apply(List<LaneCall> entries) {
            if (entries.stream().anyMatch(entry -> ODD.equals(entry.message().session()))) {
                throw new IllegalArgumentException("a defect");
            }
            return Future.succeededFuture(Collections.nCopies(entries.size(), new Outcome.Applied()));
        }

        @Override
        public void availabilityHandler(Handler<Boolean> handler) {}

        @Override
        public boolean available() {
            return true;
        }

        @Override
        public Future<Void> close() {
            return Future.succeededFuture();
        }
    }

    private static final SessionRef ODD = new SessionRef("p", "slug", 0, "a", "", "odd", "n", null);
    private static final SessionRef OTHER = new SessionRef("p", "slug", 0, "b", "", "other", "n", null);

    private final Vertx vertx = Vertx.vertx();
    private final LocalBus bus = LocalBus.on(vertx);
    private final BlockingQueue<SessionMessage> messagesToOdd = new LinkedBlockingQueue<>();
    private final BlockingQueue<SessionMessage> messagesToOther = new LinkedBlockingQueue<>();

    @BeforeEach
    void deployLaneWithTwoSessions() {
        NodeBus nodes = new NodeBus(vertx, "n", Set::of, unheard -> {});
        BrainMetrics metrics = new BrainMetrics(new SimpleMeterRegistry());
        listen(ODD, messagesToOdd);
        listen(OTHER, messagesToOther);
        String unused = vertx.deployVerticle(new LaneVerticle(
                        0,
                        bus,
                        nodes,
                        new Fragile(),
                        metrics,
                        new LaneVerticle.Timing(Ticker.system(), Duration.ofSeconds(30))))
                .await();
    }

    private void listen(SessionRef session, BlockingQueue<SessionMessage> messages) {
        vertx.eventBus()
                .<SessionMessage>localConsumer(
                        Addresses.session(session.sessionId()), message -> messages.add(message.body()));
    }

    @AfterEach
    void close() {
        vertx.close().await();
    }

    private void sendFrame(SessionRef session, long seq) {
        bus.send(
                Addresses.frames(0),
                new LaneMessage.InboundFrame(
                        session, seq, new AgentStatus("id", Json.EMPTY_OBJECT), System.nanoTime()));
    }

    @Test
    void endsTheSessionOfAFailingCallAndServesTheOthers() throws InterruptedException {
        for (int i = 0; i <= FrameLane.GROUPS_IN_FLIGHT; i++) {
            sendFrame(ODD, i + 1L);
            assertThat(messagesToOdd.poll(20, TimeUnit.SECONDS))
                    .isEqualTo(new SessionMessage.End(CloseCode.INTERNAL_ERROR));
        }
        sendFrame(OTHER, 1);
        assertThat(messagesToOther.poll(20, TimeUnit.SECONDS)).isInstanceOf(SessionMessage.FrameApplied.class);
    }
}
