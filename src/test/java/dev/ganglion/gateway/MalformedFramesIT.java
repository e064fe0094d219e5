package dev.ganglion.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.wire.Ending;
import dev.ganglion.testing.wire.WireAgent;
import dev.ganglion.testing.wire.WireFrames;
import dev.ganglion.testing.wire.WireSocket.Opcode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MalformedFramesIT {
    private static final String MALFORMED = "4400 malformed_frame";

    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    @RegisterExtension
    final QuietLog log = new QuietLog();

    @AfterEach
    void awaitNoOpenConnections() {
        brain.awaitNoConnections();
    }

    private static Arguments bad(String name, Function<WireAgent, byte[]> message) {
        return Arguments.of(name, message);
    }

    private static String signed(WireAgent agent) {
        return agent.sign(agent.envelope("event_batch", WireFrames.batch(WireFrames.event())));
    }

    static Stream<Arguments> noFrames() {
        return Stream.of(
                bad("not JSON", a -> "{nope".getBytes(UTF_8)),
                bad("a list", a -> "[]".getBytes(UTF_8)),
                bad("null", a -> "null".getBytes(UTF_8)),
                bad("nothing", a -> new byte[0]),
                bad("trailing bytes", a -> (signed(a) + "x").getBytes(UTF_8)),
                bad("a second object", a -> (signed(a) + "{}").getBytes(UTF_8)),
                bad("NaN", a -> with(signed(a), "NaN").getBytes(UTF_8)),
                bad("Infinity", a -> with(signed(a), "-Infinity").getBytes(UTF_8)),
                bad("an overflow", a -> with(signed(a), "1e400").getBytes(UTF_8)),
                bad("a long integer", a -> with(signed(a), "1".repeat(4301)).getBytes(UTF_8)),
                bad("a lone high surrogate", a -> with(signed(a), "\"\\ud800\"").getBytes(UTF_8)),
                bad("a lone low surrogate", a -> with(signed(a), "\"\\udc00\"").getBytes(UTF_8)),
                bad(
                        "surrogates in UTF-8",
                        a -> with(signed(a), "\"\u00ed\u00a0\u0080\"").getBytes(ISO_8859_1)),
                bad("overlong UTF-8", a -> with(signed(a), "\"\u00c0\u00af\"").getBytes(ISO_8859_1)),
                bad("cut UTF-8", a -> with(signed(a), "\"\u00f0\u009f\"").getBytes(ISO_8859_1)),
                bad("a raw line end in a string", a -> with(signed(a), "\"\n\"").getBytes(UTF_8)),
                bad("a nesting of 513", a -> with(signed(a), nested(512)).getBytes(UTF_8)),
                bad(
                        "a nesting of 100 000",
                        a -> with(signed(a), nested(100_000)).getBytes(UTF_8)),
                bad("100 000 open brackets", a -> "[".repeat(100_000).getBytes(UTF_8)),
                bad("100 000 open braces", a -> "{\"a\":".repeat(100_000).getBytes(UTF_8)),
                bad("a second hello", a -> WireFrames.hello().toBuffer().getBytes()),
                bad(
                        "a signed hello",
                        a -> a.sign(a.envelope("hello", new JsonObject())).getBytes(UTF_8)),
                bad(
                        "a hello_ack",
                        a -> a.sign(a.envelope("hello_ack", new JsonObject())).getBytes(UTF_8)),
                bad(
                        "a command",
                        a -> a.sign(a.envelope("command", new JsonObject().put("verb", "v")))
                                .getBytes(UTF_8)),
                bad(
                        "an event_batch_ack",
                        a -> a.sign(a.envelope("event_batch_ack", ack())).getBytes(UTF_8)),
                bad("a payload that is a list", a -> payload(a, new JsonArray())),
                bad("a payload that is a string", a -> payload(a, "p")),
                bad("no payload", a -> payload(a, null)));
    }

    private static JsonObject ack() {
        return new JsonObject()
                .put("acked_id", "b")
                .put("received", 0)
                .put("accepted", 0)
                .put("rejected", 0);
    }

    private static byte[] payload(WireAgent agent, @Nullable Object payload) {
        return agent.sign(agent.envelope("heartbeat", new JsonObject()).put("payload", payload))
                .getBytes(UTF_8);
    }

    private static String with(String frame, String value) {
        return frame.substring(0, frame.length() - 1) + ",\"x\":" + value + "}";
    }

    private static String nested(int deep) {
        return "[".repeat(deep) + "]".repeat(deep);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("noFrames")
    void closesWith4400OnAnythingThatIsNotAFrame(String name, Function<WireAgent, byte[]> message) {
        EnrolledAgent enrolled = brain.agent();
        for (Opcode opcode : new Opcode[] {Opcode.TEXT, Opcode.BINARY}) {
            try (WireAgent agent = enrolled.connect()) {
                agent.socket().send(opcode, message.apply(agent));
                assertThat(agent.ending()).as(opcode.name()).hasToString(MALFORMED);
            }
        }
        assertThat(enrolled.events()).isEmpty();
    }

    @Test
    void reportsAnUnknownSignedTypeWithItsOwnError() {
        try (WireAgent agent = brain.agent().connect()) {
            agent.send("teleport", new JsonObject());
            assertThat(agent.ending()).hasToString("4400 unknown_frame_type");
        }
    }

    @Test
    void closesWith4426OnAnotherVersion() {
        try (WireAgent agent = brain.agent().connect()) {
            agent.send(agent.envelope("heartbeat", new JsonObject()).put("v", 3));
            assertThat(agent.ending()).hasToString("4426 unsupported_version");
        }
    }

    @Test
    void usesTheLastOfDuplicateKeys() {
        EnrolledAgent enrolled = brain.agent();
        try (WireAgent agent = enrolled.connect()) {
            String frame = agent.envelope("heartbeat", new JsonObject()).encode();
            String batch = WireFrames.batch(WireFrames.event()).encode();
            agent.sendText(agent.sign(frame.substring(0, frame.length() - 1)
                    + ",\"payload\":{\"events\":1},\"type\":\"event_batch\",\"payload\":" + batch + "}"));
            assertThat(agent.ack().accepted()).isEqualTo(1);
        }
    }

    @Test
    void acceptsJsonAtItsLimits() {
        EnrolledAgent enrolled = brain.agent();
        String data =
                "{\"i\":" + "9".repeat(4300) + ",\"f\":1e308,\"z\":-0.0,\"n\":-0,\"s\":\"\\ud83d\\ude00\u2028\\u0000\""
                        + ",\"deep\":" + nested(512 - 5) + "}";
        try (WireAgent agent = enrolled.connect()) {
            String frame = agent.envelope("event_batch", WireFrames.batch(WireFrames.eventWith("data", "DATA")))
                    .encode();
            agent.sendText(agent.sign(frame.replace("\"DATA\"", data)));
            assertThat(agent.ack().accepted()).isEqualTo(1);
        }
        String stored =
                brain.rest().get("/projects/" + enrolled.slug() + "/events").text();
        assertThat(stored)
                .contains("\"i\":" + "9".repeat(4300))
                .contains("\"f\":1e+308")
                .contains("\"z\":-0.0")
                .contains("\"n\":0")
                .contains("😀\u2028\\u0000")
                .contains(nested(512 - 5));
    }

    @Test
    void closesWith1002OnATextFrameWithinAFragmentedMessage() throws Exception {
        EnrolledAgent enrolled = brain.agent();
        try (WireAgent agent = enrolled.connect()) {
            byte[] frame = signed(agent).getBytes(UTF_8);
            agent.socket().send(Opcode.TEXT, false, frame);
            // The pong proves that the brain has read the first frame, so that the second one is read separately.
            agent.socket().send(Opcode.PING, new byte[] {1});
            assertThat(agent.socket().receive()).isNotNull();
            agent.socket().send(Opcode.TEXT, true, frame);
            Ending ending = agent.ending();
            assertThat(ending).as(ending.reason()).hasToString("1002 malformed_frame");
        }
        assertThat(enrolled.events()).isEmpty();
    }

    @Test
    void acceptsEmptyFragmentsAndPingsBetweenFragments() {
        try (WireAgent agent = brain.agent().connect()) {
            byte[] frame = signed(agent).getBytes(UTF_8);
            agent.socket().send(Opcode.TEXT, false, new byte[0]);
            agent.socket().send(Opcode.CONTINUATION, false, frame);
            agent.socket().send(Opcode.PING, new byte[125]);
            agent.socket().send(Opcode.PONG, new byte[0]);
            agent.socket().send(Opcode.CONTINUATION, false, new byte[0]);
            agent.socket().send(Opcode.CONTINUATION, true, new byte[0]);
            assertThat(agent.ack().accepted()).isEqualTo(1);
        }
    }

    @Test
    void rejectsAnEmptyMessageOfEmptyFragments() {
        try (WireAgent agent = brain.agent().connect()) {
            agent.socket().send(Opcode.BINARY, false, new byte[0]);
            agent.socket().send(Opcode.CONTINUATION, true, new byte[0]);
            assertThat(agent.ending()).hasToString(MALFORMED);
        }
    }

    @Test
    void rejectsInvalidUtf8AcrossFragments() {
        try (WireAgent agent = brain.agent().connect()) {
            agent.socket().send(Opcode.TEXT, false, new byte[] {'"', (byte) 0xF0, (byte) 0x9F});
            agent.socket().send(Opcode.CONTINUATION, true, new byte[] {'"'});
            assertThat(agent.ending()).hasToString(MALFORMED);
        }
    }
}
