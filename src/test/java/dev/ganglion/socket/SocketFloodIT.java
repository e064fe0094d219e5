package dev.ganglion.socket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.brain.BrainProcess;
import dev.ganglion.testing.http.Rest;
import dev.ganglion.testing.people.Dashboard;
import dev.ganglion.testing.people.Login;
import dev.ganglion.testing.redis.RedisExtension;
import dev.ganglion.testing.wire.WireFrames;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Floods a brain of 256 MB with pings whose answers nobody reads, and with frames that never end. */
@Timeout(120)
class SocketFloodIT {
    private static final int SOCKETS = 60;
    /** More than a brain of this size could answer: 60 × 32 MiB. */
    private static final long BYTES_PER_SOCKET = 32L << 20;
    /** What the buffers of both ends and of a socket in the brain may take. */
    private static final long BUFFERS = 16L << 20;

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private static BrainProcess brain;

    @BeforeAll
    static void start() {
        brain = BrainProcess.start(redis, "-Xmx256m", "-XX:+ExitOnOutOfMemoryError");
        assertThat(brain.rest()
                        .post("/projects", new JsonObject().put("slug", "pings").put("name", "P"))
                        .status())
                .isEqualTo(201);
    }

    @AfterAll
    static void stop() {
        brain.close();
    }

    private static String newToken(String name) {
        return brain.rest()
                .post("/projects/pings/agents", new JsonObject().put("name", name))
                .expect(201)
                .getString("token");
    }

    private static List<FloodedSocket> open(Supplier<FloodedSocket> each) {
        return Stream.generate(each).limit(SOCKETS).toList();
    }

    private static void assertServes() {
        assertThat(Rest.at(brain.port(), "").call("GET", "/readyz", null).status())
                .isEqualTo(200);
        String metrics = brain.rest().call("GET", "/metrics", null).text();
        assertThat(metrics).contains("ganglion_budget_limit_bytes{budget=\"sockets\"}");
    }

    @Test
    void agentThatSendsPingsAndDoesNotReadIsNotReadAtItsBound() {
        String token = newToken("flooding");
        byte[] hello = WireFrames.hello().toBuffer().getBytes();
        List<FloodedSocket> agents =
                open(() -> FloodedSocket.open(brain.port(), "/ws", Map.of("Authorization", "Bearer " + token), hello));
        try {
            FloodedSocket.flood(agents, BYTES_PER_SOCKET);

            assertThat(agents).allSatisfy(agent -> assertThat(agent.sent()).isLessThan(BUFFERS));
            assertServes();
        } finally {
            agents.forEach(FloodedSocket::close);
        }
    }

    @Test
    void refusedUpgradeIsNotReadAndItsPingsAreNotAnswered() {
        List<FloodedSocket> strangers = open(() -> FloodedSocket.open(
                brain.port(), "/ws", Map.of("Authorization", "Bearer z4j_wrong_token_of_a_stranger"), new byte[0]));
        try {
            FloodedSocket.flood(strangers, BYTES_PER_SOCKET);

            assertThat(strangers).allSatisfy(stranger -> {
                assertThat(stranger.sent()).isLessThan(BUFFERS);
                // The rest of the head of the answer, the close frame of 4401, and no answer to a ping.
                assertThat(new String(stranger.received(), ISO_8859_1))
                        .contains("bearer token missing or rejected")
                        .hasSizeLessThan(512);
            });
            assertServes();
        } finally {
            strangers.forEach(FloodedSocket::close);
        }
    }

    @Test
    void dashboardThatSendsPingsAndDoesNotReadIsEnded() {
        Login login = Login.as(brain.rest(), "pings@example.org", brain.port(), true, Map.of());
        Map<String, String> headers = Dashboard.headers(login);
        List<FloodedSocket> dashboards = Stream.generate(
                        () -> FloodedSocket.open(brain.port(), "/ws/dashboard", headers, new byte[0]))
                .limit(20)
                .toList();
        try {
            FloodedSocket.flood(dashboards, BYTES_PER_SOCKET);

            assertThat(dashboards)
                    .allSatisfy(dashboard -> assertThat(dashboard.sent()).isLessThan(BUFFERS));
            assertServes();
        } finally {
            dashboards.forEach(FloodedSocket::close);
        }
    }

    @Test
    void framesThatNeverEndAreCutAtTheBudgetOfTheNode() {
        String token = newToken("unfinished");
        int frame = 3_500_000;
        List<FloodedSocket> agents = open(
                () -> FloodedSocket.open(brain.port(), "/ws", Map.of("Authorization", "Bearer " + token), new byte[0]));
        try {
            agents.forEach(agent -> agent.beginFrame(frame));
            FloodedSocket.flood(agents, frame - 512 * 1024);

            String metrics = brain.rest().call("GET", "/metrics", null).text();
            assertThat(value(metrics, "ganglion_budget_bytes"))
                    .isLessThanOrEqualTo(1.2 * value(metrics, "ganglion_budget_limit_bytes"));
            assertThat(value(metrics, "ganglion_budget_refusals_total")).isPositive();
            assertThat(metrics).contains("reason=\"over_budget\"");
            assertServes();
        } finally {
            agents.forEach(FloodedSocket::close);
        }
    }

    private static double value(String metrics, String name) {
        return metrics.lines()
                .filter(line -> line.startsWith(name + "{budget=\"sockets\"}"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
