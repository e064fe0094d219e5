package dev.ganglion.socket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.Brain;
import dev.ganglion.config.GanglionConfig;
import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.http.Rest;
import dev.ganglion.testing.log.WarnLog;
import dev.ganglion.testing.network.Certificates;
import dev.ganglion.testing.network.Ports;
import dev.ganglion.testing.redis.RedisExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Sends what no client sends to every port of a node, and reads the log. */
@Timeout(120)
class GarbageIT {
    /** Most lines that the garbage of one test may write, over all repetitions. */
    private static final int LINES = 1;

    private static final int REPETITIONS = 5;
    /** The requests write it as a bar. */
    private static final String LINE_END = "\r\n";

    private static final String KEY = "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==|Sec-WebSocket-Version: 13|";

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    @RegisterExtension
    final WarnLog log = new WarnLog();

    private static Brain start(Map<String, String> more) throws Exception {
        Map<String, String> settings = new TreeMap<>(Map.of(
                "http.port",
                "0",
                "http.event-loops",
                "2",
                "master-secret",
                BrainExtension.MASTER_SECRET,
                "admin-key",
                BrainExtension.ADMIN_KEY,
                "drain.window",
                "0s",
                "redis.uri",
                redis.connectionString().value()));
        settings.putAll(more);
        return Brain.start(GanglionConfig.with(settings), Clock.systemUTC())
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
    }

    private static void stop(Brain brain) throws Exception {
        brain.stop().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static List<String> requests() {
        return List.of(
                "||",
                "GET||",
                "GET / HTTP/9.9||",
                "GET / HTTP/1.1|: x||",
                "GET http:// HTTP/1.1|Host: x||",
                "GET http://[::1/ HTTP/1.1|Host: x||",
                "GET %zz HTTP/1.1|Host: x||",
                "GET /%zz?a=%zz HTTP/1.1|Host: x||",
                "GET /api/v1/%zz HTTP/1.1|Host: x||",
                "GET ws HTTP/1.1|Host: x|Connection: Upgrade|Upgrade: websocket|" + KEY + "|",
                "GET /ws HTTP/1.1|Host: [|Connection: Upgrade|Upgrade: websocket|" + KEY + "|",
                "GET /ws HTTP/1.1|Host: a b|Connection: Upgrade|Upgrade: websocket|" + KEY + "|",
                "GET /ws HTTP/1.1|Connection: Upgrade|Upgrade: websocket|" + KEY + "|",
                "GET /ws HTTP/1.1|Host: x|Upgrade: websocket|" + KEY + "|",
                "GET /ws HTTP/1.1|Host: x|Connection: Upgrade|Upgrade: websocket|" + "Sec-WebSocket-Version: 13||",
                "GET /ws/dashboard HTTP/1.1|Host: x|Connection: Upgrade|Upgrade: websocket|"
                        + "Sec-WebSocket-Version: 13||",
                "GET /ws/dashboard HTTP/1.1|Host: x|Upgrade: websocket|" + KEY + "|",
                "GET /ws HTTP/1.1|Host: x|Connection: Upgrade|Upgrade: websocket|" + KEY + "|\u00ff\u00ff\u00ff\u00ff",
                "GET /ws HTTP/1.0|Host: x|Connection: Upgrade|Upgrade: websocket|" + KEY + "|",
                "CONNECT x:80 HTTP/1.1|Host: x||",
                "OPTIONS * HTTP/1.1|Host: x||",
                "PRI * HTTP/2.0||SM||",
                "POST /api/v1/auth/login HTTP/1.1|Host: x|Content-Type: application/json|" + "Content-Length: 5||{{{{{",
                "POST /api/v1/auth/login HTTP/1.1|Host: x|Content-Type: application/json|"
                        + "Transfer-Encoding: chunked||zz|",
                "POST /api/v1/auth/login HTTP/1.1|Host: x|Content-Type: multipart/form-data; boundary=|"
                        + "Content-Length: 5||-----",
                "POST /api/v1/agent/events HTTP/1.1|Host: x|Content-Length: 99||x",
                "POST /api/v1/auth/login HTTP/1.1|Host: x|Expect: 100-continue|Content-Length: 9||",
                "GET /healthz HTTP/1.1|Host: x|Cookie: =;;;\u0001||",
                "GET /api/v1/projects HTTP/1.1|Host: x|Cookie: ganglion_session=%%%|Authorization: ||",
                "GET /healthz HTTP/1.1|Host: x|X-Forwarded-For: ,,,|Forwarded: for=;;||",
                "PROXY TCP4 x y z|",
                "PROXY UNKNOWN|GET||",
                "PROXY TCP4 1.2.3.4 5.6.7.8 99999 1||");
    }

    private static List<byte[]> garbage() {
        List<byte[]> all = new ArrayList<>();
        for (String text : requests()) {
            all.add(text.replace("|", LINE_END).getBytes(ISO_8859_1));
        }
        all.add(new byte[92]);
        all.add(new byte[] {0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0});
        all.add(new byte[] {
            0x0D, 0x0A, 0x0D, 0x0A, 0, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A, 0x2F, 0x7F, 0, 4, 1, 2, 3, 4
        });
        all.add(new byte[] {0, 0, 0, 88, 1, 2, 3, 4, 5, 6, 7, 8});
        all.add(new byte[] {0, 0, 0, 4, 99, 99, 99, 99, 0, 0, 0, 1, 0});
        all.add(new byte[] {0x7F, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 1, 1, 1});
        all.add("HZC\0\0\0\0\0\0\0\0".getBytes(ISO_8859_1));
        Random random = new Random(92);
        for (int i = 0; i < 20; i++) {
            byte[] noise = new byte[92];
            random.nextBytes(noise);
            all.add(noise);
        }
        return all;
    }

    private static void sendGarbage(int port) throws IOException {
        for (int i = 0; i < REPETITIONS; i++) {
            for (byte[] each : garbage()) {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    socket.setSoTimeout(20);
                    socket.getOutputStream().write(each);
                    int unused = socket.getInputStream().read(new byte[4096]);
                } catch (SocketTimeoutException silent) {
                    // The node waits for more.
                } catch (IOException closed) {
                    // The node has closed the connection.
                }
            }
        }
    }

    private void assertFewLines() {
        assertThat(log.stacks()).isEmpty();
        assertThat(log.texts()).hasSizeLessThanOrEqualTo(LINES);
    }

    @Test
    void garbageOnTheHttpPortAndThePortsOfTheClusterLogsAtMostOneLine() throws Exception {
        List<Integer> ports = Ports.free(2);
        Brain brain = start(Map.of(
                "cluster.members",
                "127.0.0.1:" + ports.get(0),
                "cluster.port",
                ports.get(0).toString(),
                "cluster.bus-port",
                ports.get(1).toString(),
                "cluster.name",
                "garbage"));
        try {
            sendGarbage(brain.port());
            sendGarbage(ports.get(1));
            sendGarbage(ports.get(0));

            assertThat(Rest.at(brain.port(), "").call("GET", "/readyz", null).status())
                    .isEqualTo(200);
        } finally {
            stop(brain);
        }
        assertFewLines();
    }

    @Test
    void garbageOnTheTlsPortLogsAtMostOneLine(@TempDir Path directory) throws Exception {
        Certificates files = Certificates.make(directory, "garbage");
        Brain brain = start(Map.of(
                "http.tls.cert", files.cert().toString(),
                "http.tls.key", files.key().toString()));
        try {
            sendGarbage(brain.port());
        } finally {
            stop(brain);
        }
        assertFewLines();
    }

    @Test
    void garbageOnAPortWithTheProxyProtocolLogsAtMostOneLine() throws Exception {
        Brain brain = start(Map.of("http.proxy-protocol", "true", "http.trusted-proxies", "127.0.0.1"));
        try {
            sendGarbage(brain.port());
        } finally {
            stop(brain);
        }
        assertFewLines();
    }
}
