package dev.ganglion.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.protocol.error.CloseCode;
import dev.ganglion.protocol.error.ProtocolLimits;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests that each check of a late repeat holds on its own. */
class LateFramesTest {
    private static final String EVENTS = "{\"events\":[]}";

    private final Peer peer = new Peer();
    private final FrameReader reader = new FrameReader(ProtocolLimits.MAX_FRAME_BYTES);
    private final String first = peer.envelope("event_batch", EVENTS);

    private void receiveFirst() {
        assertThat(peer.send(first)).isNotNull();
    }

    /** Offers an envelope that is 61 s old, after a first frame was received in time. */
    private @Nullable String late(String envelope) {
        String wire = peer.hex(envelope);
        AssertRejected.of(() -> peer.receive(wire, Peer.NOW.plusSeconds(61)), CloseCode.STALE_TIMESTAMP);
        reader.read(wire.getBytes(UTF_8));
        return peer.verifier.acceptLate(reader, Peer.NOW.plusSeconds(61), id -> !id.equals("unknown"));
    }

    @Test
    void acceptsANewRepeatOfABatchOnce() {
        receiveFirst();
        String envelope = peer.envelope("event_batch", EVENTS);
        assertThat(late(envelope)).isEqualTo("f2");
        assertThat(late(envelope)).isNull();
        assertThat(late(peer.envelope("event_batch", EVENTS))).isEqualTo("f3");
    }

    @Test
    void acceptsNoUsedSeq() {
        receiveFirst();
        assertThat(late(peer.envelope("event_batch", EVENTS).replace("\"seq\":2", "\"seq\":1")))
                .isNull();
    }

    @Test
    void acceptsNoUsedNonce() {
        receiveFirst();
        assertThat(late(peer.envelope("event_batch", EVENTS).replace("\"n2\"", "\"n1\"")))
                .isNull();
    }

    @Test
    void acceptsNothingButBatches() {
        receiveFirst();
        assertThat(late(peer.envelope("heartbeat", "{}"))).isNull();
    }

    @Test
    void changesNothingForABatchThatIsNotDone() {
        receiveFirst();
        String unknown = peer.envelope("event_batch", EVENTS).replace("\"f2\"", "\"unknown\"");
        assertThat(late(unknown)).isNull();
        assertThat(late(unknown.replace("\"unknown\"", "\"f2\""))).isEqualTo("f2");
    }
}
