package dev.ganglion.store.projection;

import static dev.ganglion.event.Events.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ganglion.auth.Project;
import dev.ganglion.bus.LocalBus;
import dev.ganglion.bus.NodeBus;
import dev.ganglion.projection.ProjectionTerms;
import dev.ganglion.projection.ProjectorClocks;
import dev.ganglion.projection.failure.EventFingerprint;
import dev.ganglion.projection.projector.ProjectorNode;
import dev.ganglion.projection.projector.ProjectorPorts;
import dev.ganglion.projection.projector.ProjectorVerticle;
import dev.ganglion.projection.run.TaskFilter;
import dev.ganglion.projection.run.TaskQuery;
import dev.ganglion.projection.segment.SegmentLimits;
import dev.ganglion.projection.task.SubjectKey;
import dev.ganglion.protocol.event.EventArray;
import dev.ganglion.protocol.frame.EventBatch;
import dev.ganglion.protocol.json.Json;
import dev.ganglion.store.Given;
import dev.ganglion.store.StoreTests;
import dev.ganglion.store.projection.read.SegmentTasks;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.telemetry.ProjectionMetrics;
import dev.ganglion.telemetry.Ticker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.ThreadingModel;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests projections of real event streams. */
@Timeout(120)
public class StreamProjectionTest extends StoreTests {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private SegmentTasks tasks;
    private Project project;
    private long seq;
    private volatile boolean crowded;

    @BeforeEach
    void givenAProjectWithAnOpenSession() {
        tasks = new SegmentTasks(store.shared, Ticker.system());
        project = new Project(session.projectId(), "p-" + session.projectId(), "P", null, 1, Instant.EPOCH);
        store.one(Given.open(session));
    }

    private RedisKeys.Projection keys() {
        return RedisKeys.Projection.of(project.id());
    }

    private String position() {
        return redis.call("HGET", keys().lease(), "position.0");
    }

    private void ingest(List<JsonObject> events) {
        List<Json> array =
                events.stream().map(event -> Json.parse(event.encode())).toList();
        store.one(Given.frame(session, ++seq, new EventBatch(Given.id(), EventArray.of(array))));
    }

    private static List<JsonObject> stories(int count, Random random) {
        List<JsonObject> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            for (String kind :
                    List.of("task.received", "task.started", i % 5 == 0 ? "task.failed" : "task.succeeded")) {
                JsonObject event = event("t" + i, kind, 0)
                        .put(
                                "occurred_at",
                                Instant.now()
                                        .minusMillis(random.nextInt(30_000))
                                        .toString());
                event.getJsonObject("data").put("task_name", "n" + i % 3).put("queue", "q" + i % 2);
                events.add(event);
            }
        }
        Collections.shuffle(events, random);
        return events;
    }

    /** A node that projects. */
    private final class Projector implements AutoCloseable {
        private final String id;

        private Projector(String node, int kept) {
            SegmentLimits segments = new SegmentLimits(100, 100_000, Duration.ofHours(1));
            ProjectorPorts ports = new ProjectorPorts(
                    new RedisProjectionEngine(store.shared, store.projects, node, Clock.systemUTC(), segments),
                    new RedisEventStreams(store.shared),
                    List.of(),
                    new EventFingerprint());
            ProjectionTerms terms = ProjectionTerms.keeping(
                    new ProjectionTerms.Retention(Duration.ofDays(7), kept, Long.MAX_VALUE), 1 << 20);
            NodeBus alone = new NodeBus(store.vertx, node, Set::of, message -> {});
            ProjectorVerticle verticle = new ProjectorVerticle(
                    ports,
                    terms,
                    new ProjectorClocks(Clock.systemUTC(), Ticker.system()),
                    new ProjectorNode(LocalBus.on(store.vertx), alone, () -> crowded, () -> false),
                    new ProjectionMetrics(new SimpleMeterRegistry()));
            id = store.await(store.vertx.deployVerticle(
                    verticle, new DeploymentOptions().setThreadingModel(ThreadingModel.WORKER)));
        }

        private void awaitEnd() {
            String last = redis.call("XREVRANGE", shard().events(), "+", "-", "COUNT", "1")
                    .lines()
                    .findFirst()
                    .orElseThrow();
            await().atMost(PATIENCE).until(() -> position().equals(last + "/0"));
        }

        private void awaitListed(Set<String> ids) {
            await().atMost(PATIENCE).until(() -> new HashSet<>(pages(query(null, null, null, 2))).equals(ids));
        }

        @Override
        public void close() {
            store.await(store.vertx.undeploy(id));
            EventBus unused = store.vertx.eventBus().unregisterCodec("ganglion.local");
        }
    }

    /** What operators see: all tasks, newest first, and the counters. */
    private List<String> projected() {
        List<String> projected = new ArrayList<>();
        String cursor = null;
        do {
            var page = store.await(tasks.list(project.id(), new TaskQuery(TaskFilter.ALL, null, null, cursor, 500)));
            page.items().forEach(item -> projected.add(item.encode()));
            cursor = page.nextCursor();
        } while (cursor != null);
        redis.call("HKEYS", keys().counts())
                .lines()
                .sorted()
                .map(field -> field + "=" + redis.call("HGET", keys().counts(), field))
                .filter(count -> !count.endsWith("=0"))
                .forEach(projected::add);
        return projected;
    }

    @Test
    void projectingFromTheStartYieldsTheSameTasks() {
        List<JsonObject> events = stories(40, new Random(3));
        store.await(store.projects.create(project));
        List<String> incremental;
        try (Projector projector = new Projector("node-1", 100_000)) {
            for (int at = 0; at < events.size(); at += 7) {
                ingest(events.subList(at, Math.min(events.size(), at + 7)));
                if (at % 35 == 0) {
                    projector.awaitEnd();
                }
            }
            projector.awaitEnd();
            incremental = projected();
        }
        assertThat(incremental).hasSizeGreaterThan(40).contains("k:task.failed=8", "k:task.succeeded=32");

        redis.call("DEL", keys().lease());
        store.await(ProjectionRemoval.all(store.shared, project.id(), 1, System.currentTimeMillis()));
        try (Projector projector = new Projector("node-2", 100_000)) {
            projector.awaitEnd();
        }
        assertThat(projected()).isEqualTo(incremental);
    }

    @Test
    void removesTheOldestTasksBeyondTheLimit() {
        store.await(store.projects.create(project));
        try (Projector projector = new Projector("node-1", 1_000)) {
            for (int at = 0; at < 1_700; at += 100) {
                List<JsonObject> events = new ArrayList<>();
                for (int i = at; i < at + 100; i++) {
                    events.add(event("t" + i, "task.succeeded", 0));
                }
                ingest(events);
            }
            projector.awaitEnd();
            await().atMost(PATIENCE).until(() -> count("s:success") <= 1_000);
        }
        assertThat(count("s:success")).isGreaterThan(800); // whole segments go
        assertThat(pages(query(null, null, null, 500))).hasSize((int) count("s:success"));
        assertThat(store.await(tasks.find(project.id(), new SubjectKey("celery", "t600"))))
                .isEmpty();
        assertThat(store.await(tasks.find(project.id(), new SubjectKey("celery", "t1699"))))
                .isPresent();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void projectsALargeBatchInSteps(boolean framesWait) {
        crowded = framesWait;
        store.await(store.projects.create(project));
        List<JsonObject> events = new ArrayList<>();
        for (int i = 0; i < 2_500; i++) {
            events.add(event("t" + i, "task.started", 0));
        }
        ingest(events);
        try (Projector projector = new Projector("node-1", 100_000)) {
            projector.awaitEnd();
        }
        assertThat(count("s:started")).isEqualTo(2_500);
        assertThat(Long.parseLong(redis.call("HGET", keys().lease(), "step"))).isGreaterThanOrEqualTo(2);
    }

    private long count(String counter) {
        String count = redis.call("HGET", keys().counts(), counter);
        return count.isEmpty() ? 0 : Long.parseLong(count);
    }

    private List<String> pages(TaskQuery query) {
        List<String> ids = new ArrayList<>();
        String cursor = null;
        do {
            var page = store.await(
                    tasks.list(project.id(), new TaskQuery(query.filter(), null, null, cursor, query.limit())));
            page.items().forEach(item -> ids.add(item.getString("task_id")));
            cursor = page.nextCursor();
        } while (cursor != null);
        return ids;
    }

    private static Set<String> one(@Nullable String value) {
        return value == null ? Set.of() : Set.of(value);
    }

    private static TaskQuery query(@Nullable String state, @Nullable String name, @Nullable String queue, int limit) {
        TaskFilter filter = new TaskFilter(one(state), one(name), one(queue), Set.of(), Set.of(), Set.of(), null);
        return new TaskQuery(filter, null, null, null, limit);
    }

    @Test
    void listsTasksNewestFirstAndCombinesFilters() {
        store.await(store.projects.create(project));
        List<JsonObject> events = new ArrayList<>();
        List<String> wanted = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            JsonObject event = event("t" + i, i % 2 == 0 ? "task.failed" : "task.succeeded", 0);
            event.getJsonObject("data").put("task_name", "n" + i % 3).put("queue", "q" + i % 5);
            events.add(event);
            if (i % 2 == 0 && i % 3 == 1 && i % 5 == 2) {
                wanted.add(0, "t" + i);
            }
        }
        ingest(events);
        try (Projector projector = new Projector("node-1", 100_000)) {
            projector.awaitEnd();
        }
        assertThat(wanted).isNotEmpty();
        for (int limit : new int[] {1, 2, 7, 500}) {
            assertThat(pages(query("failure", "n1", "q2", limit))).isEqualTo(wanted);
            assertThat(pages(query(null, null, null, limit)))
                    .hasSize(250)
                    .startsWith("t249", "t248")
                    .endsWith("t0");
        }
    }

    @Test
    void aChangedTaskKeepsItsPositionBetweenPages() {
        store.await(store.projects.create(project));
        List<JsonObject> events = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            events.add(event("t" + i, "task.started", 0));
        }
        ingest(events);
        try (Projector projector = new Projector("node-1", 100_000)) {
            projector.awaitEnd();
            var page = store.await(tasks.list(project.id(), query(null, null, null, 5)));
            ingest(List.of(event("t2", "task.failed", 0), event("t8", "task.failed", 0), event("new", "task.sent", 0)));
            projector.awaitEnd();
            var next = store.await(
                    tasks.list(project.id(), new TaskQuery(TaskFilter.ALL, null, null, page.nextCursor(), 50)));

            assertThat(next.items())
                    .extracting(item -> item.getString("task_id"))
                    .containsExactly("t4", "t3", "t2", "t1", "t0");
            assertThat(next.items().get(2).getString("state")).isEqualTo("failure");
            assertThat(next.nextCursor()).isNull();
        }
    }

    @Test
    void listsATaskOfSeveralShardsOnce() {
        project = new Project(session.projectId(), "p-" + session.projectId(), "P", null, 3, Instant.EPOCH);
        store.await(store.projects.create(project));
        for (int shard = 0; shard < 3; shard++) {
            RedisKeys.Shard keys = RedisKeys.Shard.of(project.id(), shard);
            String kind = List.of("task.sent", "task.succeeded", "task.started").get(shard);
            JsonObject both = event("both", kind, 0);
            JsonObject own = event("own" + shard, kind, 0);
            String array = EventArray.of(List.of(Json.parse(both.encode()), Json.parse(own.encode())))
                    .array()
                    .text();
            store.await(store.shared.send(Request.cmd(Command.XADD)
                    .arg(keys.events())
                    .arg("*")
                    .arg("a")
                    .arg("agent" + shard)
                    .arg("c")
                    .arg("10")
                    .arg("s")
                    .arg("10")
                    .arg("e")
                    .arg(array)));
        }
        try (Projector projector = new Projector("node-1", 100_000)) {
            projector.awaitListed(Set.of("both", "own0", "own1", "own2"));
        }
        assertThat(pages(query(null, null, null, 1))).hasSize(4);
        assertThat(pages(query("success", null, null, 50))).containsExactlyInAnyOrder("both", "own1");
        assertThat(store.await(tasks.find(project.id(), new SubjectKey("celery", "both")))
                        .orElseThrow()
                        .state()
                        .label())
                .isEqualTo("success");
    }

    @Test
    void deletesTheProjectionWithItsProject() {
        store.await(store.projects.create(project));
        ingest(stories(5, new Random(1)));
        try (Projector projector = new Projector("node-1", 100_000)) {
            projector.awaitEnd();
            assertThat(store.await(store.agents.delete(project, session.agentId())))
                    .isTrue();
            store.await(store.projects.delete(project));

            await().atMost(PATIENCE).until(() -> store.keys(project.id()).isEmpty());
        }
        assertThat(store.keys(project.id())).isEmpty();
    }
}
