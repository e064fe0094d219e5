package dev.ganglion.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.protocol.HmacEncoding;
import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.wire.WireAgent;
import dev.ganglion.testing.wire.WireFrames;
import io.vertx.core.json.JsonObject;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ReplayIT {
    private static final long MAX_SEQ = (1L << 53) - 1;

    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    @RegisterExtension
    final QuietLog log = new QuietLog();

    @AfterEach
    void awaitNoOpenConnections() {
        brain.awaitNoConnections();
    }

    private static Arguments bad(String ending, String name, Function<WireAgent, String> frame) {
        return Arguments.of(ending, name, frame);
    }

    private static JsonObject batch(WireAgent agent) {
        return agent.envelope("event_batch", WireFrames.batch(WireFrames.event()));
    }

    /** Each frame is sent after a valid frame with seq 1000 and nonce "used". */
    static Stream<Arguments> badFrames() {
        return Stream.concat(badSignatures(), badOrder());
    }

    private static Stream<Arguments> badSignatures() {
        String signature = "4403 invalid_signature";
        return Stream.of(
                bad(
                        signature,
                        "a changed id",
                        a -> a.sign(batch(a).put("id", "one")).replace("\"one\"", "\"two\"")),
                bad(signature, "a changed seq", a -> a.sign(batch(a)).replace("\"seq\":", "\"seq\":1")),
                bad(signature, "a changed payload", a -> a.sign(batch(a)).replace("task.succeeded", "task.failed")),
                bad(signature, "an added field", a -> added(a.sign(batch(a)))),
                bad(signature, "no hmac", a -> batch(a).encode()),
                bad(
                        signature,
                        "an hmac of zeros",
                        a -> batch(a).put("hmac", "0".repeat(64)).encode()),
                bad(signature, "a short hmac", a -> batch(a).put("hmac", "abcd").encode()),
                bad(signature, "an empty hmac", a -> batch(a).put("hmac", "").encode()),
                bad(
                        signature,
                        "an hmac that is a number",
                        a -> batch(a).put("hmac", 1).encode()),
                bad(
                        signature,
                        "an unsigned heartbeat",
                        a -> a.envelope("heartbeat", new JsonObject()).encode()),
                bad(
                        signature,
                        "an unknown type, unsigned",
                        a -> a.envelope("teleport", new JsonObject()).encode()));
    }

    private static String added(String frame) {
        return frame.substring(0, frame.length() - 1) + ",\"extra\":1}";
    }

    private static Stream<Arguments> badOrder() {
        String replayed = "4403 replayed_frame";
        String stale = "4403 stale_timestamp";
        return Stream.of(
                bad(replayed, "an equal seq", a -> a.sign(batch(a).put("seq", 1000))),
                bad(replayed, "a lower seq", a -> a.sign(batch(a).put("seq", 999))),
                bad(replayed, "seq 0", a -> a.sign(batch(a).put("seq", 0))),
                bad(replayed, "a negative seq", a -> a.sign(batch(a).put("seq", -1))),
                bad(replayed, "seq 2^53", a -> a.sign(batch(a).put("seq", MAX_SEQ + 1))),
                bad(
                        replayed,
                        "a huge seq",
                        a -> a.sign(batch(a).encode().replace("\"seq\":1001", "\"seq\":1" + "0".repeat(4000)))),
                bad(replayed, "a seq with a fraction", a -> a.sign(batch(a).put("seq", 1001.5))),
                bad(replayed, "a seq as a string", a -> a.sign(batch(a).put("seq", "1001"))),
                bad(replayed, "no seq", a -> a.sign(without(batch(a), "seq"))),
                bad(replayed, "a used nonce", a -> a.sign(batch(a).put("nonce", "used"))),
                bad(replayed, "a nonce of 33", a -> a.sign(batch(a).put("nonce", "n".repeat(33)))),
                bad(replayed, "an empty nonce", a -> a.sign(batch(a).put("nonce", ""))),
                bad(replayed, "no nonce", a -> a.sign(without(batch(a), "nonce"))),
                bad(replayed, "a nonce that is a number", a -> a.sign(batch(a).put("nonce", 7))),
                bad(stale, "62 s old", a -> a.sign(batch(a).put("ts", WireFrames.at(-62)))),
                bad(stale, "62 s ahead", a -> a.sign(batch(a).put("ts", WireFrames.at(62)))),
                bad(stale, "no ts", a -> a.sign(without(batch(a), "ts"))),
                bad(stale, "null ts", a -> a.sign(batch(a).putNull("ts"))),
                bad(
                        stale,
                        "a ts without a zone",
                        a -> a.sign(batch(a).put("ts", WireFrames.now().replace("Z", "")))),
                bad(stale, "a ts that is a number", a -> a.sign(batch(a).put("ts", 1_700_000_000))));
    }

    @ParameterizedTest(name = "{0} for {1}")
    @MethodSource("badFrames")
    void endsTheSessionOnAFrameThatFailsACheck(String ending, String name, Function<WireAgent, String> frame) {
        EnrolledAgent enrolled = brain.agent();
        try (WireAgent agent = enrolled.connect()) {
            agent.ingestFrame(batch(agent).put("seq", 1000).put("nonce", "used"));

            agent.sendText(frame.apply(agent));

            assertThat(agent.ending()).hasToString(ending);
        }
        assertThat(enrolled.events()).hasSize(1);
    }

    @Test
    void acceptsFramesAtTheLimits() {
        try (WireAgent agent = brain.agent().connect()) {
            agent.ingestFrame(batch(agent).put("ts", WireFrames.at(-57)));
            agent.ingestFrame(batch(agent).put("ts", WireFrames.at(57)));
            agent.ingestFrame(batch(agent).put("ts", zoned()));
            agent.ingestFrame(batch(agent).put("nonce", "n".repeat(32)));
            agent.ingestFrame(batch(agent).put("nonce", "😀".repeat(32)));
            agent.ingestFrame(batch(agent).put("nonce", "n"));
            agent.ingestFrame(batch(agent).put("seq", 1L << 40));
            agent.ingestFrame(batch(agent).put("seq", MAX_SEQ));
            agent.send(batch(agent).put("seq", MAX_SEQ));
            assertThat(agent.ending()).hasToString("4403 replayed_frame");
        }
    }

    private static String zoned() {
        return OffsetDateTime.now(ZoneOffset.ofHoursMinutes(5, 45)).toString();
    }

    @Test
    void acceptsAnyFirstSeq() {
        try (WireAgent agent = brain.agent().connect()) {
            agent.ingestFrame(batch(agent).put("seq", MAX_SEQ - 1));
            agent.ingestFrame(batch(agent).put("seq", MAX_SEQ));
        }
    }

    @Test
    void endsTheSessionOnARepeatedFrame() {
        EnrolledAgent enrolled = brain.agent();
        try (WireAgent agent = enrolled.connect()) {
            String frame = agent.sign(batch(agent));
            agent.sendText(frame);
            agent.sendText(frame);
            assertThat(agent.ending()).hasToString("4403 replayed_frame");
        }
        assertThat(enrolled.events()).hasSize(1);
    }

    @Test
    void rejectsAFrameOfAnEarlierSession() {
        EnrolledAgent enrolled = brain.agent();
        String captured;
        try (WireAgent agent = enrolled.connect()) {
            captured = agent.sign(batch(agent));
            agent.sendText(captured);
            agent.ack();
        }
        try (WireAgent agent = enrolled.connect()) {
            agent.sendText(captured);
            assertThat(agent.ending()).hasToString("4403 invalid_signature");
        }
        assertThat(enrolled.events()).hasSize(1);
    }

    @Test
    void rejectsAFrameOfAnotherWorker() {
        EnrolledAgent enrolled = brain.agent();
        try (WireAgent one = enrolled.connect("1");
                WireAgent two = enrolled.connect("2")) {
            two.sendText(one.sign(batch(one)));
            assertThat(two.ending()).hasToString("4403 invalid_signature");
            assertThat(one.ingest(WireFrames.event()).accepted()).isEqualTo(1);
        }
    }

    @Test
    void overwritesIdsFromTheWire() {
        EnrolledAgent enrolled = brain.agent();
        try (WireAgent agent = enrolled.connect()) {
            String frame = agent.sign(batch(agent));
            agent.sendText(frame.substring(0, frame.length() - 1) + ",\"agent_id\":\"x\",\"session_id\":[1]}");
            assertThat(agent.ack().accepted()).isEqualTo(1);
        }
    }

    @Test
    void acceptsUrlSafeBase64WithoutPadding() {
        try (WireAgent agent = brain.agent().connect()) {
            for (int i = 0; i < 20; i++) {
                JsonObject frame = new JsonObject(agent.sign(batch(agent)));
                String hmac = frame.getString("hmac");
                agent.sendText(frame.put(
                                "hmac", hmac.replace('+', '-').replace('/', '_').replace("=", ""))
                        .encode());
                assertThat(agent.ack().accepted()).isEqualTo(1);
            }
        }
    }

    @Test
    void rejectsASignatureWithAnInvalidHexDigit() {
        try (WireAgent agent = brain.agent().connect().signingIn(HmacEncoding.HEX)) {
            JsonObject frame = new JsonObject(agent.sign(batch(agent)));
            agent.sendText(frame.put("hmac", "G" + frame.getString("hmac").substring(1))
                    .encode());
            assertThat(agent.ending()).hasToString("4403 invalid_signature");
        }
    }

    private static JsonObject without(JsonObject frame, String field) {
        frame.remove(field);
        return frame;
    }
}
