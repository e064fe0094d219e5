package dev.ganglion.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.ClusterExtension;
import dev.ganglion.testing.CommandOperator;
import dev.ganglion.testing.CommandSteps;
import dev.ganglion.testing.EnrolledAgent;
import dev.ganglion.testing.QuietLog;
import dev.ganglion.testing.Rest;
import dev.ganglion.testing.Swarm;
import dev.ganglion.testing.Swarm.Caller;
import dev.ganglion.testing.WireAgent;
import dev.ganglion.testing.WireSocket;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests that a draining node releases its agents, slots and commands in order. */
class DrainIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int AGENTS = 40;

    @RegisterExtension
    static final ClusterExtension nodes =
            new ClusterExtension().with("agent.handshake-rate", "0").with("drain.window", "3s");

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private static List<JsonObject> nodesSeenBy(int node) {
        return nodes.rest(node).get("/cluster").expect(200).getJsonArray("nodes").stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    @Test
    void rejectsNewAgentsClosesOldOnesOverTheWindowAndFreesTheirSlotsAndCommands() throws Exception {
        EnrolledAgent agent = nodes.first().agent();
        CommandOperator operator = new CommandOperator(() -> nodes.rest(0), agent.slug(), agent.id());
        Rest leaving = nodes.rest(2);
        int port = nodes.port(2);
        String id = nodes.id(2);
        try (Swarm swarm = new Swarm();
                WireAgent holder = nodes.connect(2, agent, "holder")) {
            String command = operator.cancel("t");
            CommandSteps.receive(holder, command);
            List<Caller> callers = new ArrayList<>();
            for (int i = 0; i < AGENTS; i++) {
                callers.add(swarm.connect(port, agent, "w" + i));
            }
            for (Caller caller : callers) {
                assertThat(caller.decided().get(30, TimeUnit.SECONDS).online()).isTrue();
            }

            JsonObject response = nodes.rest(0)
                    .post("/cluster/nodes/" + id + "/drain", new JsonObject())
                    .expect(202);

            long from = System.nanoTime();
            assertThat(response.getString("id")).isEqualTo(id);
            assertThat(response.getBoolean("draining")).isTrue();
            assertRejectsAgentsButServesRest(leaving, port, agent, id);
            try (WireAgent other = nodes.connect(0, agent, "other")) {
                assertClosedOverTheWindow(callers, from);
                assertThat(holder.ending().code()).isEqualTo(1001);
                CommandSteps.receive(other, command);
                Awaitility.await()
                        .atMost(LIMIT)
                        .untilAsserted(() -> assertThat(nodes.rest(1)
                                        .get(agent.path() + "/workers")
                                        .expect(200)
                                        .getJsonArray("items"))
                                .hasSize(1));
            }
        }
        assertTheOtherNodesServe();
        Awaitility.await().atMost(LIMIT).until(() -> !listens(port));
        assertThat(nodes.rest(0)
                        .post("/cluster/nodes/" + id + "/drain", new JsonObject())
                        .status())
                .as("the node has left")
                .isEqualTo(404);
    }

    private static void assertTheOtherNodesServe() {
        for (int i = 0; i < 2; i++) {
            int node = i;
            Awaitility.await()
                    .atMost(LIMIT)
                    .untilAsserted(() -> assertThat(nodesSeenBy(node))
                            .extracting(each -> each.getString("id"))
                            .containsExactlyInAnyOrder(nodes.id(0), nodes.id(1)));
            assertThat(nodes.rest(i).call("GET", "/readyz", null).status()).isEqualTo(200);
        }
    }

    private static void assertRejectsAgentsButServesRest(Rest leaving, int port, EnrolledAgent agent, String id) {
        Rest.Response ready = leaving.call("GET", "/readyz", null);
        assertThat(ready.status()).isEqualTo(503);
        assertThat(ready.text()).contains("shutting down");
        try (WireSocket socket = WireSocket.connect(port)) {
            WireSocket.Answer answer =
                    socket.upgrade(EnrolledAgent.DOCUMENTED, Map.of("Authorization", "Bearer " + agent.token()));
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.headers()).containsKey("retry-after");
            assertThat(answer.body()).contains("node_shutting_down");
        }
        Rest.Response served = leaving.get("/cluster");
        assertThat(served.status()).isEqualTo(200);
        assertThat(served.header("connection"))
                .hasValueSatisfying(value -> assertThat(value).isEqualToIgnoringCase("close"));
        assertThat(served.json().getJsonArray("nodes").stream().map(JsonObject.class::cast))
                .filteredOn(node -> node.getString("id").equals(id))
                .allSatisfy(node -> assertThat(node.getBoolean("draining")).isTrue());
        Awaitility.await()
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(nodesSeenBy(0))
                        .as("the other nodes see that the node is draining")
                        .anyMatch(node -> node.getString("id").equals(id) && node.getBoolean("draining")));
    }

    /**
     * Verifies that the closes begin after the drain request, are spread over the drain window and end soon after it.
     */
    private static void assertClosedOverTheWindow(List<Caller> callers, long from) {
        Awaitility.await()
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(callers)
                        .allSatisfy(caller -> assertThat(caller.end()).isEqualTo(1001)));
        List<Long> at = callers.stream()
                .map(caller -> TimeUnit.NANOSECONDS.toMillis(caller.endedAt() - from))
                .sorted()
                .toList();
        assertThat(at.get(AGENTS - 1) - at.get(0)).as("%s", at).isGreaterThan(1_500);
        assertThat(at.stream().map(millis -> millis / 100).distinct())
                .as("%s", at)
                .hasSizeGreaterThan(5);
        assertThat(at.get(AGENTS - 1)).as("%s", at).isLessThan(15_000);
    }

    private static boolean listens(int port) {
        try {
            WireSocket.connect(port).close();
            return true;
        } catch (UncheckedIOException refused) {
            return false;
        }
    }
}
