package dev.ganglion.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.protocol.frame.EventBatchAck;
import dev.ganglion.protocol.frame.Frame;
import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.wire.WireAgent;
import dev.ganglion.testing.wire.WireFrames;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Checks the brain with an agent that resends as releases up to 1.6 do: it sends its whole buffer again and again, one
 * batch per event, and takes acknowledgements only while its writes block or its buffer is empty.
 */
class ResendLoopIT {
    private static final int EVENTS = 260;
    /** Measured: 19 to 21 on the loopback interface. Before the pacing, rq workers sent 120 (decision 013). */
    private static final int FRAMES_PER_BATCH = 30;
    /** A write that takes longer has blocked. */
    private static final long BLOCKED_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    @RegisterExtension
    final QuietLog log = new QuietLog();

    /** The sending half of an agent. Its acknowledgements arrive on another thread. */
    private static final class LoopingAgent {
        private final WireAgent wire;
        private final Queue<String> acks = new ConcurrentLinkedQueue<>();
        private final Map<String, JsonObject> buffer = new LinkedHashMap<>();
        private final List<String> sentBefore = new ArrayList<>();
        private long frames;

        LoopingAgent(WireAgent wire) {
            this.wire = wire;
            Thread reader = new Thread(this::read, "acks");
            reader.setDaemon(true);
            reader.start();
        }

        private void read() {
            try {
                while (true) {
                    Frame frame = wire.receive();
                    if (frame instanceof EventBatchAck ack) {
                        acks.add(ack.ackedId());
                    }
                }
            } catch (RuntimeException | AssertionError closed) {
                // The test has ended, or fails because of the missing acknowledgements.
            }
        }

        void append() {
            JsonObject batch = WireFrames.batch(WireFrames.event());
            JsonObject envelope = wire.envelope("event_batch", batch);
            buffer.put(envelope.getString("id"), batch);
        }

        /** Sends the whole buffer once. Acknowledges only what an earlier pass has sent completely. */
        void pass() {
            List<String> ids = List.copyOf(buffer.keySet());
            for (String id : ids) {
                JsonObject batch = buffer.get(id);
                if (batch == null) {
                    continue;
                }
                long before = System.nanoTime();
                wire.send(wire.envelope("event_batch", batch).put("id", id));
                frames++;
                if (System.nanoTime() - before > BLOCKED_NANOS) {
                    takeAcks();
                }
            }
            sentBefore.clear();
            sentBefore.addAll(ids);
            if (buffer.isEmpty()) {
                takeAcks();
            }
        }

        private void takeAcks() {
            for (String id = acks.poll(); id != null; id = acks.poll()) {
                if (sentBefore.contains(id)) {
                    buffer.remove(id);
                }
            }
        }
    }

    @Test
    void everyEventOfAnAgentThatResendsInALoopArrivesWithAtMostThirtyFramesPerBatch() {
        EnrolledAgent enrolled = brain.agent();
        try (WireAgent wire = enrolled.connectAsLibrary(WireFrames.helloWith("agent_version", "1.6.7"))) {
            LoopingAgent agent = new LoopingAgent(wire);
            long start = System.nanoTime();
            int appended = 0;
            while (appended < EVENTS || !agent.buffer.isEmpty()) {
                long elapsed = System.nanoTime() - start;
                assertThat(elapsed)
                        .as("time until all batches are acknowledged")
                        .isLessThan(PATIENCE.toNanos());
                for (; appended < EVENTS && appended * 5L <= TimeUnit.NANOSECONDS.toMillis(elapsed); appended++) {
                    agent.append();
                }
                agent.pass();
            }
            assertThat(enrolled.events()).hasSize(EVENTS);
            assertThat(agent.frames)
                    .as("frames that the agent sent for %s batches", EVENTS)
                    .isLessThanOrEqualTo((long) EVENTS * FRAMES_PER_BATCH);
            assertThat(enrolled.view().getInteger("connections")).isEqualTo(1);
        }
    }
}
