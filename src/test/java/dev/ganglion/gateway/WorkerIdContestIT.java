package dev.ganglion.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.brain.FurtherBrain;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.wire.WireAgent;
import dev.ganglion.testing.wire.WireFrames;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Checks worker processes on different nodes that use the same worker_id. */
class WorkerIdContestIT {
    @RegisterExtension
    static final BrainExtension brain = new BrainExtension().with("agent.handshake-rate", "0");

    private static FurtherBrain other;

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private final EnrolledAgent enrolled = brain.agent();

    @BeforeAll
    static void aSecondNode() {
        other = FurtherBrain.start(brain.redis().connectionString().value(), "agent.handshake-rate", "0");
    }

    @AfterAll
    static void stopIt() {
        other.close();
    }

    private static JsonObject helloOf(int pid) {
        JsonObject hello = WireFrames.helloOf("shared");
        hello.getJsonObject("payload")
                .put("host", new JsonObject().put("hostname", "host-" + pid))
                .put("worker_pid", pid)
                .put("worker_started_at", "2026-01-02T03:04:05Z");
        return hello;
    }

    private WireAgent connect(int node, JsonObject hello) {
        return node == 0 ? enrolled.connect(hello) : other.connect(enrolled, hello);
    }

    private double damped() {
        return brain.metric("ganglion_hellos_damped_total", "project", enrolled.slug())
                + other.metric("ganglion_hellos_damped_total", "project", enrolled.slug());
    }

    private List<JsonObject> contests() {
        JsonArray items = brain.rest()
                .get(enrolled.path() + "/journal?limit=500")
                .expect(200)
                .getJsonArray("items");
        return items.stream()
                .map(JsonObject.class::cast)
                .filter(item -> item.getString("kind").equals("contest"))
                .toList();
    }

    @Test
    void dampsTwoProcessesThatDisplaceEachOtherAndRecordsTheContestOnce() {
        Duration longest = Duration.ZERO;
        WireAgent holder = connect(0, helloOf(1));
        for (int i = 1; damped() < 4; i++) {
            assertThat(i).as("displacements until some were damped").isLessThan(100);
            long start = System.nanoTime();
            WireAgent next = connect(i % 2, helloOf(1 + i % 2));
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            longest = took.compareTo(longest) > 0 ? took : longest;
            holder.close();
            holder = next;
        }
        assertThat(longest).isBetween(Duration.ofMillis(250), Duration.ofSeconds(10));
        assertThat(holder.ingest(WireFrames.event()).accepted()).isEqualTo(1);
        holder.close();

        await().atMost(Duration.ofSeconds(30)).until(() -> !contests().isEmpty());
        assertThat(contests()).hasSize(1);
        JsonArray parties = contests().get(0).getJsonArray("parties");
        assertThat(parties.stream().map(party -> ((JsonObject) party).getString("host")))
                .containsExactlyInAnyOrder("host-1", "host-2");
        assertThat(parties.stream().map(party -> ((JsonObject) party).getString("node")))
                .doesNotHaveDuplicates();
        assertThat(parties.getJsonObject(0).getString("remote_address")).isEqualTo("127.0.0.1");
        assertThat(contests().get(0).getString("worker_id")).isEqualTo("shared");
    }

    @Test
    void neverDampsOneProcessThatMovesBetweenNodes() {
        WireAgent holder = connect(0, helloOf(1));
        for (int i = 1; i <= 60; i++) {
            WireAgent next = connect(i % 2, helloOf(1));
            holder.close();
            holder = next;
        }
        assertThat(holder.ingest(WireFrames.event()).accepted()).isEqualTo(1);
        holder.close();
        assertThat(damped()).isZero();
        assertThat(contests()).isEmpty();
    }

    @Test
    void neverDampsWorkersWithoutHostAndPid() {
        WireAgent holder = connect(0, WireFrames.helloOf("shared"));
        for (int i = 1; i <= 60; i++) {
            WireAgent next = connect(i % 2, i % 3 == 0 ? helloOf(1) : WireFrames.helloOf("shared"));
            holder.close();
            holder = next;
        }
        holder.close();
        assertThat(damped()).isZero();
    }
}
