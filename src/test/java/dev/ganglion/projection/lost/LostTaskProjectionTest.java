package dev.ganglion.projection.lost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ganglion.protocol.frame.Command;
import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.command.CommandSteps;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.wire.WireAgent;
import dev.ganglion.testing.wire.WireFrames;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests lost tasks as operators see them, from the events of a worker to REST. */
@Timeout(120)
class LostTaskProjectionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private final EnrolledAgent enrolled = brain.agent();

    private JsonObject task(String id) {
        return brain.rest()
                .get("/projects/" + enrolled.slug() + "/tasks/rq/" + id)
                .expect(200);
    }

    private JsonArray listed(String query) {
        return brain.rest()
                .get("/projects/" + enrolled.slug() + "/tasks?" + query)
                .expect(200)
                .getJsonArray("items");
    }

    private void start(WireAgent agent, String id) {
        assertThat(agent.ingest(Sweeps.started(id)).accepted()).isEqualTo(1);
        await().atMost(PATIENCE)
                .until(() -> listed("state=started").stream()
                        .anyMatch(
                                item -> ((JsonObject) item).getString("task_id").equals(id)));
    }

    private void awaitLost(String id, String reason) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonObject lost = task(id).getJsonObject("lost");
            assertThat(lost == null ? null : lost.getString("reason")).isEqualTo(reason);
        });
    }

    @Test
    void aTaskOfAReplacedProcessIsLostUntilItsEndIsKnown() {
        try (WireAgent agent = enrolled.connect(Sweeps.hello("w1", 100))) {
            start(agent, "job");
            assertThat(task("job").getValue("lost")).isNull();
            assertThat(listed("lost=true")).isEmpty();
            assertThat(listed("lost=false")).hasSize(1);
        }
        try (WireAgent next = enrolled.connect(Sweeps.hello("w1", 101))) {
            awaitLost("job", "worker_replaced");
            assertThat(task("job").getString("state")).isEqualTo("started");
            assertThat(Instant.parse(task("job").getJsonObject("lost").getString("since")))
                    .isBefore(Instant.now());
            assertThat(listed("lost=true")).hasSize(1);
            assertThat(listed("lost=false")).isEmpty();

            Command question = CommandSteps.receive(next);
            String finished = WireFrames.now();
            JsonObject answer = new JsonObject().put("engine_state", "success").put("finished_at", finished);
            CommandSteps.complete(next, question.id(), answer);
            await().atMost(PATIENCE).until(() -> task("job").getString("state").equals("success"));
            assertThat(task("job").getValue("lost")).isNull();
            assertThat(Instant.parse(task("job").getString("finished_at"))).isEqualTo(Instant.parse(finished));

            JsonObject failed = Sweeps.started("job")
                    .put("kind", "task.failed")
                    .put("data", new JsonObject().put("exception", "E: the worker knows better"));
            assertThat(next.ingest(failed).accepted()).isEqualTo(1);
            await().atMost(PATIENCE).until(() -> task("job").getString("state").equals("failure"));
            assertThat(task("job").getString("exception")).isEqualTo("E: the worker knows better");
        }
    }

    @Test
    void aTaskIsLostWhenItsProcessSaysThatItGoes() {
        try (WireAgent agent = enrolled.connect(Sweeps.hello("w1", 100))) {
            start(agent, "leaving");
            JsonObject offline = WireFrames.event()
                    .put("engine", "")
                    .put("task_id", null)
                    .put("kind", "worker.offline")
                    .put("data", new JsonObject().put("reason", "restart").put("worker_name", "rq-1"));
            assertThat(agent.ingest(offline).accepted()).isEqualTo(1);
            awaitLost("leaving", "worker_offline");
        }
    }

    @Test
    void aLaterEventClearsTheMark() {
        try (WireAgent agent = enrolled.connect(Sweeps.hello("w1", 100))) {
            start(agent, "late");
        }
        try (WireAgent next = enrolled.connect(Sweeps.hello("w1", 101))) {
            awaitLost("late", "worker_replaced");
            assertThat(CommandSteps.receive(next).action()).isEqualTo("reconcile_task");
            assertThat(next.ingest(Sweeps.started("late").put("kind", "task.succeeded"))
                            .accepted())
                    .isEqualTo(1);
            await().atMost(PATIENCE).until(() -> task("late").getString("state").equals("success"));
            assertThat(task("late").getValue("lost")).isNull();
            assertThat(listed("lost=true")).isEmpty();
        }
    }
}
