package dev.ganglion.gateway;

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
import java.util.Arrays;
import java.util.Collections;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FrameLimitsIT {
    private static final int MAX_FRAME = 1048576;

    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    @RegisterExtension
    final QuietLog log = new QuietLog();

    @AfterEach
    void awaitNoOpenConnections() {
        brain.awaitNoConnections();
    }

    private static JsonObject delta(String field, Object value) {
        return new JsonObject().put("engine", "celery").put(field, value);
    }

    private static JsonArray entries(int count) {
        return new JsonArray(Collections.nCopies(count, new JsonObject().put("name", "n")));
    }

    private static JsonObject error(int code, int message) {
        return new JsonObject()
                .put("code", "c".repeat(code))
                .put("message", "m".repeat(message))
                .put("fatal", false);
    }

    private static JsonObject result(int error) {
        return new JsonObject().put("status", "failed").put("error", "e".repeat(error));
    }

    static Stream<Arguments> atTheLimit() {
        return Stream.of(
                Arguments.of("heartbeat", new JsonObject()),
                Arguments.of(
                        "heartbeat",
                        new JsonObject()
                                .put("buffer_size", (1L << 53) - 1)
                                .put("dropped_events", 0)
                                .put("last_flush_at", WireFrames.now())
                                .put("adapter_health", new JsonObject().put("celery", "ok"))),
                Arguments.of(
                        "heartbeat",
                        new JsonObject()
                                .putNull("buffer_size")
                                .putNull("last_flush_at")
                                .putNull("adapter_health")
                                .put("telemetry_loss", new JsonObject().put("buffer_id", "b"))),
                Arguments.of("registry_delta", delta("engine", "e".repeat(40))),
                Arguments.of("registry_delta", delta("added", entries(10_000))),
                Arguments.of("registry_delta", delta("updated", entries(10_000))),
                Arguments.of("registry_delta", delta("removed", new JsonArray(Collections.nCopies(10_000, "n")))),
                Arguments.of("agent_status", new JsonObject().put("buffer_depth", 1)),
                Arguments.of("agent_status", new JsonObject()),
                Arguments.of("error", error(80, 8192)),
                Arguments.of("command_ack", new JsonObject()),
                Arguments.of("command_ack", new JsonObject().putNull("delivery_claim_token")));
    }

    @ParameterizedTest
    @MethodSource("atTheLimit")
    void acceptsAFrameAtTheLimits(String type, JsonObject payload) {
        try (WireAgent agent = brain.agent().connect()) {
            agent.send(type, payload);
            assertThat(agent.ingest(WireFrames.event()).accepted()).isEqualTo(1);
        }
    }

    static Stream<Arguments> overTheLimit() {
        return Stream.of(
                Arguments.of("events", "event_batch", new JsonObject().put("events", entries(5001))),
                Arguments.of("events", "event_batch", new JsonObject()),
                Arguments.of("events", "event_batch", new JsonObject().put("events", new JsonObject())),
                Arguments.of("buffer_size", "heartbeat", new JsonObject().put("buffer_size", -1)),
                Arguments.of("buffer_size", "heartbeat", new JsonObject().put("buffer_size", 1L << 53)),
                Arguments.of("dropped_events", "heartbeat", new JsonObject().put("dropped_events", "0")),
                Arguments.of("last_flush_at", "heartbeat", new JsonObject().put("last_flush_at", 1)),
                Arguments.of("adapter_health", "heartbeat", new JsonObject().put("adapter_health", new JsonArray())),
                Arguments.of(
                        "adapter_health",
                        "heartbeat",
                        new JsonObject().put("adapter_health", new JsonObject().put("celery", 1))),
                Arguments.of("engine", "registry_delta", delta("engine", "e".repeat(41))),
                Arguments.of("added", "registry_delta", delta("added", entries(10_001))),
                Arguments.of("updated", "registry_delta", delta("updated", entries(10_001))),
                Arguments.of(
                        "removed", "registry_delta", delta("removed", new JsonArray(Collections.nCopies(10_001, "n")))),
                Arguments.of("added", "registry_delta", delta("added", new JsonArray().add("n"))),
                Arguments.of("removed", "registry_delta", delta("removed", new JsonArray().add(1))),
                Arguments.of("code", "error", error(81, 1)),
                Arguments.of("message", "error", error(1, 8193)),
                Arguments.of("fatal", "error", error(1, 1).put("fatal", "no")),
                Arguments.of("error", "command_result", result(8193)),
                Arguments.of("status", "command_result", new JsonObject().put("status", "maybe")));
    }

    @ParameterizedTest
    @MethodSource("overTheLimit")
    void endsTheSessionOnAFrameOverALimitAndNamesTheField(String field, String type, JsonObject payload) {
        try (WireAgent agent = brain.agent().connect()) {
            agent.send(type, payload);
            Ending ending = agent.ending();
            assertThat(ending).hasToString("4400 malformed_frame");
            assertThat(ending.errors().get(0).getString("message")).contains(field);
        }
    }

    @Test
    void acceptsFrameIdsOf1To64Characters() {
        try (WireAgent agent = brain.agent().connect()) {
            JsonObject one =
                    agent.envelope("event_batch", WireFrames.batchOf(1)).put("id", "i");
            JsonObject most =
                    agent.envelope("event_batch", WireFrames.batchOf(1)).put("id", "é".repeat(64));
            agent.ingestFrame(one);
            agent.ingestFrame(most);
            agent.send(agent.envelope("event_batch", WireFrames.batchOf(1)).put("id", "i".repeat(65)));
            assertThat(agent.ending()).hasToString("4400 malformed_frame");
        }
        try (WireAgent agent = brain.agent().connect()) {
            agent.send(agent.envelope("heartbeat", new JsonObject()).put("id", ""));
            assertThat(agent.ending()).hasToString("4400 malformed_frame");
        }
    }

    @Test
    void skipsEntriesOfADeltaWithoutAValidName() {
        EnrolledAgent enrolled = brain.agent();
        JsonArray added = new JsonArray()
                .add(new JsonObject())
                .add(new JsonObject().put("name", ""))
                .add(new JsonObject().put("name", 1))
                .add(new JsonObject().put("name", "n".repeat(501)))
                .add(new JsonObject().put("name", "n".repeat(500)));
        try (WireAgent agent = enrolled.connect()) {
            agent.send("registry_delta", delta("added", added));
            agent.ingest(WireFrames.event());
        }
        assertThat(brain.rest()
                        .get("/projects/" + enrolled.slug() + "/registry")
                        .expect(200)
                        .getJsonArray("items"))
                .singleElement()
                .extracting(entry -> ((JsonObject) entry).getString("name"))
                .isEqualTo("n".repeat(500));
    }

    @Test
    void acceptsBatchesOf0To5000Events() {
        EnrolledAgent enrolled = brain.agent();
        try (WireAgent agent = enrolled.connect()) {
            assertThat(agent.ingestFrame(agent.envelope("event_batch", WireFrames.batchOf(5000)))
                            .accepted())
                    .isEqualTo(5000);
            assertThat(agent.ingest().received()).isZero();
        }
        assertThat(enrolled.events()).hasSize(5000);
    }

    @Test
    void acceptsAFrameOfTheLargestSizeWholeAndFragmented() {
        try (WireAgent agent = brain.agent().connect()) {
            agent.socket().send(Opcode.BINARY, ofSize(agent, MAX_FRAME));
            assertThat(agent.ack().accepted()).isEqualTo(1);

            byte[] frame = ofSize(agent, MAX_FRAME);
            int half = MAX_FRAME / 2;
            agent.socket().send(Opcode.TEXT, false, Arrays.copyOf(frame, half));
            agent.socket().send(Opcode.CONTINUATION, true, Arrays.copyOfRange(frame, half, frame.length));
            assertThat(agent.ack().accepted()).isEqualTo(1);
        }
    }

    @Test
    void rejectsAFrameOfOneByteMoreWholeAndFragmented() {
        EnrolledAgent enrolled = brain.agent();
        try (WireAgent agent = enrolled.connect()) {
            agent.socket().send(Opcode.TEXT, ofSize(agent, MAX_FRAME + 1));
            assertThat(agent.ending()).hasToString("1009 frame_too_large");
        }
        try (WireAgent agent = enrolled.connect()) {
            byte[] frame = ofSize(agent, MAX_FRAME + 1);
            agent.socket().send(Opcode.TEXT, false, Arrays.copyOf(frame, MAX_FRAME));
            agent.socket().send(Opcode.CONTINUATION, true, Arrays.copyOfRange(frame, MAX_FRAME, frame.length));
            assertThat(agent.ending()).hasToString("1009 frame_too_large");
        }
        assertThat(enrolled.events()).isEmpty();
    }

    private static byte[] ofSize(WireAgent agent, int bytes) {
        JsonObject data = new JsonObject().put("x", "");
        JsonObject frame = agent.envelope("event_batch", WireFrames.batch(WireFrames.eventWith("data", data)));
        int rest = bytes - agent.sign(frame).getBytes(UTF_8).length;
        data.put("x", "y".repeat(rest));
        byte[] signed = agent.sign(frame).getBytes(UTF_8);
        assertThat(signed).hasSize(bytes);
        return signed;
    }
}
