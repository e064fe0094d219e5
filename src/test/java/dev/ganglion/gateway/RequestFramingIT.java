package dev.ganglion.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.log.QuietLog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks that the brain and a proxy in front of it cannot disagree on where a request ends or for which host it is. */
@Timeout(90)
class RequestFramingIT {
    private static final String SMUGGLED = "GET /healthz?smuggled HTTP/1.1\r\nHost: brain\r\n\r\n";
    private static final int PATIENCE_MS = (int) Duration.ofSeconds(15).toMillis();

    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    @RegisterExtension
    final QuietLog log = new QuietLog();

    /** Sends bytes and returns all that the brain answers until it closes the connection. */
    private static String answers(String sent) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), brain.port())) {
            socket.setSoTimeout(PATIENCE_MS);
            socket.getOutputStream().write(sent.getBytes(ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    private static String post(String headers, String body) {
        return "POST /api/v1/sessions HTTP/1.1\r\nHost: brain\r\nContent-Type: application/json\r\n" + headers + "\r\n"
                + body;
    }

    private static int count(String text, String part) {
        return text.split(part, -1).length - 1;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding: chunked, identity",
                "Transfer-Encoding: chunked, xchunked",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: identity",
                "Transfer-Encoding: gzip, chunked",
                "Transfer-Encoding: identity, chunked",
                "Transfer-Encoding: chunked, chunked",
                "Transfer-Encoding: \"chunked\"",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
                "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nContent-Length: 4",
                "Content-Length: 4\r\nTransfer-Encoding: chunked",
                "Content-Length: 4\r\nContent-Length: 5",
                "Content-Length: 4, 5",
                "Content-Length: +4",
                "Content-Length: -1",
                "Transfer-Encoding : chunked",
                "Transfer-Encoding:\u000bchunked",
                "Host: another",
                "Host: brain",
            })
    void refusesAmbiguousFramingAndClosesTheConnection(String headers) throws IOException {
        String answer = answers(post(headers + "\r\n", "0\r\n\r\n" + SMUGGLED));
        assertThat(answer).startsWith("HTTP/1.1 400 ").contains("\"error\":\"invalid_request\"");
        assertThat(count(answer, "HTTP/1.1 ")).as("answers").isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /ws HTTP/1.1",
                "GET /ws/agent HTTP/1.1",
                "GET /ws/dashboard HTTP/1.1",
                "POST /agent/v1/events HTTP/1.1",
                "GET /metrics HTTP/1.1",
                "GET /ui/ HTTP/1.1"
            })
    void refusesItOnEveryPath(String line) throws IOException {
        String answer =
                answers(line + "\r\nHost: brain\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" + SMUGGLED);
        assertThat(answer).startsWith("HTTP/1.1 400 ").contains("Transfer-Encoding: only the single value chunked");
        assertThat(count(answer, "HTTP/1.1 ")).as("answers").isEqualTo(1);
    }

    @Test
    void refusesATransferEncodingBeforeHttp11() throws IOException {
        assertThat(answers(
                        "POST /api/v1/sessions HTTP/1.0\r\nHost: brain\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
                                + SMUGGLED))
                .startsWith("HTTP/1.0 400 ")
                .doesNotContain("HTTP/1.1 200");
    }

    @ParameterizedTest
    @ValueSource(strings = {"100000002", "2;\n", "0x2", "+2", "-2", "2 2", ""})
    void doesNotReadAnotherRequestAfterAnInvalidChunkSize(String size) throws IOException {
        String answer = answers(post("Transfer-Encoding: chunked\r\n", size + "\r\n{}\r\n0\r\n\r\n" + SMUGGLED));
        assertThat(answer).doesNotContain("HTTP/1.1 200");
    }

    /** Vert.x takes the first two names for Content-Length and Content-Type. A proxy in front does not. */
    @ParameterizedTest
    @ValueSource(strings = {"Content-Xength", "content-\u0001ength", "Content-xength", "Xontent-Length"})
    void takesNoOtherHeaderForContentLength(String name) throws IOException {
        String answer = answers("POST /api/v1/sessions HTTP/1.1\r\nHost: brain\r\n" + name + ": 60\r\n\r\n"
                + "GET /healthz?visible HTTP/1.1\r\nHost: brain\r\nConnection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 4");
        if (name.chars().allMatch(letter -> letter > ' ')) {
            assertThat(count(answer, "HTTP/1.1 ")).as("answers").isEqualTo(2);
        }
    }

    @Test
    void takesNoOtherHeaderForContentType() throws IOException {
        String answer = answers("POST /api/v1/auth/login HTTP/1.1\r\nHost: brain\r\nContent-Xype: application/json\r\n"
                + "Content-Length: 2\r\nConnection: close\r\n\r\n{}");
        String typed = answers("POST /api/v1/auth/login HTTP/1.1\r\nHost: brain\r\nContent-Type: application/json\r\n"
                + "Content-Length: 2\r\nConnection: close\r\n\r\n{}");
        assertThat(answer).startsWith("HTTP/1.1 4");
        assertThat(answer.lines().findFirst()).isNotEqualTo(typed.lines().findFirst());
    }

    @Test
    void refusesAnUpgradeWithABody() throws IOException {
        String answer = answers("GET /ws/agent HTTP/1.1\r\nHost: brain\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nContent-Length: 5\r\n"
                + "Authorization: Bearer nobodys\r\n\r\nhello" + SMUGGLED);
        assertThat(answer).startsWith("HTTP/1.1 400 ").contains("Upgrade: ");
        assertThat(count(answer, "HTTP/1.1 ")).as("answers").isEqualTo(1);
    }

    /** Java's HTTP client offers HTTP/2 with its first request, whatever its method. */
    @Test
    void servesARequestWithABodyThatOffersHttp2() throws IOException {
        String offer = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAA\r\n";
        String next = "GET /healthz HTTP/1.1\r\nHost: brain\r\nConnection: close\r\n\r\n";
        String answer = answers(post(offer + "Content-Length: 2\r\n", "{}") + next);

        assertThat(answer).startsWith("HTTP/1.1 4").doesNotContain("Upgrade: ").contains("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @CsvSource({"chunked", "Chunked", "CHUNKED"})
    void acceptsChunkedBodies(String coding) throws IOException {
        String answer =
                answers(post("Transfer-Encoding: " + coding + "\r\nConnection: close\r\n", "2\r\n{}\r\n0\r\n\r\n"));
        assertThat(answer)
                .startsWith("HTTP/1.1 4")
                .doesNotContain("invalid HTTP")
                .doesNotContain("Transfer-Encoding:");
    }

    @ParameterizedTest
    @CsvSource({"9000, 414", "7000, 404"})
    void namesTheLimitOfTheRequestLine(int length, int status) throws IOException {
        assertThat(answers("GET /" + "a".repeat(length) + " HTTP/1.1\r\nHost: brain\r\nConnection: close\r\n\r\n"))
                .matches("(?s)HTTP/1\\.[01] " + status + " .*");
    }

    @Test
    void namesTheLimitOfTheHeaders() throws IOException {
        assertThat(answers("GET /healthz HTTP/1.1\r\nHost: brain\r\nX: " + "a".repeat(20_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431 ")
                .contains("longer than 16 KiB");
    }
}
