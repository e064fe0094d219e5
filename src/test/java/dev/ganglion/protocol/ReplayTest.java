package dev.ganglion.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.protocol.error.CloseCode;
import dev.ganglion.protocol.error.ProtocolLimits;
import dev.ganglion.protocol.frame.Heartbeat;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks the freshness and order of signed frames. A rejected frame must change no state. */
class ReplayTest {
    private final Peer peer = new Peer();

    @ParameterizedTest
    @CsvSource({
        "2026-11-22T11:59:00Z",
        "2026-11-22T12:01:00Z",
        "2026-11-22T11:59:00.000000000Z",
        "2026-11-22 13:01:00+01:00",
        "2026-11-22T17:30:00+05:30"
    })
    void acceptsATimestampWithinAMinute(String ts) {
        assertThat(peer.send(stamped("\"" + ts + "\""))).isInstanceOf(Heartbeat.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"2026-11-22T11:58:59.999999999Z\"",
                "\"2026-11-22T12:01:00.000000001Z\"",
                "\"2026-11-22T12:00:00\"",
                "\"2026-11-22\"",
                "\"\"",
                "\"now\"",
                "\"2026-11-22T12:00:00+25:00\"",
                "\"2026-11-22T12:00:00Z \"",
                "null",
                "1795608000",
                "true",
                "{}",
                "[]",
                "\"9999-12-31T23:59:59Z\""
            })
    void rejectsAnyOtherTimestamp(String ts) {
        AssertRejected.of(() -> peer.send(stamped(ts)), CloseCode.STALE_TIMESTAMP, "ts");
    }

    @Test
    void rejectsAMissingTimestamp() {
        String frame = peer.envelope("heartbeat", "{}").replace("\"ts\":\"2026-11-22T12:00:00Z\",", "");

        AssertRejected.of(() -> peer.send(frame), CloseCode.STALE_TIMESTAMP, "ts");
    }

    private String stamped(String ts) {
        return peer.envelope("heartbeat", "{}").replace("\"2026-11-22T12:00:00Z\"", ts);
    }

    @Test
    void checksFreshnessBeforeOrder() {
        assertThat(peer.send("heartbeat", "{}")).isNotNull();

        AssertRejected.of(() -> peer.send(numbered("1").replace("12:00:00Z", "10:00:00Z")), CloseCode.STALE_TIMESTAMP);
    }

    @Test
    void acceptsAnyFirstSeqAndGaps() {
        for (String seq : new String[] {"7", "1099511627776", "9007199254740990", "9007199254740991"}) {
            assertThat(peer.send(numbered(seq))).isInstanceOf(Heartbeat.class);
            assertThat(peer.verifier.lastSeq()).isEqualTo(Long.parseLong(seq));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-1",
                "-0",
                "9007199254740992",
                "99999999999999999999999",
                "1.0",
                "1e3",
                "\"5\"",
                "null",
                "true",
                "[5]",
                "{}",
                "5.5"
            })
    void rejectsAnInvalidSeq(String seq) {
        AssertRejected.of(() -> peer.send(numbered(seq)), CloseCode.REPLAYED_FRAME, "seq");
    }

    @Test
    void rejectsAFrameWithoutSeq() {
        String frame = peer.envelope("heartbeat", "{}").replace("\"seq\":1,", "");

        AssertRejected.of(() -> peer.send(frame), CloseCode.REPLAYED_FRAME, "seq");
    }

    @Test
    void rejectsASeqThatDoesNotIncrease() {
        assertThat(peer.send(numbered("50"))).isNotNull();

        AssertRejected.of(() -> peer.send(numbered("50")), CloseCode.REPLAYED_FRAME, "seq");
        AssertRejected.of(() -> peer.send(numbered("10")), CloseCode.REPLAYED_FRAME, "seq");
        assertThat(peer.send(numbered("51"))).isNotNull();
    }

    private String numbered(String seq) {
        return peer.envelope("heartbeat", "{}").replaceFirst("\"seq\":\\d+", "\"seq\":" + seq);
    }

    @Test
    void rejectsARepeatedFrame() {
        String wire = peer.hex(peer.envelope("heartbeat", "{}"));
        assertThat(peer.receive(wire)).isNotNull();

        AssertRejected.of(() -> peer.receive(wire), CloseCode.REPLAYED_FRAME);
    }

    @Test
    void rejectsARepeatedNonce() {
        assertThat(peer.send(withNonce("\"same\""))).isNotNull();

        AssertRejected.of(() -> peer.send(withNonce("\"same\"")), CloseCode.REPLAYED_FRAME, "nonce");
        assertThat(peer.send(withNonce("\"other\""))).isNotNull();
    }

    @Test
    void acceptsARepeatedNonceOnlyAfterThreeMinutes() {
        assertThat(peer.send(withNonce("\"same\""))).isNotNull();
        Instant then = Peer.NOW.plusSeconds(180);

        AssertRejected.of(() -> peer.receive(peer.hex(at("12:03:00Z")), then), CloseCode.REPLAYED_FRAME, "nonce");
        assertThat(peer.receive(peer.hex(at("12:03:00Z")), then.plusMillis(1))).isNotNull();
    }

    private String at(String time) {
        return withNonce("\"same\"").replace("12:00:00Z", time);
    }

    @Test
    void acceptsARepeatedNonceOnlyAfter4096Others() {
        assertThat(peer.send(withNonce("\"first\""))).isNotNull();
        for (int i = 1; i < ProtocolLimits.MAX_NONCES; i++) {
            assertThat(peer.send("heartbeat", "{}")).isNotNull();
        }
        AssertRejected.of(() -> peer.send(withNonce("\"first\"")), CloseCode.REPLAYED_FRAME, "nonce");
        assertThat(peer.send("heartbeat", "{}")).isNotNull();

        assertThat(peer.send(withNonce("\"first\""))).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "null", "5", "[]", "{}", "true"})
    void rejectsAnInvalidNonce(String nonce) {
        AssertRejected.of(() -> peer.send(withNonce(nonce)), CloseCode.REPLAYED_FRAME, "nonce");
    }

    @Test
    void rejectsANonceOfMoreThan32Characters() {
        assertThat(peer.send(withNonce("\"" + "n".repeat(32) + "\""))).isNotNull();
        assertThat(peer.send(withNonce("\"" + "😀".repeat(32) + "\""))).isNotNull();
        assertThat(peer.send(withNonce("\"" + "\\n".repeat(32) + "\""))).isNotNull();

        AssertRejected.of(() -> peer.send(withNonce("\"" + "n".repeat(33) + "\"")), CloseCode.REPLAYED_FRAME, "nonce");
    }

    private String withNonce(String nonce) {
        return peer.envelope("heartbeat", "{}")
                .replaceFirst("\"nonce\":\"n\\d+\"", "\"nonce\":" + nonce.replace("\\", "\\\\"));
    }

    @Test
    void aRejectedFrameChangesNoState() {
        assertThat(peer.send(numbered("5"))).isNotNull();
        String unknown = numbered("100").replace("heartbeat", "teleport").replaceFirst("\"n\\d+\"", "\"kept\"");
        String shapeless =
                numbered("100").replaceFirst("\"n\\d+\"", "\"kept\"").replace("\"payload\":{}", "\"payload\":[1]");
        String stale = numbered("100").replaceFirst("\"n\\d+\"", "\"kept\"").replace("12:00:00Z", "10:00:00Z");

        AssertRejected.of(() -> peer.receive(peer.base64(unknown)), CloseCode.UNKNOWN_FRAME_TYPE);
        AssertRejected.of(() -> peer.receive(peer.base64(shapeless)), CloseCode.MALFORMED_FRAME);
        AssertRejected.of(() -> peer.receive(peer.base64(stale)), CloseCode.STALE_TIMESTAMP);

        assertThat(peer.verifier.lastSeq()).isEqualTo(5);
        assertThat(peer.verifier.encoding()).isEqualTo(HmacEncoding.HEX);
        assertThat(peer.send(numbered("6").replaceFirst("\"n\\d+\"", "\"kept\"")))
                .isNotNull();
    }
}
