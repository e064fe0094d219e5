package dev.ganglion.projection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.BrainProcess;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.brain.FurtherBrain;
import dev.ganglion.testing.redis.RedisExtension;
import dev.ganglion.testing.wire.WireAgent;
import dev.ganglion.testing.wire.WireFrames;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests that another node continues the projection after the projecting node is killed. */
@Timeout(180)
class ProjectorDeathIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private static int total(BrainProcess brain) {
        return brain.rest()
                .get("/projects/death/stats")
                .expect(200)
                .getJsonObject("events")
                .getInteger("total");
    }

    private static EnrolledAgent enrol(BrainProcess brain) {
        JsonObject project = new JsonObject().put("slug", "death").put("name", "P");
        assertThat(brain.rest().post("/projects", project).status()).isEqualTo(201);
        JsonObject minted = brain.rest()
                .post("/projects/death/agents", new JsonObject().put("name", "a"))
                .expect(201);
        return new EnrolledAgent(
                new BrainExtension(),
                "death",
                minted.getJsonObject("agent").getString("id"),
                minted.getString("token"),
                minted.getString("hmac_secret"));
    }

    private static void ingest(BrainProcess brain, EnrolledAgent agent, int batches) {
        try (WireAgent wire = FurtherBrain.connect(brain.port(), agent, WireFrames.hello())) {
            for (int i = 0; i < batches; i++) {
                assertThat(wire.ingest(WireFrames.event(), WireFrames.event()).accepted())
                        .isEqualTo(2);
            }
        }
    }

    @Test
    void continuesOnAnotherNodeWithinThirtySeconds() {
        EnrolledAgent agent;
        long diedAt;
        try (BrainProcess first = BrainProcess.start(redis)) {
            agent = enrol(first);
            ingest(first, agent, 20);
            Awaitility.await().atMost(PATIENCE).until(() -> total(first) == 40);
            ingest(first, agent, 20);
            first.kill9();
            diedAt = System.nanoTime();
        }

        try (BrainProcess second = BrainProcess.start(redis)) {
            long servedAt = System.nanoTime();
            ingest(second, agent, 10);
            Awaitility.await().atMost(PATIENCE).until(() -> total(second) == 100);
            Duration gap = Duration.ofNanos(System.nanoTime() - diedAt);

            assertThat(second.rest()
                            .get("/projects/death/tasks?limit=500")
                            .expect(200)
                            .getJsonArray("items"))
                    .hasSize(100);
            assertThat(Duration.ofNanos(System.nanoTime() - servedAt))
                    .as("time until the living node has taken over and projected everything")
                    .isLessThan(Duration.ofSeconds(15));
            assertThat(gap).as("the same, with the start of the second node").isLessThan(Duration.ofSeconds(30));
        }
    }
}
