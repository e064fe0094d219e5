package dev.ganglion.gateway.poll;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ganglion.testing.agent.PollAgent;
import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.BrainProcess;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.http.Rest;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests that uploads which stall take no memory from other clients, on a node with a small heap. */
@Timeout(120)
class StalledUploadsIT {
    private static final int MEBIBYTE = 1 << 20;

    @RegisterExtension
    static final BrainExtension enrolment = new BrainExtension();

    private static BrainProcess brain;

    @BeforeAll
    static void start() {
        brain = BrainProcess.start(enrolment.redis(), "-Xmx256m", "-XX:+ExitOnOutOfMemoryError");
    }

    @AfterAll
    static void stop() {
        brain.close();
    }

    @Test
    void stalledUploadsDoNotShutOutOtherAgentsAndGiveTheirMemoryBack() throws IOException {
        List<Socket> stalled = new ArrayList<>();
        try {
            for (int i = 0; i < 2; i++) {
                EnrolledAgent greedy = enrolment.agent();
                String head = "POST /api/v1/agent/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                        + greedy.token() + "\r\n" + PollAgent.NONCE + ": n" + i + "\r\nContent-Length: ";
                stalled.add(stalledAfter(head + 30 * MEBIBYTE, 28 * MEBIBYTE));
            }
            await().until(() -> uploadBytes() > 20 * MEBIBYTE);

            PollAgent other = PollAgent.of(enrolment.agent());
            assertThat(other.upload(brain.port(), other.batch()).status()).isEqualTo(200);
            assertThat(other.upload(brain.port(), other.batch()).status()).isEqualTo(200);

            await().atMost(Duration.ofSeconds(25)).until(() -> uploadBytes() == 0);
            assertThat(statusOf(stalled.get(0))).startsWith("HTTP/1.1 503");
        } finally {
            for (Socket socket : stalled) {
                socket.close();
            }
        }
        assertThat(Rest.at(brain.port(), "").call("GET", "/readyz", null).status())
                .isEqualTo(200);
    }

    @Test
    void endsRequestBodiesOfRestThatStall() throws IOException {
        String login = "POST /api/v1/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: 60000";
        try (Socket socket = stalledAfter(login, 50_000)) {
            await().until(() -> uploadBytes() >= 60_000);
            assertThat(statusOf(socket))
                    .startsWith("HTTP/1.1 503")
                    .containsIgnoringCase("Retry-After")
                    .contains("too slowly");
            await().until(() -> uploadBytes() == 0);
        }
        try (Socket socket = stalledAfter(login, 50_000)) {
            await().until(() -> uploadBytes() >= 60_000);
            socket.setSoLinger(true, 0);
        }
        await().atMost(Duration.ofSeconds(3)).until(() -> uploadBytes() == 0);
    }

    private static Socket stalledAfter(String head, int bytes) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), brain.port());
        socket.getOutputStream().write((head + "\r\n\r\n").getBytes(US_ASCII));
        byte[] part = new byte[Math.min(bytes, MEBIBYTE)];
        for (int sent = 0; sent < bytes; sent += part.length) {
            socket.getOutputStream().write(part);
        }
        return socket;
    }

    /** Reads what the brain answers until it ends the connection or falls silent. */
    private static String statusOf(Socket socket) throws IOException {
        socket.setSoTimeout(25_000);
        InputStream in = socket.getInputStream();
        byte[] answer = new byte[4_096];
        int length = in.read(answer);
        return new String(answer, 0, Math.max(0, length), StandardCharsets.UTF_8);
    }

    private static double uploadBytes() {
        return brain.rest()
                .call("GET", "/metrics", null)
                .text()
                .lines()
                .filter(line -> line.startsWith("ganglion_budget_bytes{budget=\"uploads\"}"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                .findFirst()
                .orElseThrow();
    }
}
