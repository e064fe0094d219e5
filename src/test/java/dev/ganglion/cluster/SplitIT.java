package dev.ganglion.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.agent.Swarm;
import dev.ganglion.testing.agent.Swarm.Caller;
import dev.ganglion.testing.brain.ClusterExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.http.Rest;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.wire.WireAgent;
import dev.ganglion.testing.wire.WireFrames;
import dev.ganglion.testing.wire.WireSocket;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Tests a split cluster. The nodes of the other side exist only as records in the store, which Hazelcast does not see.
 */
class SplitIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final List<String> LARGER = List.of("x1", "x2", "x3", "x4");

    @RegisterExtension
    static final ClusterExtension nodes = new ClusterExtension().with("agent.handshake-rate", "0");

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private static void appear(List<String> side) {
        for (String id : side) {
            NodeRecord record = new NodeRecord(
                    id,
                    id + ":7700",
                    "1",
                    Instant.EPOCH,
                    NodeRecord.Load.NONE,
                    false,
                    Set.copyOf(new TreeSet<>(side)),
                    0);
            nodes.first().redis().call("SET", "node:" + id, record.encode());
            nodes.first().redis().call("SADD", "ganglion:nodes", id);
        }
    }

    @AfterEach
    void heal() {
        LARGER.forEach(id -> nodes.first().redis().call("DEL", "node:" + id));
        nodes.awaitSize(3);
    }

    private static String cutOff(int node) {
        return nodes.rest(node)
                .call("GET", "/metrics", null)
                .text()
                .lines()
                .filter(line -> line.startsWith("ganglion_cluster_cut_off "))
                .findAny()
                .orElse("");
    }

    @Test
    void rejectsNewAgentsAndKeepsConnectionsOnTheSmallerSide() {
        EnrolledAgent agent = nodes.first().agent();
        try (WireAgent kept = nodes.connect(1, agent, "kept")) {
            appear(LARGER);
            for (int i = 0; i < 3; i++) {
                int node = i;
                Awaitility.await().atMost(LIMIT).untilAsserted(() -> {
                    Rest.Response ready = nodes.rest(node).call("GET", "/readyz", null);
                    assertThat(ready.status()).isEqualTo(503);
                    assertThat(ready.text()).contains("cut off");
                });
                assertThat(cutOff(i)).endsWith(" 1.0");
                try (WireSocket socket = WireSocket.connect(nodes.port(i))) {
                    WireSocket.Answer answer = socket.upgrade(
                            EnrolledAgent.DOCUMENTED, Map.of("Authorization", "Bearer " + agent.token()));
                    assertThat(answer.status()).isEqualTo(503);
                    assertThat(answer.headers()).containsKey("retry-after");
                    assertThat(answer.body()).contains("\"cut_off\"");
                }
            }
            assertThat(kept.ingest(WireFrames.event()).accepted()).isEqualTo(1);

            heal();
            assertThat(cutOff(1)).endsWith(" 0.0");
            assertThat(kept.ingest(WireFrames.event()).accepted()).isEqualTo(1);
            try (WireAgent next = nodes.connect(2, agent, "next")) {
                assertThat(next.ingest(WireFrames.event()).accepted()).isEqualTo(1);
            }
        }
    }

    @Test
    void closesRetryablyWhenASuspectedNodeHoldsTheSlot() throws Exception {
        EnrolledAgent agent = nodes.first().agent(nodes.first().project(), new JsonObject().put("connection_cap", 1));
        String project =
                nodes.rest(0).get("/projects/" + agent.slug()).expect(200).getString("id");
        String slots = "{" + project + "/0}:agent:" + agent.id() + ":slots";
        appear(List.of("x1"));
        Awaitility.await()
                .atMost(LIMIT)
                .until(() -> nodes.rest(1)
                                .get("/cluster")
                                .expect(200)
                                .getJsonArray("nodes")
                                .size()
                        == 4);
        long now = System.currentTimeMillis();
        nodes.first().redis().call("HSET", slots, "other", "s|x1|1|" + now + "|" + (now + 120_000) + "|0||");
        try (Swarm swarm = new Swarm()) {
            Caller refused = swarm.connect(nodes.port(1), agent, "w");
            assertThat(refused.decided().get(30, TimeUnit.SECONDS).end()).isEqualTo(1011);
            heal();
            nodes.first()
                    .redis()
                    .call("HSET", slots, "other", "s|x1|1|" + (now - 60_000) + "|" + (now + 120_000) + "|0||");
            Caller admitted = swarm.connect(nodes.port(1), agent, "w");
            assertThat(admitted.decided().get(30, TimeUnit.SECONDS).online()).isTrue();
            assertThat(nodes.first().redis().call("HKEYS", slots)).isEqualTo("w");
        }
    }

    @Test
    void reportsANodeThatDoesNotAnswerTheDrainRequest() {
        appear(List.of("x1"));
        Awaitility.await().atMost(LIMIT).untilAsserted(() -> {
            Rest.Response answer = nodes.rest(0).post("/cluster/nodes/x1/drain", new JsonObject());
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.json().getString("error")).isEqualTo("node_silent");
        });
    }
}
