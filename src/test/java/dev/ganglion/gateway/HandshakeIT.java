package dev.ganglion.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.protocol.HmacEncoding;
import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.http.Rest;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.wire.WireAgent;
import dev.ganglion.testing.wire.WireFrames;
import dev.ganglion.testing.wire.WireSocket;
import dev.ganglion.testing.wire.WireSocket.Opcode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.EOFException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeIT {
    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    @RegisterExtension
    final QuietLog log = new QuietLog();

    @AfterEach
    void awaitNoOpenConnections() {
        brain.awaitNoConnections();
    }

    @Test
    void sendsACompleteUnsignedHelloAck() {
        EnrolledAgent enrolled = brain.agent();
        try (WireAgent agent = enrolled.connect()) {
            JsonObject ack = agent.helloAck();
            JsonObject payload = ack.getJsonObject("payload");

            assertThat(ack.fieldNames()).containsExactlyInAnyOrder("v", "type", "id", "ts", "payload");
            assertThat(ack.getInteger("v")).isEqualTo(2);
            assertThat(ack.getString("type")).isEqualTo("hello_ack");
            assertThat(payload.getString("protocol_version")).isEqualTo("2");
            assertThat(payload.getString("agent_id")).isEqualTo(enrolled.id());
            assertThat(payload.getString("project_id"))
                    .isEqualTo(enrolled.view().getString("project_id"));
            assertThat(UUID.fromString(payload.getString("session_id"))).isNotNull();
            assertThat(payload.getInteger("heartbeat_interval_seconds")).isEqualTo(10);
            assertThat(payload.getInteger("max_frame_size_bytes")).isEqualTo(1048576);
            assertThat(payload.getString("brain_version")).isNotEmpty();
        }
    }

    /**
     * The numbers and keys of this hello exceed Jackson's own limits. The test sends one more such hello than a lane
     * has concurrent calls.
     */
    @Test
    void acceptsExtremeHellosWithoutStallingTheLane() {
        EnrolledAgent enrolled = brain.agent();
        String longKey = "k".repeat(60_000);
        JsonObject hello =
                WireFrames.helloWith("capabilities", new JsonObject().put(longKey, new JsonArray().add("retry_task")));
        hello.getJsonObject("payload")
                .put(
                        "host",
                        new JsonObject()
                                .put("hostname", "h1")
                                .put("long", new BigInteger("9".repeat(4300)))
                                .put(longKey, 1));
        for (int i = 0; i < 5; i++) {
            enrolled.connect(hello).closeInOrder();
        }
        try (WireAgent agent = enrolled.connect()) {
            assertThat(agent.ingest(WireFrames.event()).accepted()).isEqualTo(1);
        }
        enrolled.connect(hello).closeInOrder();

        Rest.Response shown = brain.rest().get(enrolled.path());
        assertThat(shown.status()).isEqualTo(200);
        assertThat(shown.text())
                .as("the record keeps 16 KiB of each")
                .contains("\"host_name\":\"h1\"")
                .doesNotContain(longKey);
    }

    @ParameterizedTest
    @ValueSource(ints = {253, 254})
    void truncatesAHostNameBeyondItsLimitAndMarksIt(int length) {
        EnrolledAgent enrolled = brain.agent();
        String host = "h".repeat(length);
        JsonObject hello = WireFrames.helloOf("w-1");
        hello.getJsonObject("payload").put("host", new JsonObject().put("hostname", host));
        try (WireAgent agent = enrolled.connect(hello)) {
            agent.ingest(WireFrames.event());
            String shown = enrolled.view().getString("host_name");

            assertThat(shown.codePointCount(0, shown.length())).isLessThanOrEqualTo(253);
            assertThat(shown.equals(host)).isEqualTo(length == 253);
            assertThat(shown.endsWith(" of 254 characters]")).isEqualTo(length == 254);
        }
    }

    @Test
    void showsTheFieldsOfTheHello() {
        EnrolledAgent enrolled = brain.agent();
        JsonObject hello = WireFrames.helloOf("w-1");
        hello.getJsonObject("payload")
                .put("agent_version", "9.9")
                .put("framework", "django")
                .put("engines", new JsonArray().add("celery").add("rq"))
                .put("schedulers", new JsonArray().add("beat"))
                .put("capabilities", new JsonObject().put("celery", new JsonArray().add("retry_task")))
                .put("host", new JsonObject().put("hostname", "h1"))
                .put("worker_role", "conductor")
                .put("worker_pid", Integer.MAX_VALUE)
                .put("worker_started_at", "2026-01-02T03:04:05");
        try (WireAgent agent = enrolled.connect(hello)) {
            JsonObject view = enrolled.view();
            JsonObject worker = brain.rest()
                    .get(enrolled.path() + "/workers")
                    .expect(200)
                    .getJsonArray("items")
                    .getJsonObject(0);

            assertThat(view.getString("agent_version")).isEqualTo("9.9");
            assertThat(view.getString("framework_adapter")).isEqualTo("django");
            assertThat(view.getJsonArray("engine_adapters")).containsExactly("celery", "rq");
            assertThat(view.getJsonArray("scheduler_adapters")).containsExactly("beat");
            assertThat(view.getString("host_name")).isEqualTo("h1");
            assertThat(view.getString("protocol_version")).isEqualTo("2");
            assertThat(worker.getString("worker_id")).isEqualTo("w-1");
            assertThat(worker.getString("role")).isEqualTo("other");
            assertThat(worker.getInteger("pid")).isEqualTo(Integer.MAX_VALUE);
            assertThat(worker.getString("started_at")).isEqualTo("2026-01-02T03:04:05Z");
            assertThat(worker.getString("session_id")).isEqualTo(agent.sessionId());
            assertThat(worker.getString("remote_address")).isEqualTo("127.0.0.1");
        }
    }

    static Stream<Arguments> goodHellos() {
        return Stream.of(
                Arguments.of("all that is optional absent", bare()),
                Arguments.of("no ts", WireFrames.hello().putNull("ts")),
                Arguments.of("an id of 64", WireFrames.hello().put("id", "i".repeat(64))),
                Arguments.of(
                        "unknown fields", WireFrames.helloWith("surprise", 1).put("more", new JsonArray())),
                Arguments.of("agent_version of 40", WireFrames.helloWith("agent_version", "v".repeat(40))),
                Arguments.of("astral agent_version of 40", WireFrames.helloWith("agent_version", "😀".repeat(40))),
                Arguments.of("framework of 40", WireFrames.helloWith("framework", "f".repeat(40))),
                Arguments.of("64 engines", WireFrames.helloWith("engines", strings(64))),
                Arguments.of("64 schedulers", WireFrames.helloWith("schedulers", strings(64))),
                Arguments.of("worker_id of 128", WireFrames.helloWith("worker_id", "w".repeat(128))),
                Arguments.of("worker_role of 32", WireFrames.helloWith("worker_role", "r".repeat(32))),
                Arguments.of("worker_pid 0", WireFrames.helloWith("worker_pid", 0)),
                Arguments.of("worker_pid 2^31-1", WireFrames.helloWith("worker_pid", Integer.MAX_VALUE)),
                Arguments.of("null worker fields", WireFrames.helloWith("worker_pid", null)));
    }

    private static JsonObject bare() {
        return new JsonObject()
                .put("v", 2)
                .put("type", "hello")
                .put("id", "h")
                .put(
                        "payload",
                        new JsonObject()
                                .put("protocol_version", "2")
                                .put("agent_version", "1")
                                .put("framework", "bare"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("goodHellos")
    void acceptsAHelloAtTheLimits(String name, JsonObject hello) {
        try (WireAgent agent = brain.agent().connect(hello)) {
            assertThat(agent.ingest(WireFrames.event()).accepted()).isEqualTo(1);
        }
    }

    static Stream<Arguments> badHellos() {
        return Stream.of(
                Arguments.of(4400, "empty id", WireFrames.hello().put("id", "")),
                Arguments.of(4400, "an id of 65", WireFrames.hello().put("id", "i".repeat(65))),
                Arguments.of(4400, "no id", without(WireFrames.hello(), "id")),
                Arguments.of(4400, "no payload", without(WireFrames.hello(), "payload")),
                Arguments.of(
                        4400, "a payload that is a list", WireFrames.hello().put("payload", new JsonArray())),
                Arguments.of(4400, "ts that is no time", WireFrames.hello().put("ts", "today")),
                Arguments.of(4400, "ts without a zone", WireFrames.hello().put("ts", "2026-01-02T03:04:05")),
                Arguments.of(4400, "agent_version of 41", WireFrames.helloWith("agent_version", "v".repeat(41))),
                Arguments.of(4400, "framework of 41", WireFrames.helloWith("framework", "f".repeat(41))),
                Arguments.of(4400, "65 engines", WireFrames.helloWith("engines", strings(65))),
                Arguments.of(4400, "engines that are numbers", WireFrames.helloWith("engines", new JsonArray().add(1))),
                Arguments.of(4400, "65 schedulers", WireFrames.helloWith("schedulers", strings(65))),
                Arguments.of(
                        4400, "capabilities that are a list", WireFrames.helloWith("capabilities", new JsonArray())),
                Arguments.of(4400, "host that is a string", WireFrames.helloWith("host", "h")),
                Arguments.of(4400, "worker_id of 129", WireFrames.helloWith("worker_id", "w".repeat(129))),
                Arguments.of(4400, "worker_role of 33", WireFrames.helloWith("worker_role", "r".repeat(33))),
                Arguments.of(4400, "worker_pid -1", WireFrames.helloWith("worker_pid", -1)),
                Arguments.of(4400, "worker_pid 2^31", WireFrames.helloWith("worker_pid", 1L << 31)),
                Arguments.of(4400, "worker_pid as a string", WireFrames.helloWith("worker_pid", "1")),
                Arguments.of(
                        4400, "worker_started_at that is no time", WireFrames.helloWith("worker_started_at", "then")),
                Arguments.of(4400, "no protocol_version", withoutVersion()),
                Arguments.of(4400, "protocol_version as a number", WireFrames.helloWith("protocol_version", 2)),
                Arguments.of(4400, "v as a string", WireFrames.hello().put("v", "2")),
                Arguments.of(4400, "no v", without(WireFrames.hello(), "v")),
                Arguments.of(4426, "protocol_version 1", WireFrames.helloWith("protocol_version", "1")),
                Arguments.of(4426, "protocol_version 3", WireFrames.helloWith("protocol_version", "3")),
                Arguments.of(4426, "v 1", WireFrames.hello().put("v", 1)),
                Arguments.of(4426, "v 3", WireFrames.hello().put("v", 3)),
                Arguments.of(4400, "a heartbeat", WireFrames.hello().put("type", "heartbeat")),
                Arguments.of(4400, "a hello_ack", WireFrames.hello().put("type", "hello_ack")),
                Arguments.of(4400, "an unknown type", WireFrames.hello().put("type", "goodbye")),
                Arguments.of(4400, "no type", without(WireFrames.hello(), "type")));
    }

    @ParameterizedTest(name = "{0} for {1}")
    @MethodSource("badHellos")
    void rejectsAnInvalidHelloWithACloseCodeOnly(int code, String name, JsonObject hello) {
        EnrolledAgent enrolled = brain.agent();
        assertThat(enrolled.endingAfter(hello)).hasToString(code + " ");
        assertThat(enrolled.view().getString("state")).isEqualTo("unknown");
    }

    static Stream<Arguments> noFrames() {
        String hello = WireFrames.hello().encode();
        byte[] invalid = hello.replace("hello-1", "hello-\u00e9").getBytes(StandardCharsets.ISO_8859_1);
        return Stream.of(
                Arguments.of("not JSON", "{nope".getBytes(UTF_8)),
                Arguments.of("a list", "[]".getBytes(UTF_8)),
                Arguments.of("a string", "\"hello\"".getBytes(UTF_8)),
                Arguments.of("a number", "2".getBytes(UTF_8)),
                Arguments.of("nothing", new byte[0]),
                Arguments.of("spaces", "   ".getBytes(UTF_8)),
                Arguments.of("trailing bytes", (hello + "x").getBytes(UTF_8)),
                Arguments.of("two objects", (hello + hello).getBytes(UTF_8)),
                Arguments.of("a byte order mark", ("\uFEFF" + hello).getBytes(UTF_8)),
                Arguments.of("invalid UTF-8", invalid),
                Arguments.of(
                        "a lone surrogate", hello.replace("hello-1", "\\ud800").getBytes(UTF_8)),
                Arguments.of(
                        "NaN",
                        hello.replace("\"host\":{}", "\"host\":{\"a\":NaN}").getBytes(UTF_8)),
                Arguments.of(
                        "an overflow",
                        hello.replace("\"host\":{}", "\"host\":{\"a\":1e999}").getBytes(UTF_8)),
                Arguments.of(
                        "a deep nesting",
                        hello.replace("{}", "[".repeat(100_000)).getBytes(UTF_8)),
                Arguments.of(
                        "a long integer", hello.replace("{}", "1".repeat(4301)).getBytes(UTF_8)),
                Arguments.of("a NUL", new byte[] {0}));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("noFrames")
    void closesWith4400OnAnythingThatIsNotAFrame(String name, byte[] message) {
        EnrolledAgent enrolled = brain.agent();
        for (Opcode opcode : new Opcode[] {Opcode.TEXT, Opcode.BINARY}) {
            try (WireSocket socket = enrolled.openSocket()) {
                socket.send(opcode, message);
                assertThat(WireAgent.endingOf(socket)).as(opcode.name()).hasToString("4400 ");
            }
        }
    }

    @Test
    void acceptsAFragmentedHello() {
        byte[] hello = WireFrames.hello().toBuffer().getBytes();
        EnrolledAgent enrolled = brain.agent();
        try (WireSocket socket = enrolled.openSocket()) {
            socket.send(Opcode.BINARY, false, new byte[0]);
            for (byte each : hello) {
                socket.send(Opcode.CONTINUATION, false, new byte[] {each});
            }
            socket.send(Opcode.PING, new byte[] {7});
            socket.send(Opcode.CONTINUATION, true, new byte[0]);
            pongThenHelloAck(enrolled, socket);
        }
    }

    private static void pongThenHelloAck(EnrolledAgent enrolled, WireSocket socket) {
        try {
            assertThat(socket.receive()).isNotNull();
            try (WireAgent agent = enrolled.awaitHelloAck(socket)) {
                assertThat(agent.ingest(WireFrames.event()).accepted()).isEqualTo(1);
            }
        } catch (EOFException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void handlesFramesThatArriveBeforeTheHelloAck() {
        EnrolledAgent enrolled = brain.agent();
        byte[] hello = WireSocket.frame(
                Opcode.TEXT, true, true, WireFrames.hello().toBuffer().getBytes());
        byte[] early = WireSocket.frame(
                Opcode.TEXT, true, true, WireFrames.hello().toBuffer().getBytes());
        try (WireSocket socket = enrolled.openSocket()) {
            byte[] both = Arrays.copyOf(hello, hello.length + early.length);
            System.arraycopy(early, 0, both, hello.length, early.length);
            socket.sendBytes(both);
            try (WireAgent agent = enrolled.awaitHelloAck(socket)) {
                assertThat(agent.ending()).hasToString("4400 malformed_frame");
            }
        }
    }

    @Test
    void signsInTheEncodingOfTheAgentOnBothPaths() {
        EnrolledAgent enrolled = brain.agent();
        try (WireAgent documented = enrolled.connect("d").signingIn(HmacEncoding.HEX)) {
            documented.ingest(WireFrames.event());
            assertThat(documented.lastEncoding()).isEqualTo(HmacEncoding.HEX);
            documented.signingIn(HmacEncoding.BASE64).ingest(WireFrames.event());
            assertThat(documented.lastEncoding()).isEqualTo(HmacEncoding.BASE64);
        }
        try (WireAgent library = enrolled.connectAsLibrary()) {
            library.ingest(WireFrames.event());
            assertThat(library.lastEncoding()).isEqualTo(HmacEncoding.HEX);
            library.signingIn(HmacEncoding.BASE64).ingest(WireFrames.event());
            assertThat(library.lastEncoding()).isEqualTo(HmacEncoding.BASE64);
        }
    }

    private static JsonArray strings(int count) {
        return new JsonArray(Collections.nCopies(count, "e"));
    }

    private static JsonObject without(JsonObject frame, String field) {
        frame.remove(field);
        return frame;
    }

    private static JsonObject withoutVersion() {
        JsonObject hello = WireFrames.hello();
        hello.getJsonObject("payload").remove("protocol_version");
        return hello;
    }
}
