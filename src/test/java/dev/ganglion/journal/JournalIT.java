package dev.ganglion.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.brain.FurtherBrain;
import dev.ganglion.testing.command.CommandOperator;
import dev.ganglion.testing.command.CommandSteps;
import dev.ganglion.testing.http.Rest;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.wire.Ending;
import dev.ganglion.testing.wire.WireAgent;
import dev.ganglion.testing.wire.WireFrames;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests the journal of an agent's connections. */
class JournalIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @RegisterExtension
    static final BrainExtension brain = new BrainExtension().with("agent.handshake-rate", "0");

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private static List<JsonObject> journal(EnrolledAgent agent) {
        List<JsonObject> items = new ArrayList<>();
        String cursor = "";
        while (cursor != null) {
            JsonObject page = brain.rest()
                    .get(agent.path() + "/journal?limit=3" + (cursor.isEmpty() ? "" : "&cursor=" + cursor))
                    .expect(200);
            page.getJsonArray("items").forEach(item -> items.add((JsonObject) item));
            cursor = page.getString("next_cursor");
        }
        return items;
    }

    /** Waits until the journal has this number of entries, and returns them. */
    private static List<JsonObject> journal(EnrolledAgent agent, int entries) {
        return await().atMost(PATIENCE).until(() -> journal(agent), found -> found.size() == entries);
    }

    private static JsonObject entry(EnrolledAgent agent, Predicate<JsonObject> wanted) {
        return await().atMost(PATIENCE)
                .until(() -> journal(agent).stream().filter(wanted).findFirst(), Optional::isPresent)
                .orElseThrow();
    }

    @Test
    void collectsConnectsAndClosesOfAllNodesInOneJournal() {
        EnrolledAgent enrolled = brain.agent();
        try (FurtherBrain other =
                FurtherBrain.start(brain.redis().connectionString().value())) {
            WireAgent here = enrolled.connect("w1");
            JsonObject first = journal(enrolled, 1).get(0);
            WireAgent there = other.connect(enrolled, WireFrames.helloOf("w2").put("ts", WireFrames.at(-20)));
            List<JsonObject> both = journal(enrolled, 2);
            assertThat(here.ingest(WireFrames.event()).accepted()).isEqualTo(1);
            here.closeInOrder();
            List<JsonObject> all = journal(enrolled, 3);
            there.close();

            assertThat(all.get(2)).isEqualTo(first).isEqualTo(both.get(1));
            assertThat(first.getString("kind")).isEqualTo("connect");
            assertThat(first.getString("worker_id")).isEqualTo("w1");
            assertThat(first.getString("remote_address")).isEqualTo("127.0.0.1");
            assertThat(first.getString("agent_version")).isEqualTo("1.0");
            assertThat(first.getLong("clock_skew_ms")).isBetween(-10_000L, 1_000L);
            assertThat(Instant.parse(first.getString("time")))
                    .isAfter(Instant.now().minusSeconds(60));
            assertThat(all.get(1).getLong("clock_skew_ms")).isBetween(-30_000L, -19_000L);
            assertThat(all.get(1).getString("node")).isNotEqualTo(first.getString("node"));
            JsonObject close = all.get(0);
            assertThat(close.getString("kind")).isEqualTo("close");
            assertThat(close.getInteger("code")).isEqualTo(1000);
            assertThat(close.getString("closed_by")).isEqualTo("agent");
            assertThat(close.getLong("frames")).isEqualTo(1);
            assertThat(close.getDouble("open_seconds")).isBetween(0.0, 60.0);
            assertThat(close.getString("session_id")).isEqualTo(first.getString("session_id"));
        }
    }

    @Test
    void recordsARefusalAtTheCapAndCountsItsRepeats() {
        EnrolledAgent enrolled = brain.agent(brain.project(), new JsonObject().put("connection_cap", 1));
        try (WireAgent holder = enrolled.connect("holder")) {
            for (int i = 0; i < 5; i++) {
                assertThat(enrolled.endingAfter(WireFrames.helloOf("second")).code())
                        .isEqualTo(4429);
            }
            JsonObject refusal = entry(enrolled, item -> item.getInteger("count") == 5);
            assertThat(refusal.getString("kind")).isEqualTo("refusal");
            assertThat(refusal.getInteger("code")).isEqualTo(4429);
            assertThat(refusal.getString("reason")).isEqualTo("cap_reached");
            assertThat(refusal.getString("worker_id")).isEqualTo("second");
            assertThat(journal(enrolled)).hasSize(2);
            assertThat(holder.ingest(WireFrames.event()).accepted()).isEqualTo(1);
        }
    }

    @Test
    void recordsThatTheBrainClosedADisplacedConnection() {
        EnrolledAgent enrolled = brain.agent();
        try (WireAgent before = enrolled.connect("w");
                WireAgent after = enrolled.connect("w")) {
            assertThat(before.ending().code()).isEqualTo(4002);
            JsonObject close = entry(enrolled, item -> item.getString("kind").equals("close"));
            assertThat(close.getInteger("code")).isEqualTo(4002);
            assertThat(close.getString("reason")).isEqualTo("displaced");
            assertThat(close.getString("closed_by")).isEqualTo("brain");
            assertThat(after.ingest(WireFrames.event()).accepted()).isEqualTo(1);
        }
    }

    @Test
    void recordsABadHelloAndAnUnsupportedVersionAsRefusals() {
        EnrolledAgent enrolled = brain.agent();
        assertThat(enrolled.endingAfter(WireFrames.helloWith("engines", 1)).code())
                .isEqualTo(4400);
        assertThat(enrolled.endingAfter(WireFrames.helloWith("protocol_version", "1"))
                        .code())
                .isEqualTo(4426);

        List<JsonObject> items = journal(enrolled, 2);

        assertThat(items)
                .extracting(item -> item.getString("reason"))
                .containsExactly("unsupported_version", "malformed_handshake");
        assertThat(items.get(1).getString("message")).contains("engines");
    }

    @Test
    void recordsAFloodOfResentBatches() {
        EnrolledAgent enrolled = brain.agent();
        try (WireAgent agent = enrolled.connect()) {
            JsonObject payload = WireFrames.batchOf(1);
            for (int i = 0; i < 70; i++) {
                assertThat(agent.ingestFrame(
                                        agent.envelope("event_batch", payload).put("id", "the-same"))
                                .accepted())
                        .isEqualTo(1);
            }
            JsonObject flood = entry(enrolled, item -> item.getString("kind").equals("flood"));
            assertThat(flood.getString("reason")).isEqualTo("resent_batches");
            assertThat(flood.getInteger("count")).isBetween(2, 69);
        }
    }

    @Test
    void recordsAnAnswerToAnUnknownCommand() {
        EnrolledAgent enrolled = brain.agent();
        try (WireAgent agent = enrolled.connect("w")) {
            CommandSteps.complete(agent, "no-such-command", 1);
            JsonObject refusal = entry(enrolled, item -> item.getString("kind").equals("refusal"));
            assertThat(refusal.getString("reason")).isEqualTo("command_refused");
            assertThat(refusal.getString("command_id")).isEqualTo("no-such-command");
            assertThat(refusal.getString("worker_id")).isEqualTo("w");
        }
    }

    @Test
    void recordsAnAnswerToAnEndedCommand() {
        EnrolledAgent enrolled = brain.agent();
        try (WireAgent agent = enrolled.connect("w")) {
            String id = CommandOperator.to(enrolled).cancel("t");
            CommandSteps.receive(agent, id);
            CommandSteps.acknowledge(agent, id);
            CommandSteps.complete(agent, id, 1);
            CommandSteps.acknowledge(agent, id);
            CommandSteps.complete(agent, id, 2);

            JsonObject refusal = entry(enrolled, item -> item.getString("kind").equals("refusal"));

            assertThat(refusal.getString("reason")).isEqualTo("command_repeated");
            assertThat(refusal.getString("command_id")).isEqualTo(id);
            assertThat(refusal.getInteger("count")).isEqualTo(1);
        }
    }

    @Test
    void rejectsAnUnknownAgentAndAnInvalidPage() {
        EnrolledAgent enrolled = brain.agent();
        assertThat(journal(enrolled)).isEmpty();
        assertThat(brain.rest().get(enrolled.path() + "x/journal").status()).isEqualTo(404);
        Rest.Response limit = brain.rest().get(enrolled.path() + "/journal?limit=501");
        assertThat(limit.status()).isIn(400, 422);
        assertThat(limit.field()).isEqualTo("limit");
        Rest.Response cursor = brain.rest().get(enrolled.path() + "/journal?cursor=x");
        assertThat(cursor.status()).isEqualTo(400);
        assertThat(cursor.field()).isEqualTo("cursor");
    }

    @Test
    void recordsTheShutdownOfTheBrain() {
        EnrolledAgent enrolled = brain.agent();
        WireAgent agent = enrolled.connect("w");
        CompletableFuture<Ending> ending = CompletableFuture.supplyAsync(agent::ending);
        brain.stop();
        assertThat(ending.join().code()).isEqualTo(1001);
        agent.close();
        brain.start();

        JsonObject close = entry(enrolled, item -> item.getString("kind").equals("close"));
        assertThat(close.getInteger("code")).isEqualTo(1001);
        assertThat(close.getString("reason")).isEqualTo("going_away");
    }
}
