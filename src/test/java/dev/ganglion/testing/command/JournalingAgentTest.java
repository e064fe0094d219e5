package dev.ganglion.testing.command;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganglion.testing.wire.WireSocket;
import dev.ganglion.testing.wire.WireSocket.Opcode;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests which endings the agent treats as a lost connection. The test's brain accepts every agent and sends one fixed
 * frame.
 */
class JournalingAgentTest {
    private static final JsonObject MINTED = new JsonObject().put("token", "t").put("hmac_secret", "A".repeat(43));

    private final AtomicInteger connections = new AtomicInteger();
    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private JournalingAgent agentThatReceives(byte[] frame) {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        answer.writeBytes("HTTP/1.1 101 Switching Protocols\r\n\r\n".getBytes(ISO_8859_1));
        answer.writeBytes(frame);
        new Thread(() -> answerAll(answer.toByteArray()), "one-frame-brain").start();
        return new JournalingAgent(server::getLocalPort, MINTED, 1);
    }

    private void answerAll(byte[] answer) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                connections.incrementAndGet();
                socket.getOutputStream().write(answer);
                socket.shutdownOutput();
                byte[] unused = socket.getInputStream().readAllBytes();
            } catch (IOException over) {
                // The agent disconnected, or the test has ended.
            }
        }
    }

    private static byte[] close(int code) {
        return WireSocket.frame(Opcode.CLOSE, true, false, new byte[] {(byte) (code >>> 8), (byte) code});
    }

    private void assertReconnects(byte[] frame) {
        try (JournalingAgent agent = agentThatReceives(frame)) {
            Awaitility.await().until(() -> connections.get() > 2);
            assertThatCode(agent::assertNoProtocolViolation).doesNotThrowAnyException();
        }
    }

    private void assertFails(byte[] frame, String why) {
        try (JournalingAgent agent = agentThatReceives(frame)) {
            Awaitility.await()
                    .untilAsserted(() -> assertThatThrownBy(agent::assertNoProtocolViolation)
                            .isInstanceOf(AssertionError.class)
                            .hasMessageContaining(why));
        }
    }

    @Test
    void reconnectsWhenTheBrainClosesTheSocket() {
        assertReconnects(new byte[0]);
    }

    @ParameterizedTest
    @ValueSource(ints = {1001, 1011, 4002})
    void reconnectsAfterARetryableCloseCode(int code) {
        assertReconnects(close(code));
    }

    @ParameterizedTest
    @ValueSource(ints = {4400, 4403})
    void failsOnACloseCodeThatReportsAFault(int code) {
        assertFails(close(code), "expected hello_ack but received " + code);
    }

    @Test
    void failsOnAForbiddenFrame() {
        assertFails(WireSocket.frame(Opcode.TEXT, true, true, new byte[1]), "unmasked");
    }

    @Test
    void failsOnAnAnswerThatIsNotAHelloAck() {
        assertFails(WireSocket.frame(Opcode.TEXT, true, false, new byte[] {'?'}), "decode");
    }
}
