package dev.ganglion.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.protocol.frame.EventBatchAck;
import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.wire.WireAgent;
import dev.ganglion.testing.wire.WireFrames;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests the ingestion of event batches and registry deltas. */
class IngestIT {
    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    @RegisterExtension
    final QuietLog log = new QuietLog();

    @AfterEach
    void awaitNoConnections() {
        brain.awaitNoConnections();
    }

    private static JsonObject resent(WireAgent agent, JsonObject batch) {
        return agent.envelope("event_batch", batch.getJsonObject("payload")).put("id", batch.getString("id"));
    }

    @Test
    void acknowledgesBatchesInOrder() {
        EnrolledAgent enrolled = brain.agent();
        List<String> sent = new ArrayList<>();
        List<String> acked = new ArrayList<>();
        try (WireAgent agent = enrolled.connect()) {
            for (int i = 0; i < 300; i++) {
                sent.add(agent.send("event_batch", WireFrames.batch(WireFrames.event())));
                if (i % 7 == 0) {
                    agent.send("heartbeat", new JsonObject());
                }
            }
            sent.forEach(each -> acked.add(agent.ack().ackedId()));
        }
        assertThat(acked).isEqualTo(sent);
        assertThat(enrolled.events()).hasSize(300);
    }

    @Test
    void answersARepeatInTheSessionFromMemory() {
        EnrolledAgent enrolled = brain.agent();
        try (WireAgent agent = enrolled.connect()) {
            JsonObject batch = agent.envelope("event_batch", WireFrames.batch(WireFrames.event(), new JsonObject()));
            EventBatchAck first = agent.ingestFrame(batch);
            for (int i = 0; i < 5; i++) {
                EventBatchAck repeated = agent.ingestFrame(resent(agent, batch));
                assertThat(List.of(repeated.received(), repeated.accepted(), repeated.rejected()))
                        .isEqualTo(List.of(first.received(), first.accepted(), first.rejected()));
            }
        }
        String[] project = {"project", enrolled.slug()};
        assertThat(brain.metric("ganglion_batches_repeated_total", project)).isEqualTo(5);
        assertThat(brain.metric("ganglion_batches_stored_total", project)).isEqualTo(1);
        assertThat(brain.metric("ganglion_batches_known_total", project)).isZero();
        assertThat(enrolled.events()).hasSize(1);
    }

    @Test
    void answersARepeatInTheNextSessionFromTheStore() {
        EnrolledAgent enrolled = brain.agent();
        JsonObject batch;
        try (WireAgent agent = enrolled.connect()) {
            batch = agent.envelope(
                    "event_batch", WireFrames.batch(WireFrames.event(), WireFrames.event(), new JsonObject()));
            agent.ingestFrame(batch);
        }
        try (WireAgent agent = enrolled.connectAsLibrary()) {
            EventBatchAck known = agent.ingestFrame(resent(agent, batch));
            assertThat(List.of(known.received(), known.accepted(), known.rejected()))
                    .isEqualTo(List.of(3, 2, 1));
            agent.ingestFrame(resent(agent, batch));
        }
        String[] project = {"project", enrolled.slug()};
        assertThat(brain.metric("ganglion_batches_known_total", project)).isEqualTo(1);
        assertThat(brain.metric("ganglion_batches_repeated_total", project)).isEqualTo(1);
        assertThat(enrolled.events()).hasSize(2);
    }

    @Test
    void separatesBatchIdsByAgent() {
        EnrolledAgent one = brain.agent();
        EnrolledAgent two = brain.agent(one.slug(), new JsonObject());
        try (WireAgent first = one.connect();
                WireAgent second = two.connect()) {
            first.ingestFrame(first.envelope("event_batch", WireFrames.batch(WireFrames.event()))
                    .put("id", "b"));
            second.ingestFrame(second.envelope("event_batch", WireFrames.batch(WireFrames.event()))
                    .put("id", "b"));
        }
        assertThat(one.events()).hasSize(2);
    }

    @Test
    void acknowledgesARepeatAfterItsBatchInFlight() {
        EnrolledAgent enrolled = brain.agent();
        try (WireAgent agent = enrolled.connect()) {
            JsonObject large =
                    agent.envelope("event_batch", WireFrames.batchOf(2000)).put("id", "large");
            agent.send(large);
            agent.send(resent(agent, large));
            agent.send(agent.envelope("event_batch", WireFrames.batchOf(1)).put("id", "next"));
            agent.send(resent(agent, large));
            assertThat(List.of(
                            agent.ack().ackedId(),
                            agent.ack().ackedId(),
                            agent.ack().ackedId(),
                            agent.ack().ackedId()))
                    .isEqualTo(List.of("large", "large", "next", "large"));
        }
        assertThat(enrolled.events()).hasSize(2001);
    }

    @Test
    void answersAFloodOfRepeatsAndKeepsTheConnection() {
        EnrolledAgent enrolled = brain.agent();
        int batches = 10;
        int rounds = 60;
        try (WireAgent agent = enrolled.connectAsLibrary()) {
            List<JsonObject> all = new ArrayList<>();
            for (int i = 0; i < batches; i++) {
                all.add(agent.envelope("event_batch", WireFrames.batch(WireFrames.event())));
            }
            all.forEach(agent::send);
            for (int round = 1; round < rounds; round++) {
                all.forEach(batch -> agent.send(resent(agent, batch)));
            }
            for (int i = 0; i < batches * rounds; i++) {
                assertThat(agent.ack().accepted()).isEqualTo(1);
            }
            assertThat(agent.ingest(WireFrames.event()).accepted()).isEqualTo(1);
        }
        assertThat(brain.metric("ganglion_batches_repeated_total", "project", enrolled.slug()))
                .isEqualTo(batches * (rounds - 1));
        assertThat(enrolled.events()).hasSize(batches + 1);
    }

    private static List<JsonObject> goodEvents() {
        JsonObject minted = WireFrames.event();
        minted.remove("id");
        return List.of(
                WireFrames.event(),
                WireFrames.eventWith("id", "0123456789ABCDEF0123456789abcdef"),
                minted,
                WireFrames.eventWith("engine", "e".repeat(40)),
                WireFrames.eventWith("task_id", "t".repeat(200)),
                WireFrames.eventWith("task_id", null),
                WireFrames.eventWith("data", null),
                WireFrames.eventWith("kind", "task.teleported"),
                WireFrames.eventWith("occurred_at", "2026-01-01T00:00:00+05:30"));
    }

    private static List<Object> badEvents() {
        return List.of(
                1,
                new JsonArray(),
                new JsonObject(),
                WireFrames.eventWith("id", "1"),
                WireFrames.eventWith("id", 1),
                WireFrames.eventWith("engine", ""),
                WireFrames.eventWith("engine", "e".repeat(41)),
                WireFrames.eventWith("engine", null),
                WireFrames.eventWith("kind", ""),
                WireFrames.eventWith("kind", null),
                WireFrames.eventWith("task_id", "t".repeat(201)),
                WireFrames.eventWith("task_id", 1),
                WireFrames.eventWith("occurred_at", "yesterday"),
                WireFrames.eventWith("occurred_at", "2026-01-01T00:00:00"),
                WireFrames.eventWith("occurred_at", null),
                WireFrames.eventWith("data", new JsonArray()),
                WireFrames.eventWith("data", "d"));
    }

    @Test
    void rejectsAndCountsOnlyTheBadEventsOfABatch() {
        EnrolledAgent enrolled = brain.agent();
        List<JsonObject> good = goodEvents();
        List<Object> bad = badEvents();
        JsonArray mixed = new JsonArray();
        for (int i = 0; i < bad.size(); i++) {
            mixed.add(bad.get(i));
            if (i < good.size()) {
                mixed.add(good.get(i));
            }
        }
        try (WireAgent agent = enrolled.connect()) {
            EventBatchAck ack = agent.ingestFrame(agent.envelope("event_batch", new JsonObject().put("events", mixed)));
            assertThat(List.of(ack.received(), ack.accepted(), ack.rejected()))
                    .isEqualTo(List.of(good.size() + bad.size(), good.size(), bad.size()));
        }
        assertThat(enrolled.events())
                .hasSize(good.size())
                .extracting(event -> event.getString("id"))
                .contains("01234567-89ab-cdef-0123-456789abcdef")
                .doesNotHaveDuplicates();
        assertThat(brain.metric("ganglion_events_rejected_total", "project", enrolled.slug()))
                .isEqualTo(bad.size());
    }

    @Test
    void countsIngestedEventsByProjectEngineAndKind() {
        EnrolledAgent enrolled = brain.agent();
        try (WireAgent agent = enrolled.connect()) {
            agent.ingest(
                    WireFrames.event(),
                    WireFrames.event(),
                    WireFrames.eventWith("engine", "rq"),
                    WireFrames.eventWith("kind", "odd"));
            assertThat(brain.metric("z4j_ws_connections")).isEqualTo(1);
        }
        String ingested = "z4j_events_ingested_total";
        String slug = enrolled.slug();
        assertThat(brain.metric(ingested, "project", slug, "engine", "celery", "kind", "task.succeeded"))
                .isEqualTo(2);
        assertThat(brain.metric(ingested, "project", slug, "engine", "rq", "kind", "task.succeeded"))
                .isEqualTo(1);
        assertThat(brain.metric(ingested, "project", slug, "engine", "celery", "kind", "unknown"))
                .isEqualTo(1);
        assertThat(brain.metric("ganglion_frames_total", "type", "event_batch")).isPositive();
        assertThat(brain.metric("ganglion_ack_latency_seconds_count")).isPositive();
        assertThat(brain.metrics()).contains("ganglion_event_loop_lag", "ganglion_lanes_away", "jvm_memory");
    }

    @Test
    void mergesRegistryDeltas() {
        EnrolledAgent enrolled = brain.agent();
        try (WireAgent agent = enrolled.connect()) {
            agent.send("registry_delta", delta("celery", "added", entry("a", 1), entry("b", 1)));
            agent.send("registry_delta", delta("rq", "added", entry("a", 9)));
            agent.send("registry_delta", delta("celery", "updated", entry("b", 2), entry("c", 2)));
            agent.send(
                    "registry_delta",
                    new JsonObject()
                            .put("engine", "celery")
                            .put("removed", new JsonArray().add("a").add("x")));
            agent.ingest(WireFrames.event());
        }
        List<String> seen = new ArrayList<>();
        String cursor = "";
        while (cursor != null) {
            JsonObject page = brain.rest()
                    .get("/projects/" + enrolled.slug() + "/registry?limit=1"
                            + (cursor.isEmpty() ? "" : "&cursor=" + cursor))
                    .expect(200);
            page.getJsonArray("items").forEach(item -> seen.add(shown((JsonObject) item)));
            cursor = page.getString("next_cursor");
        }
        assertThat(seen).containsExactly("celery b 2", "celery c 2", "rq a 9");
    }

    private static String shown(JsonObject item) {
        return item.getString("engine") + " " + item.getString("name") + " "
                + item.getJsonObject("entry").getInteger("n");
    }

    private static JsonObject entry(String name, int number) {
        return new JsonObject().put("name", name).put("n", number);
    }

    private static JsonObject delta(String engine, String field, JsonObject... entries) {
        return new JsonObject().put("engine", engine).put(field, new JsonArray(List.of(entries)));
    }
}
