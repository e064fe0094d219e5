package dev.ganglion.availability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ganglion.dev.redis.RedisProcess;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.command.CommandOperator;
import dev.ganglion.testing.command.CommandSteps;
import dev.ganglion.testing.fault.FaultLoad;
import dev.ganglion.testing.fault.FaultRest;
import dev.ganglion.testing.redis.OnCluster;
import dev.ganglion.testing.redis.RedisCluster;
import dev.ganglion.testing.wire.WireAgent;
import dev.ganglion.testing.wire.WireFrames;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests a brain on a Redis Cluster of three masters, with projects of three shards. */
@OnCluster
@Timeout(300)
class ClusterRedisIT {
    private static final int SHARDS = 3;

    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    private String slug;
    private String projectId;

    @BeforeEach
    void givenAProject() {
        slug = brain.project(new JsonObject().put("shards", SHARDS));
        JsonObject project = brain.rest().get("/projects/" + slug).expect(200);
        assertThat(project.getInteger("shards")).isEqualTo(SHARDS);
        projectId = project.getString("id");
    }

    private static RedisCluster cluster() {
        return brain.redis().cluster();
    }

    private static int shardOf(String agentId) {
        return Math.floorMod(agentId.hashCode(), SHARDS);
    }

    private int slotOf(int shard) {
        return cluster().slot("{" + projectId + "/" + shard + "}");
    }

    /** Enrols one agent per shard. */
    private List<EnrolledAgent> agents() {
        TreeMap<Integer, EnrolledAgent> agents = new TreeMap<>();
        while (agents.size() < SHARDS) {
            EnrolledAgent agent = brain.agent(slug, new JsonObject());
            agents.put(shardOf(agent.id()), agent);
        }
        return List.copyOf(agents.values());
    }

    private List<FaultRest.Enrolled> loaded(FaultRest rest) {
        List<FaultRest.Enrolled> agents = new ArrayList<>();
        Set<Integer> shards = new TreeSet<>();
        for (int i = 0; agents.size() < 6 || shards.size() < SHARDS; i++) {
            FaultRest.Enrolled agent = rest.agent(slug, "loaded-" + i, -1);
            agents.add(agent);
            shards.add(shardOf(agent.id()));
        }
        return agents;
    }

    private Set<String> keys(String part) {
        Set<String> keys = new TreeSet<>();
        for (int i = 0; i < SHARDS; i++) {
            cluster()
                    .call(i, "KEYS", "*" + part + "*")
                    .lines()
                    .filter(key -> !key.isEmpty())
                    .forEach(keys::add);
        }
        return keys;
    }

    @Test
    void supportsAllFeaturesOnEveryShardAndDeletesThemWithTheProject() {
        List<EnrolledAgent> agents = agents();
        for (EnrolledAgent agent : agents) {
            try (WireAgent connected = agent.connect()) {
                assertThat(connected
                                .ingest(WireFrames.event(), WireFrames.event())
                                .accepted())
                        .isEqualTo(2);
                connected.send(
                        "registry_delta",
                        new JsonObject()
                                .put("engine", "celery")
                                .put("added", new JsonArray().add(new JsonObject().put("name", "task-" + agent.id()))));
                connected.send(
                        "heartbeat", new JsonObject().put("buffer_size", 1).put("dropped_events", 0));
                CommandOperator operator = CommandOperator.to(agent);
                String id = operator.cancel("t");
                CommandSteps.receive(connected, id);
                CommandSteps.complete(connected, id, new JsonObject().put("n", 1));
                assertThat(operator.await(id, 5).getString("status")).isEqualTo("completed");
                assertThat(agent.view().getInteger("connections")).isEqualTo(1);
            }
        }
        assertThat(agents.get(0).events()).hasSize(2 * SHARDS);
        assertThat(CommandOperator.to(agents.get(0)).list("limit=2")).hasSize(SHARDS);
        assertThat(brain.rest()
                        .get("/projects/" + slug + "/registry")
                        .expect(200)
                        .getJsonArray("items"))
                .hasSize(SHARDS);
        assertThat(brain.rest()
                        .get("/projects/" + slug + "/agents?limit=2")
                        .expect(200)
                        .getJsonArray("items"))
                .hasSize(2);

        for (EnrolledAgent agent : agents) {
            try (WireAgent connected = agent.connect()) {
                assertThat(brain.rest().delete(agent.path()).status()).isEqualTo(204);
                assertThat(connected.ending().code()).isEqualTo(4003);
            }
        }
        assertThat(brain.rest().delete("/projects/" + slug).status()).isEqualTo(204);
        await().untilAsserted(() -> assertThat(keys(":events")).noneMatch(key -> key.contains(projectId)));
        assertThat(brain.rest().get("/projects/" + slug).status()).isEqualTo(404);
    }

    @Test
    void losesNothingWhenAClusterSlotMovesUnderLoad() {
        FaultRest rest = new FaultRest(brain.port(), BrainExtension.ADMIN_KEY);
        try (FaultLoad load = new FaultLoad(rest, loaded(rest), 2)) {
            for (int shard = 0; shard < SHARDS; shard++) {
                load.awaitAcked(300, Duration.ofSeconds(60));
                int slot = slotOf(shard);
                int to = (cluster().owner(slot) + 1) % SHARDS;
                cluster().beginMove(slot, to);
                cluster().moveKey(slot, to, RedisKeys.Shard.of(projectId, shard).events());
                // During a move, both masters reject calls with keys on both sides. The brain therefore waits for the
                // end of the move.
                await().atMost(Duration.ofSeconds(60)).until(() -> rest.ready().startsWith("503"));
                cluster().endMove(slot, to);
                assertThat(cluster().owner(slot)).isEqualTo(to);
            }
            load.awaitAcked(300, Duration.ofSeconds(60));
            load.assertAllAckedAndStoredOnce("3 slots of a cluster moved", rest, slug);
            assertThat(load.disconnectReasons()).isEmpty();
        }
    }

    @Test
    void losesNothingWhenAMasterIsKilledAndRestartedUnderLoad() {
        FaultRest rest = new FaultRest(brain.port(), BrainExtension.ADMIN_KEY);
        try (FaultLoad load = new FaultLoad(rest, loaded(rest), 2)) {
            load.awaitAcked(300, Duration.ofSeconds(60));
            RedisProcess master = cluster().servers().get(cluster().owner(slotOf(0)));
            master.kill9();
            await().atMost(Duration.ofSeconds(60)).until(() -> rest.ready().startsWith("503"));
            master.restart();

            load.awaitAcked(300, Duration.ofSeconds(60));
            load.assertAllAckedAndStoredOnce("a master of a cluster killed", rest, slug);
            assertThat(load.disconnectReasons()).isEmpty();
        }
    }
}
