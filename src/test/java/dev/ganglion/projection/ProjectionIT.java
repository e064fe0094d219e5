package dev.ganglion.projection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.BrainInternals;
import dev.ganglion.bus.Addresses;
import dev.ganglion.protocol.frame.Command;
import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.http.Rest;
import dev.ganglion.testing.wire.WireAgent;
import dev.ganglion.testing.wire.WireFrames;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the projections in REST, on a brain with its default configuration. */
@Timeout(120)
class ProjectionIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    private final EnrolledAgent enrolled = brain.agent();

    private Rest.Response get(String path) {
        return brain.rest().get("/projects/" + enrolled.slug() + path);
    }

    private List<JsonObject> items(String path) {
        return get(path).expect(200).getJsonArray("items").stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    private static void eventually(ThrowingRunnable assertion) {
        Awaitility.await().atMost(PATIENCE).untilAsserted(assertion);
    }

    private static JsonObject event(String taskId, String kind, JsonObject data) {
        return WireFrames.event().put("task_id", taskId).put("kind", kind).put("data", data);
    }

    private static JsonObject data(String key, Object value) {
        return new JsonObject().put(key, value);
    }

    private static JsonObject of(String engine, JsonObject event) {
        return event.put("engine", engine);
    }

    private static JsonObject helloOf(String workerId, String engine) {
        JsonObject hello = WireFrames.helloOf(workerId);
        hello.getJsonObject("payload").put("engines", new JsonArray().add(engine));
        return hello;
    }

    private void eventuallyWorker(String engine, String name, String state) {
        eventually(() -> assertThat(items("/workers"))
                .filteredOn(worker -> worker.getString("name").equals(name))
                .singleElement()
                .satisfies(worker -> {
                    assertThat(worker.getString("engine")).isEqualTo(engine);
                    assertThat(worker.getString("state")).isEqualTo(state);
                    assertThat(worker.getString("agent_id")).isEqualTo(enrolled.id());
                }));
    }

    @Test
    void showsAWorkerThatOnlyEventsOfTasksNameWhileItsProcessIsConnected() {
        try (WireAgent agent = enrolled.connect(helloOf("rq-process", "rq"))) {
            agent.ingest(
                    of("rq", event("job-1", "task.sent", data("worker", "a-sender"))),
                    of("rq", event("job-1", "task.started", data("worker", "rq-worker-1"))));
            eventuallyWorker("rq", "rq-worker-1", "online");
            assertThat(items("/workers"))
                    .extracting(worker -> worker.getString("name"))
                    .containsExactly("rq-worker-1");
        }
        eventuallyWorker("rq", "rq-worker-1", "offline");
    }

    @Test
    void showsTheProcessAsTheWorkerOfAnEngineThatNamesNone() {
        try (WireAgent web = enrolled.connect(helloOf("web-1", "huey"));
                WireAgent agent = enrolled.connect(helloOf("huey-1", "huey"))) {
            web.ingest(of("huey", event("t-1", "task.sent", data("task_name", "n"))));
            agent.ingest(
                    of("huey", event("t-1", "task.started", data("task_name", "n"))),
                    of("huey", event("t-1", "task.succeeded", data("task_name", "n"))));
            eventuallyWorker("huey", "huey-1", "online");
            assertThat(items("/workers"))
                    .extracting(worker -> worker.getString("name"))
                    .containsExactly("huey-1");
        }
        eventuallyWorker("huey", "huey-1", "offline");
        WireAgent again = enrolled.connect(helloOf("huey-1", "huey"));
        try (again) {
            eventuallyWorker("huey", "huey-1", "online");
        }
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void aProcessThatEndsWithoutNamingItsEngineIsOffline(boolean ranATask) {
        try (WireAgent agent = enrolled.connect(helloOf("arq-1", "arq"))) {
            if (ranATask) {
                agent.ingest(of("arq", event("t-1", "task.started", data("task_name", "n"))));
                eventuallyWorker("arq", "arq-1", "online");
            }
            JsonObject end = data("worker_name", "arq-1").put("reason", "restart");
            agent.ingest(of("", event("", "worker.offline", end)));
        }
        eventuallyWorker("arq", "arq-1", "offline");
    }

    @Test
    void showsTheHealthThatHeartbeatsReport() {
        try (WireAgent agent = enrolled.connect("worker-1")) {
            agent.send(
                    "heartbeat",
                    new JsonObject()
                            .put("buffer_size", 12)
                            .put("dropped_events", 3)
                            .put("last_flush_at", "2026-11-30T20:27:17Z")
                            .put(
                                    "adapter_health",
                                    new JsonObject()
                                            .put("rq.broker_connected", "False")
                                            .put("rq.broker_error", "Error 111 connecting to redis:6379")
                                            .put("celery.broker_connected", "True")));
            eventually(() -> assertThat(items("/agents/" + enrolled.id() + "/workers"))
                    .singleElement()
                    .satisfies(worker -> {
                        JsonObject health = worker.getJsonObject("health");
                        assertThat(health.getInteger("buffer_size")).isEqualTo(12);
                        assertThat(health.getInteger("dropped_events")).isEqualTo(3);
                        assertThat(health.getString("last_flush_at")).isEqualTo("2026-11-30T20:27:17Z");
                        assertThat(health.getBoolean("broker_connected")).isFalse();
                        assertThat(health.getString("broker_error")).contains("Error 111");
                        assertThat(health.getJsonArray("brokers")).hasSize(2);
                    }));
            agent.send("heartbeat", new JsonObject().put("buffer_size", 0).put("dropped_events", 4));
            eventually(() -> assertThat(items("/agents/" + enrolled.id() + "/workers"))
                    .singleElement()
                    .satisfies(worker -> {
                        JsonObject health = worker.getJsonObject("health");
                        assertThat(health.getInteger("dropped_events")).isEqualTo(4);
                        assertThat(health.getBoolean("broker_connected")).isNull();
                    }));
        }
    }

    @Test
    void showsATaskFromItsEvents() {
        try (WireAgent agent = enrolled.connect()) {
            agent.ingest(
                    event(
                            "a/b c",
                            "task.received",
                            data("task_name", "shop.send").put("queue", "mail")),
                    event(
                            "a/b c",
                            "task.succeeded",
                            data("result", "None").put("runtime", 1.5).put("worker", "w@1")));

            eventually(() -> assertThat(items("/tasks?state=success&name=shop.send&queue=mail&worker=w%401"))
                    .singleElement()
                    .satisfies(task -> {
                        assertThat(task.getString("task_id")).isEqualTo("a/b c");
                        assertThat(task.getInteger("runtime_ms")).isEqualTo(1_500);
                        assertThat(task.getString("agent_id")).isEqualTo(enrolled.id());
                        assertThat(task)
                                .isEqualTo(get("/tasks/celery/a%2Fb%20c").expect(200));
                    }));
            assertThat(items("/tasks?state=failure")).isEmpty();
            assertThat(items("/tasks?name=shop.other")).isEmpty();
            assertThat(items("/tasks?since=" + Instant.now().plusSeconds(60))).isEmpty();
            assertThat(items("/tasks?until=" + Instant.now().plusSeconds(60))).hasSize(1);
            assertThat(get("/tasks/celery/none").expect(404).getString("error")).isEqualTo("not_found");
            assertThat(get("/tasks/rq/a%2Fb%20c").status()).isEqualTo(404);
        }
    }

    @Test
    void countsTheBytesOfEventsDeletedBeforeTheirProjection() {
        String shard = "{" + enrolled.view().getString("project_id") + "/0}";
        try (WireAgent agent = enrolled.connect()) {
            agent.ingest(event("t1", "task.sent", new JsonObject()));
            eventually(() -> assertThat(items("/tasks")).hasSize(1));
            brain.redis().call("HSET", shard + ":projection", "owner", "a node that hangs", "until", "9999999999999");
            agent.ingest(event("t2", "task.sent", new JsonObject()));
            String[] newest = brain.redis()
                    .call("XREVRANGE", shard + ":events", "+", "-", "COUNT", "1")
                    .split("\n", 2);
            brain.redis().call("XDEL", shard + ":events", newest[0]);
            agent.ingest(event("t3", "task.sent", new JsonObject()));
            brain.redis().call("HSET", shard + ":projection", "until", "1");

            eventually(() -> assertThat(items("/tasks"))
                    .extracting(task -> task.getString("task_id"))
                    .containsExactlyInAnyOrder("t1", "t3"));
        }
        assertThat(get("/stats").expect(200).getJsonObject("events").getLong("skipped_bytes"))
                .isPositive();
        assertThat(brain.metric("ganglion_projection_skipped_bytes_total", "project", enrolled.slug()))
                .isPositive();
    }

    @ParameterizedTest
    @CsvSource({"state=done, state", "limit=0, limit", "since=now, since", "cursor=nonsense, cursor", "name=, name"})
    void namesTheFieldOfAnInvalidQuery(String query, String field) {
        Rest.Response answer = get("/tasks?" + query);
        assertThat(answer.status()).as(answer.text()).isIn(400, 422);
        assertThat(answer.field()).isEqualTo(field);
    }

    @Test
    void countsATransitionOnceAndMarksItsDuplicates() {
        JsonObject first = event("t", "task.started", new JsonObject());
        JsonObject second = first.copy().put("id", WireFrames.event().getString("id"));
        try (WireAgent one = enrolled.connect("w1");
                WireAgent other = enrolled.connect("w2")) {
            one.ingest(first);
            other.ingest(second);
            eventually(() -> assertThat(get("/stats").expect(200).getJsonObject("events"))
                    .isEqualTo(new JsonObject()
                            .put("total", 1)
                            .put("duplicates", 1)
                            .put("clamped", 0)
                            .put("skipped_bytes", 0)
                            .put("by_kind", data("task.started", 1))));
            List<JsonObject> events = enrolled.events();

            assertThat(events).extracting(event -> event.getString("id")).containsExactly(id(second), id(first));
            assertThat(events)
                    .extracting(event -> event.getString("duplicate_of"))
                    .containsExactly(id(first), null);
            JsonObject stats = get("/stats").expect(200);
            assertThat(stats.getJsonObject("tasks").getInteger("total")).isEqualTo(1);
            assertThat(stats.getJsonObject("last_hour").getInteger("events")).isEqualTo(1);
        }
    }

    private static String id(JsonObject event) {
        return event.getString("id");
    }

    @Test
    void listsWorkersAndQueuesFromEventsAndHeartbeats() {
        JsonObject health = new JsonObject()
                .put("celery.queue_depths", data("mail", 12).put("odd", "x").encode())
                .put(
                        "celery.worker_details",
                        data("w@2", data("stats", data("total", 5))).encode())
                .put("celery.broken", "{");
        try (WireAgent agent = enrolled.connect()) {
            agent.ingest(
                    event("", "worker.online", data("worker", "w@1")),
                    event("", "queue.depth_report", data("queue", "media").put("depth", 3)));
            String unused = agent.send("heartbeat", data("adapter_health", health));

            eventually(() -> {
                assertThat(items("/queues"))
                        .extracting(queue -> queue.getString("name") + "=" + queue.getInteger("depth"))
                        .containsExactly("mail=12", "media=3");
                assertThat(items("/workers"))
                        .extracting(worker -> worker.getString("name") + "=" + worker.getString("state"))
                        .containsExactly("w@1=online", "w@2=online");
            });
            assertThat(items("/workers").get(1).getJsonObject("details")).isEqualTo(data("stats", data("total", 5)));
            JsonObject page = get("/workers?limit=1").expect(200);
            assertThat(page.getJsonArray("items")).hasSize(1);
            assertThat(items("/workers?limit=1&cursor=" + page.getString("next_cursor")))
                    .extracting(worker -> worker.getString("name"))
                    .containsExactly("w@2");
            eventually(() -> {
                assertThat(brain.metric("z4j_queue_depth", "project", enrolled.slug(), "queue", "mail"))
                        .isEqualTo(12);
                assertThat(brain.metric("z4j_workers_online", "project", enrolled.slug()))
                        .isEqualTo(2);
            });
        }
    }

    @Test
    void listsSchedulesInTheRegistry() {
        try (WireAgent agent = enrolled.connect()) {
            JsonArray snapshot = new JsonArray().add(data("name", "nightly").put("expression", "0 3 * * *"));
            agent.ingest(event("", "schedule.snapshot", data("schedules", snapshot)));
            agent.ingest(event("", "schedule.run_started", data("name", "nightly")));

            eventually(() -> assertThat(items("/registry")).singleElement().satisfies(entry -> {
                assertThat(entry.getString("kind")).isEqualTo("schedule");
                assertThat(entry.getString("agent_id")).isEqualTo(enrolled.id());
                assertThat(entry.getString("name")).isEqualTo("nightly");
                assertThat(entry.getJsonObject("entry").getString("expression")).isEqualTo("0 3 * * *");
                assertThat(entry.getJsonObject("entry").getString("last_run_started_at"))
                        .isNotNull();
            }));
        }
    }

    @Test
    void listsRejectedEventsWithTheirReason() {
        JsonObject bad = WireFrames.event().put("kind", 5);
        try (WireAgent agent = enrolled.connect()) {
            agent.ingest(WireFrames.event(), bad);

            assertThat(items("/dead-letters")).singleElement().satisfies(letter -> {
                assertThat(letter.getString("agent_id")).isEqualTo(enrolled.id());
                assertThat(letter.getString("reason")).isEqualTo("kind must be a non-empty string");
                assertThat(letter.getJsonObject("event")).isEqualTo(bad);
                assertThat(letter.getInteger("index")).isEqualTo(1);
            });
            assertThat(get("/dead-letters?cursor=x").field()).isEqualTo("cursor");
        }
    }

    @Test
    void sendsNamesAndPrioritiesButNoArgumentsWithABulkRetry() {
        try (WireAgent agent = enrolled.connect()) {
            agent.ingest(
                    event(
                            "t-1",
                            "task.failed",
                            data("task_name", "n1").put("priority", 4).put("args", "[1]")),
                    event("t-2", "task.failed", data("task_name", "n2").put("args", "[2]")));
            eventually(() -> assertThat(items("/tasks?state=failure")).hasSize(2));

            JsonArray ids = new JsonArray().add("t-1").add("t-2").add("t-3");
            JsonObject body = new JsonObject()
                    .put("agent_id", enrolled.id())
                    .put("engine", "celery")
                    .put("filter", data("task_ids", ids).put("task_names", data("t-1", "forged")))
                    .put("max", 10);
            assertThat(brain.rest()
                            .post("/projects/" + enrolled.slug() + "/commands/bulk-retry", body)
                            .status())
                    .isEqualTo(202);
            Command command = (Command) agent.receive();

            assertThat(new JsonObject(command.parameters().text()).getJsonObject("filter"))
                    .isEqualTo(data("task_ids", ids)
                            .put("task_names", data("t-1", "n1").put("t-2", "n2"))
                            .put("task_priorities", data("t-1", 4)));
        }
    }

    @Test
    void publishesChangesOnTheBusAndMeasuresThem() {
        String projectId =
                brain.rest().get("/projects/" + enrolled.slug()).expect(200).getString("id");
        List<String> published = new CopyOnWriteArrayList<>();
        var consumer = BrainInternals.vertx(brain.brain())
                .eventBus()
                .<String>localConsumer(Addresses.TASK_CHANGED, message -> published.add(message.body()));
        try (WireAgent agent = enrolled.connect()) {
            agent.ingest(event("t", "task.succeeded", data("runtime", 0.25)));

            eventually(() -> assertThat(published).contains(projectId));
            eventually(() -> assertThat(brain.metric(
                            "z4j_task_duration_seconds_sum", "project", enrolled.slug(), "state", "success"))
                    .isEqualTo(0.25));
            eventually(() -> {
                assertThat(brain.metrics())
                        .contains("ganglion_projection_lag_seconds{project=\"" + enrolled.slug() + "\"}");
                assertThat(brain.metric("ganglion_projection_lag_entries", "project", enrolled.slug()))
                        .isZero();
            });
        } finally {
            Void unused = consumer.unregister().await();
        }
    }
}
