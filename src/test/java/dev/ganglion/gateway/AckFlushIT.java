package dev.ganglion.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.wire.WireAgent;
import dev.ganglion.testing.wire.WireFrames;
import dev.ganglion.testing.wire.WireSocket.Opcode;
import io.vertx.core.json.JsonObject;
import java.io.EOFException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Checks acknowledgements that are written in one turn of the event loop and therefore flushed together. One batch
 * waits for the store. Many repeats of an earlier batch wait behind it, and its acknowledgement releases them all.
 */
class AckFlushIT {
    @RegisterExtension
    static final BrainExtension brain = new BrainExtension().with("agent.frames-in-flight", "128");

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private static JsonObject batch(WireAgent agent) {
        return agent.envelope("event_batch", WireFrames.batchOf(1));
    }

    /** Sends the frames while the store is frozen, and thaws the store once the brain has read all of them. */
    private static void sendTogether(WireAgent agent, List<JsonObject> frames) throws EOFException {
        brain.redis().process().freeze();
        try {
            frames.forEach(agent::send);
            agent.socket().send(Opcode.PING, new byte[0]);
            assertThat(agent.socket().receive().is(Opcode.PONG)).isTrue();
        } finally {
            brain.redis().process().thaw();
        }
    }

    private static void assertAcked(WireAgent agent, List<JsonObject> frames) {
        assertThat(frames).allSatisfy(frame -> assertThat(agent.ack().ackedId()).isEqualTo(frame.getString("id")));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 63, 64, 65, 128})
    void deliversAllAcksOfOneFlush(int acks) throws EOFException {
        try (WireAgent agent = brain.agent().connect()) {
            // As soon as a session owes more than one answer, its answers are flushed together.
            List<JsonObject> few = List.of(batch(agent), batch(agent), batch(agent));
            sendTogether(agent, few);
            assertAcked(agent, few);

            List<JsonObject> frames = new ArrayList<>(List.of(batch(agent)));
            String known = few.get(0).getString("id");
            while (frames.size() < acks) {
                frames.add(batch(agent).put("id", known));
            }
            sendTogether(agent, frames);
            assertAcked(agent, frames);
            agent.closeInOrder();
        }
    }
}
