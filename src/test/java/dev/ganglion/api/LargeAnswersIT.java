package dev.ganglion.api;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.BrainProcess;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.command.CommandOperator;
import dev.ganglion.testing.http.Rest;
import dev.ganglion.testing.wire.WireAgent;
import dev.ganglion.testing.wire.WireFrames;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests that a node with a small heap survives large answers, many at once and unread ones. */
@Timeout(180)
class LargeAnswersIT {
    private static final int ENTRIES = 200;
    private static final int COMMANDS = 100;
    private static final int EVENTS = 30;
    private static final int LARGEST_PAGE = 4 << 20;

    @RegisterExtension
    static final BrainExtension enrolment = new BrainExtension();

    private static EnrolledAgent enrolled;
    private static BrainProcess brain;

    /** Stores large data with a brain in this JVM, and starts another brain with a small heap on the same Redis. */
    @BeforeAll
    static void givenLargeData() {
        enrolled = enrolment.agent();
        String registry = shard().registry(enrolled.id());
        // Entries as an earlier version stored them.
        String entries = "for i = tonumber(ARGV[1]), ARGV[1] + 9 do redis.call('HSET', KEYS[1], 'celery|t' .. i, "
                + "'{\"name\":\"t' .. i .. '\",\"doc\":\"' .. string.rep('x', 1000000) .. '\"}') end";
        for (int i = 1; i < ENTRIES; i += 10) {
            enrolment.redis().call("EVAL", entries, "1", registry, Integer.toString(i));
        }
        try (WireAgent agent = enrolled.connect()) {
            String filling = "e".repeat(950_000);
            for (int i = 0; i < EVENTS; i++) {
                JsonObject event = WireFrames.event().put("data", new JsonObject().put("result", filling));
                assertThat(agent.ingest(event)).isNotNull();
                assertThat(agent.ingest(WireFrames.event(), WireFrames.event())).isNotNull();
            }
        }
        CommandOperator operator = CommandOperator.to(enrolled);
        for (int i = 0; i < COMMANDS; i++) {
            String command = shard().command(operator.cancel("t" + i));
            enrolment
                    .redis()
                    .call(
                            "EVAL",
                            "redis.call('HSET', KEYS[1], 'status', 'completed', 'completed_at', '1790000000000', 'result', "
                                    + "'\"' .. string.rep('r', 262144) .. '\"')",
                            "1",
                            command);
        }
        brain = BrainProcess.start(enrolment.redis(), "-Xmx256m", "-XX:+ExitOnOutOfMemoryError");
    }

    @AfterAll
    static void stop() {
        if (brain != null) {
            brain.close();
        }
    }

    private static RedisKeys.Shard shard() {
        return RedisKeys.Shard.of(enrolled.view().getString("project_id"), 0);
    }

    private static String path(String list) {
        return "/projects/" + enrolled.slug() + list;
    }

    /** Walks all pages of a list. Every page has items, and no page is too large. */
    private static List<String> walk(String list, String key) {
        List<String> found = new ArrayList<>();
        String cursor = "";
        while (cursor != null) {
            Rest.Response page = brain.rest().get(path(list) + cursor);
            JsonObject body = page.expect(200);
            assertThat(page.text().length()).isLessThan(LARGEST_PAGE);
            String next = body.getString("next_cursor");
            if (next != null) {
                assertThat(body.getJsonArray("items")).isNotEmpty();
            }
            body.getJsonArray("items").forEach(item -> found.add(((JsonObject) item).getString(key)));
            cursor = next == null ? null : "&cursor=" + next;
        }
        return found;
    }

    private static void assertReady() {
        assertThat(Rest.at(brain.port(), "").call("GET", "/readyz", null).status())
                .isEqualTo(200);
    }

    @Test
    void findsEveryItemExactlyOnceOnPagesOfBoundedSize() {
        assertThat(walk("/registry?limit=500", "name"))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, ENTRIES).mapToObj(i -> "t" + i).toList());
        assertThat(walk("/commands?limit=500", "id")).hasSize(COMMANDS).doesNotHaveDuplicates();
        assertThat(walk("/events?limit=500", "id")).hasSize(3 * EVENTS).doesNotHaveDuplicates();
        assertThat(walk("/tasks?limit=7", "task_id")).hasSize(3 * EVENTS).doesNotHaveDuplicates();
    }

    @Test
    void answersManyLargePagesAtOnceOrAsksToRetry() {
        try (Callers callers = new Callers()) {
            List<CompletableFuture<Rest.Response>> answers = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                for (String list : List.of("/events?limit=500", "/commands?limit=500", "/registry?limit=500")) {
                    answers.add(callers.get(path(list)));
                }
            }
            int read = 0;
            for (CompletableFuture<Rest.Response> each : answers) {
                Rest.Response answer = each.join();
                if (answer.status() == 503) {
                    assertThat(answer.header("Retry-After")).isPresent();
                    assertThat(answer.json().getString("error")).isEqualTo("node_busy");
                } else {
                    assertThat(answer.expect(200).getJsonArray("items")).isNotEmpty();
                    read++;
                }
            }
            assertThat(read).isPositive();
        }
        assertReady();
    }

    @Test
    void disconnectsClientsThatDoNotReadTheirAnswersAndReclaimsTheMemory() throws IOException {
        String page = "GET /api/v1" + path("/events?limit=500")
                + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + BrainProcess.ADMIN_KEY + "\r\n\r\n";
        String contract = "GET /api/v1/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n";
        try (Socket reader = connect(page.repeat(8));
                Socket stranger = connect(contract.repeat(100))) {
            await().during(Duration.ofSeconds(2)).until(() -> answerBytes() > 1_000_000);
            await().atMost(Duration.ofSeconds(30)).until(() -> answerBytes() < 100_000);
            assertCut(reader);
            assertCut(stranger);
        }
        assertReady();
    }

    private static Socket connect(String request) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(8_192);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), brain.port()));
        send(socket, request);
        return socket;
    }

    private static void send(Socket socket, String text) {
        try {
            socket.getOutputStream().write(text.getBytes(US_ASCII));
        } catch (IOException cut) {
            // The brain disconnected the client, as the test expects.
            assertThat(cut).isNotNull();
        }
    }

    /** Reads until the connection ends. */
    private static void assertCut(Socket socket) throws IOException {
        socket.setSoTimeout(20_000);
        InputStream in = socket.getInputStream();
        byte[] part = new byte[65_536];
        long bytes = 0;
        try {
            for (int length = 0; length >= 0; length = in.read(part)) {
                bytes += length;
            }
        } catch (SocketTimeoutException open) {
            throw new AssertionError("the brain sent " + bytes + " bytes and did not disconnect the client", open);
        } catch (IOException reset) {
            assertThat(reset).isNotNull();
        }
    }

    private static double answerBytes() {
        return brain.rest()
                .call("GET", "/metrics", null)
                .text()
                .lines()
                .filter(line -> line.startsWith("ganglion_budget_bytes{budget=\"answers\"}"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                .findFirst()
                .orElseThrow();
    }

    /** Calls the brain from many threads. */
    private static final class Callers implements AutoCloseable {
        private final ExecutorService threads = Executors.newFixedThreadPool(72);

        CompletableFuture<Rest.Response> get(String path) {
            return CompletableFuture.supplyAsync(() -> brain.rest().get(path), threads);
        }

        @Override
        public void close() {
            threads.shutdownNow();
        }
    }
}
