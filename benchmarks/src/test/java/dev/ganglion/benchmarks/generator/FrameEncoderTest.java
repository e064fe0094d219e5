package dev.ganglion.benchmarks.generator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.protocol.FrameReader;
import dev.ganglion.protocol.FrameVerifier;
import dev.ganglion.protocol.HmacEncoding;
import dev.ganglion.protocol.ProjectKey;
import dev.ganglion.protocol.SessionBinding;
import dev.ganglion.protocol.error.ProtocolLimits;
import dev.ganglion.protocol.frame.EventBatch;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Checks that the brain's own codec accepts the generator's frames. */
class FrameEncoderTest {
    private static final byte[] SECRET = new byte[32];

    private final FrameEncoder encoder = new FrameEncoder(SECRET);
    private final FrameEncoder.Session session = new FrameEncoder.Session("agent", "project", "session-1");
    private final FrameReader reader = new FrameReader(ProtocolLimits.MAX_FRAME_BYTES);
    private final FrameVerifier verifier = new FrameVerifier(
            new ProjectKey(SECRET), new SessionBinding("agent", "project", "session-1"), HmacEncoding.HEX);

    /** Unmasks a message with a short, a medium or a long length field. */
    private static byte[] unmasked(Buffer message) {
        int length = message.getByte(1) & 0x7F;
        int at = length == 126 ? 4 : length == 127 ? 10 : 2;
        byte[] mask = message.getBytes(at, at + 4);
        byte[] text = message.getBytes(at + 4, message.length());
        for (int i = 0; i < text.length; i++) {
            text[i] ^= mask[i % 4];
        }
        return text;
    }

    private EventBatch verified(Buffer message) {
        byte[] wire = unmasked(message);
        reader.read(wire, 0, wire.length);
        return (EventBatch) verifier.verify(reader, Instant.now());
    }

    @Test
    void signsBatchesOfEverySizeForTheVerifier() {
        for (int events : new int[] {1, 100, 500}) {
            Payload payload = Payload.batch(events, events);
            for (int i = 0; i < 3; i++) {
                EventBatch batch = verified(encoder.frame(session, "event_batch", events + "-" + i, payload.fresh(i)));
                assertThat(batch.id()).isEqualTo(events + "-" + i);
                assertThat(batch.events().size()).isEqualTo(events);
                assertThat(batch.rejected()).isEmpty();
            }
        }
    }

    @Test
    void givesEveryEventItsOwnId() {
        Payload payload = Payload.batch(10, 1);
        Set<String> ids = new HashSet<>();
        for (int frame = 0; frame < 50; frame++) {
            Buffer message = encoder.frame(session, "event_batch", "b-" + frame, payload.fresh(frame));
            JsonArray events = new JsonObject(new String(unmasked(message), StandardCharsets.UTF_8))
                    .getJsonObject("payload")
                    .getJsonArray("events");
            events.forEach(event -> ids.add(((JsonObject) event).getString("id")));
        }
        assertThat(ids).hasSize(500);
    }

    @Test
    void findsFieldsWhateverTheWhiteSpace() {
        byte[] frame = FieldFinder.of("{\"payload\": {\"acked_id\" : \"s-17\",\"rejected\":3}}");
        assertThat(FieldFinder.value(frame, 0, frame.length, FieldFinder.of("\"acked_id\"")))
                .isEqualTo("s-17");
        assertThat(FieldFinder.value(frame, 0, frame.length, FieldFinder.of("\"rejected\"")))
                .isEqualTo("3");
        assertThat(FieldFinder.value(frame, 0, frame.length, FieldFinder.of("\"none\"")))
                .isEmpty();
    }
}
