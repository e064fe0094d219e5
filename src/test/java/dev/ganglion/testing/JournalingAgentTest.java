package dev.ganglion.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganglion.testing.WireSocket.Opcode;
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

/** Whether the agent takes what is no hang-up for one, by a brain that lets everybody in and says one thing. */
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

    private JournalingAgent agentThatIsTold(byte[] frame) {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        answer.writeBytes("HTTP/1.1 101 Switching Protocols\r\n\r\n".getBytes(ISO_8859_1));
        answer.writeBytes(frame);
        new Thread(() -> tellAll(answer.toByteArray()), "brain-of-one-word").start();
        return new JournalingAgent(server::getLocalPort, MINTED, 1);
    }

    private void tellAll(byte[] answer) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                connections.incrementAndGet();
                socket.getOutputStream().write(answer);
                socket.shutdownOutput();
                byte[] unused = socket.getInputStream().readAllBytes();
            } catch (IOException over) {
                // The agent went, or the test is over.
            }
        }
    }

    private static byte[] close(int code) {
        return WireSocket.frame(Opcode.CLOSE, true, false, new byte[] {(byte) (code >>> 8), (byte) code});
    }

    private void assertThatItComesAgain(byte[] frame) {
        try (JournalingAgent agent = agentThatIsTold(frame)) {
            Awaitility.await().until(() -> connections.get() > 2);
            assertThatCode(agent::assertWell).doesNotThrowAnyException();
        }
    }

    private void assertThatItFails(byte[] frame, String why) {
        try (JournalingAgent agent = agentThatIsTold(frame)) {
            Awaitility.await()
                    .untilAsserted(() -> assertThatThrownBy(agent::assertWell)
                            .isInstanceOf(AssertionError.class)
                            .hasMessageContaining(why));
        }
    }

    @Test
    void itComesAgainWhenTheBrainHangsUp() {
        assertThatItComesAgain(new byte[0]);
    }

    @ParameterizedTest
    @ValueSource(ints = {1001, 1011, 4002})
    void itComesAgainWhenTheBrainCloses(int code) {
        assertThatItComesAgain(close(code));
    }

    @ParameterizedTest
    @ValueSource(ints = {4400, 4403})
    void thatTheBrainFindsFaultWithItIsNoHangUp(int code) {
        assertThatItFails(close(code), "no hello_ack but " + code);
    }

    @Test
    void aFrameThatTheBrainMustNotSendIsNoHangUp() {
        assertThatItFails(WireSocket.frame(Opcode.TEXT, true, true, new byte[1]), "unmasked");
    }

    @Test
    void anAnswerThatIsNoHelloAckIsNoHangUp() {
        assertThatItFails(WireSocket.frame(Opcode.TEXT, true, false, new byte[] {'?'}), "decode");
    }
}
