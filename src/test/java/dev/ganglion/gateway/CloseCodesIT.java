package dev.ganglion.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.wire.Ending;
import dev.ganglion.testing.wire.WireAgent;
import dev.ganglion.testing.wire.WireFrames;
import dev.ganglion.testing.wire.WireSocket;
import dev.ganglion.testing.wire.WireSocket.Opcode;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CloseCodesIT {
    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    @RegisterExtension
    final QuietLog log = new QuietLog();

    @AfterEach
    void awaitNoOpenConnections() {
        brain.awaitNoConnections();
    }

    @Test
    void showsAnAgentThatClosesAsOffline() {
        EnrolledAgent enrolled = brain.agent();
        WireAgent agent = enrolled.connect();
        assertThat(enrolled.view().getString("state")).isEqualTo("online");

        agent.socket().send(Opcode.CLOSE, new byte[] {0x03, (byte) 0xE8});

        assertThat(agent.ending()).hasToString("1000 ");
        awaitOffline(enrolled);
    }

    @Test
    void showsAnAgentWhoseConnectionBreaksAsOffline() {
        EnrolledAgent enrolled = brain.agent();
        WireAgent agent = enrolled.connect();

        agent.socket().reset();

        awaitOffline(enrolled);
    }

    @Test
    void closesWith1009OnAnOversizedFrame() {
        EnrolledAgent enrolled = brain.agent();
        try (WireAgent agent = enrolled.connect()) {
            agent.socket().send(Opcode.BINARY, new byte[1024 * 1024 + 1]);

            assertThat(agent.ending()).hasToString("1009 frame_too_large");
        }
        awaitOffline(enrolled);
    }

    @Test
    void closesWith1009OnTheHeadOfAHugeFrame() {
        EnrolledAgent enrolled = brain.agent();
        try (WireAgent agent = enrolled.connect()) {
            byte[] head = WireSocket.frame(Opcode.TEXT, true, true, new byte[5 * 1024 * 1024]);
            agent.socket().sendBytes(Arrays.copyOf(head, 1000));

            assertThat(agent.ending()).hasToString("1009 frame_too_large");
        }
        awaitOffline(enrolled);
    }

    @Test
    void displacesTheOlderSessionOfASlot() {
        EnrolledAgent enrolled = brain.agent();
        try (WireAgent older = enrolled.connect();
                WireAgent beside = enrolled.connect("other")) {
            try (WireAgent newer = enrolled.connect()) {
                assertThat(older.ending()).hasToString("4002 displaced");
                assertThat(newer.ingest(WireFrames.event()).accepted()).isEqualTo(1);
                assertThat(beside.ingest(WireFrames.event()).accepted()).isEqualTo(1);
                assertThat(enrolled.view().getInteger("connections")).isEqualTo(2);
            }
        }
        awaitOffline(enrolled);
    }

    @Test
    void treatsAnEmptyWorkerIdLikeAnAbsentOne() {
        EnrolledAgent enrolled = brain.agent();
        try (WireAgent older = enrolled.connect();
                WireAgent newer = enrolled.connect("")) {
            assertThat(older.ending()).hasToString("4002 displaced");
            assertThat(newer.ingest(WireFrames.event()).accepted()).isEqualTo(1);
        }
    }

    @Test
    void keepsTheSlotWhenADisplacedConnectionEnds() {
        EnrolledAgent enrolled = brain.agent(brain.project(), new JsonObject().put("connection_cap", 1));
        try (WireAgent older = enrolled.connect("w");
                WireAgent newer = enrolled.connect("w")) {
            assertThat(older.ending()).hasToString("4002 displaced");
            Awaitility.await()
                    .untilAsserted(
                            () -> assertThat(brain.metric("z4j_ws_connections")).isEqualTo(1));
            assertThat(enrolled.endingAfter(WireFrames.helloOf("another"))).hasToString("4429 ");
            assertThat(newer.ingest(WireFrames.event()).accepted()).isEqualTo(1);
        }
    }

    @Test
    void closesTheSessionsOfARevokedAgentAndRejectsItsToken() {
        EnrolledAgent enrolled = brain.agent();
        try (WireAgent one = enrolled.connect("1");
                WireAgent two = enrolled.connect("2")) {
            assertThat(brain.rest().delete(enrolled.path()).status()).isEqualTo(204);

            assertThat(one.ending()).hasToString("4003 revoked");
            assertThat(two.ending()).hasToString("4003 revoked");
        }
        assertThat(brain.rest().get(enrolled.path()).status()).isEqualTo(404);
        assertThat(endingFor("/ws", "Bearer " + enrolled.token())).hasToString("4401 ");
    }

    @Test
    void closesAnAgentThatIsRevokedBeforeItsHello() {
        EnrolledAgent enrolled = brain.agent();
        try (WireSocket socket = enrolled.openSocket()) {
            assertThat(brain.rest().delete(enrolled.path()).status()).isEqualTo(204);
            assertThat(WireAgent.endingOf(socket)).hasToString("4003 ");
        }
    }

    @Test
    void closesTheAgentsOfADeletedProject() {
        EnrolledAgent enrolled = brain.agent();
        try (WireAgent agent = enrolled.connect()) {
            assertThat(brain.rest().delete("/projects/" + enrolled.slug()).status())
                    .isEqualTo(204);
            assertThat(agent.ending()).hasToString("4003 revoked");
        }
    }

    @Test
    void closesWith4429AboveTheCapUntilASlotIsReleased() {
        EnrolledAgent enrolled = brain.agent(brain.project(), new JsonObject().put("connection_cap", 2));
        try (WireAgent one = enrolled.connect("1");
                WireAgent two = enrolled.connect("2")) {
            assertThat(enrolled.endingAfter(WireFrames.helloOf("3"))).hasToString("4429 ");
            two.closeInOrder();
            Awaitility.await()
                    .untilAsserted(() -> assertThat(enrolled.view().getInteger("connections"))
                            .isEqualTo(1));
            try (WireAgent three = enrolled.connect("3")) {
                assertThat(three.ingest(WireFrames.event()).accepted()).isEqualTo(1);
                assertThat(one.ingest(WireFrames.event()).accepted()).isEqualTo(1);
            }
        }
    }

    static Stream<Arguments> violations() {
        byte[] text = "{}".getBytes(StandardCharsets.UTF_8);
        return Stream.of(
                Arguments.of("an unmasked frame", WireSocket.frame(Opcode.TEXT, true, false, text)),
                Arguments.of("a reserved opcode", WireSocket.frame(Opcode.RESERVED_DATA, true, true, text)),
                Arguments.of("a reserved control", WireSocket.frame(Opcode.RESERVED_CONTROL, true, true, text)),
                Arguments.of("a continuation of nothing", WireSocket.frame(Opcode.CONTINUATION, true, true, text)),
                Arguments.of("a long ping", WireSocket.frame(Opcode.PING, true, true, new byte[126])),
                Arguments.of("a fragmented ping", WireSocket.frame(Opcode.PING, false, true, text)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("violations")
    void closesASessionWith1002OnAWebSocketViolation(String name, byte[] bytes) {
        EnrolledAgent enrolled = brain.agent();
        try (WireAgent agent = enrolled.connect()) {
            agent.socket().sendBytes(bytes);
            assertThat(agent.ending()).hasToString("1002 malformed_frame");
        }
        awaitOffline(enrolled);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("violations")
    void closesAHandshakeWith1002OnAWebSocketViolation(String name, byte[] bytes) {
        try (WireSocket socket = brain.agent().openSocket()) {
            socket.sendBytes(bytes);
            assertThat(WireAgent.endingOf(socket)).hasToString("1002 ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer z4j_agent_nobodys", "Basic abc", "Bearer", "Bearer  "})
    void closesWith4401AfterTheUpgradeOnAnInvalidBearerToken(String authorization) {
        assertThat(endingFor("/ws", authorization)).hasToString("4401 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer z4j_agent_nobodys", "Basic abc", "Bearer", "Bearer  "})
    void answers401ToAReleasedAgentWithAnInvalidBearerToken(String authorization) {
        try (WireSocket socket = WireSocket.connect(brain.port())) {
            WireSocket.Answer answer = socket.upgrade(EnrolledAgent.LIBRARY, headers(authorization));
            assertThat(answer.status()).isEqualTo(401);
            assertThat(new JsonObject(answer.body()).getString("error")).isEqualTo("unauthorized");
        }
    }

    @Test
    void ignoresFramesAfterARejectedBearerToken() {
        try (WireSocket socket = WireSocket.connect(brain.port())) {
            assertThat(socket.upgrade("/ws", headers("Bearer nobodys")).status())
                    .isEqualTo(101);
            socket.send(Opcode.TEXT, WireFrames.hello().toBuffer().getBytes());
            assertThat(WireAgent.endingOf(socket)).hasToString("4401 ");
        }
    }

    private static Ending endingFor(String path, String authorization) {
        try (WireSocket socket = WireSocket.connect(brain.port())) {
            assertThat(socket.upgrade(path, headers(authorization)).status()).isEqualTo(101);
            return WireAgent.endingOf(socket);
        }
    }

    private static Map<String, String> headers(String authorization) {
        return authorization.isEmpty() ? Map.of() : Map.of("Authorization", authorization);
    }

    private static void awaitOffline(EnrolledAgent enrolled) {
        Awaitility.await().untilAsserted(() -> {
            JsonObject view = enrolled.view();
            assertThat(view.getString("state")).isEqualTo("offline");
            assertThat(view.getInteger("connections")).isZero();
        });
    }
}
