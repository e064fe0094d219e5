package dev.ganglion.store.projection;

import static dev.ganglion.event.Events.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ganglion.auth.Project;
import dev.ganglion.bus.LocalBus;
import dev.ganglion.bus.ShardRef;
import dev.ganglion.projection.ProjectionTerms;
import dev.ganglion.projection.ProjectorClocks;
import dev.ganglion.projection.ProjectorVerticle;
import dev.ganglion.projection.task.SubjectKey;
import dev.ganglion.projection.task.TaskQuery;
import dev.ganglion.protocol.event.EventArray;
import dev.ganglion.protocol.frame.EventBatch;
import dev.ganglion.protocol.json.Json;
import dev.ganglion.store.Given;
import dev.ganglion.store.StoreTests;
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
public class ProjectionScriptTest extends StoreTests {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private RedisProjections node1;
    private RedisProjections node2;
    private RedisTasks tasks;
    private ShardRef ref;
    private Project project;
    private long seq;
    private volatile boolean crowded;

    @BeforeEach
    void givenAProjectWithAnOpenSession() {
        node1 = new RedisProjections(store.shared, store.projects, "node-1", Clock.systemUTC());
        node2 = new RedisProjections(store.shared, store.projects, "node-2", Clock.systemUTC());
        tasks = new RedisTasks(store.shared);
        ref = new ShardRef(session.projectId(), 0);
        project = new Project(session.projectId(), "p-" + session.projectId(), "P", null, 1, Instant.EPOCH);
        store.one(Given.open(session));
    }

    private String position() {
        return redis.call("HGET", shard().projection(), "position");
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

        private Projector(RedisProjections by, int kept) {
            ProjectorVerticle verticle = new ProjectorVerticle(
                    by,
                    ProjectionTerms.keeping(new ProjectionTerms.Retention(Duration.ofDays(7), kept, Long.MAX_VALUE), 1 << 20),
                    LocalBus.on(store.vertx),
                    new ProjectionMetrics(new SimpleMeterRegistry()),
                    new ProjectorClocks(Clock.systemUTC(), Ticker.system()),
                    () -> crowded);
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

    /** Omits counts of zero. A state that tasks only passed through within one step was never counted. */
    private List<String> records() {
        List<String> records = new ArrayList<>();
        for (String key : List.of(shard().tasks(), shard().counts())) {
            redis.call("HKEYS", key)
                    .lines()
                    .sorted()
                    .map(field -> field + "=" + redis.call("HGET", key, field))
                    .filter(record -> !record.endsWith("=0"))
                    .forEach(records::add);
        }
        records.add(redis.call("ZRANGE", shard().tasksInOrder(), "0", "-1", "WITHSCORES"));
        return records;
    }

    @Test
    void projectingFromTheStartYieldsTheSameRecords() {
        List<JsonObject> events = stories(40, new Random(3));
        store.await(store.projects.create(project));
        List<String> incremental;
        try (Projector projector = new Projector(node1, 100_000)) {
            for (int at = 0; at < events.size(); at += 7) {
                ingest(events.subList(at, Math.min(events.size(), at + 7)));
                if (at % 35 == 0) {
                    projector.awaitEnd();
                }
            }
            projector.awaitEnd();
            incremental = records();
        }
        assertThat(incremental).hasSizeGreaterThan(40).contains("s:failure=8", "s:success=32");

        store.await(node1.drop(ref));
        try (Projector projector = new Projector(node2, 100_000)) {
            projector.awaitEnd();
        }
        assertThat(records()).isEqualTo(incremental);
    }

    @Test
    void removesTheOldestTasksBeyondTheLimit() {
        store.await(store.projects.create(project));
        try (Projector projector = new Projector(node1, 1_000)) {
            for (int at = 0; at < 1_700; at += 100) {
                List<JsonObject> events = new ArrayList<>();
                for (int i = at; i < at + 100; i++) {
                    events.add(event("t" + i, "task.succeeded", 0));
                }
                ingest(events);
            }
            projector.awaitEnd();
            await().atMost(PATIENCE)
                    .until(() -> redis.call("ZCARD", shard().tasksInOrder()).equals("1000"));
        }
        assertThat(redis.call("HLEN", shard().tasks())).isEqualTo("1000");
        assertThat(redis.call("HGET", shard().counts(), "s:success")).isEqualTo("1000");
        assertThat(store.await(tasks.find(project.id(), 1, new SubjectKey("celery", "t699"))))
                .isEmpty();
        assertThat(store.await(tasks.find(project.id(), 1, new SubjectKey("celery", "t700"))))
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
        try (Projector projector = new Projector(node1, 100_000)) {
            projector.awaitEnd();
        }
        assertThat(redis.call("ZCARD", shard().tasksInOrder())).isEqualTo("2500");
        assertThat(Long.parseLong(redis.call("HGET", shard().projection(), "step")))
                .isGreaterThanOrEqualTo(3);
    }

    private List<String> pages(TaskQuery query) {
        List<String> ids = new ArrayList<>();
        String cursor = null;
        do {
            var page = store.await(tasks.list(
                    project.id(),
                    project.shards(),
                    new TaskQuery(
                            query.states(), query.name(), query.queue(), null, null, null, cursor, query.limit())));
            page.items().forEach(item -> ids.add(item.getString("task_id")));
            cursor = page.nextCursor();
        } while (cursor != null);
        return ids;
    }

    private static TaskQuery query(@Nullable String state, @Nullable String name, @Nullable String queue, int limit) {
        return new TaskQuery(state == null ? Set.of() : Set.of(state), name, queue, null, null, null, null, limit);
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
        try (Projector projector = new Projector(node1, 100_000)) {
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
        try (Projector projector = new Projector(node1, 100_000)) {
            projector.awaitEnd();
            var page = store.await(tasks.list(project.id(), 1, query(null, null, null, 5)));
            ingest(List.of(event("t2", "task.failed", 0), event("t8", "task.failed", 0), event("new", "task.sent", 0)));
            projector.awaitEnd();
            var next = store.await(tasks.list(
                    project.id(), 1, new TaskQuery(Set.of(), null, null, null, null, null, page.nextCursor(), 50)));

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
        try (Projector projector = new Projector(node1, 100_000)) {
            projector.awaitListed(Set.of("both", "own0", "own1", "own2"));
        }
        assertThat(pages(query(null, null, null, 1))).hasSize(4);
        assertThat(pages(query("success", null, null, 50))).containsExactlyInAnyOrder("both", "own1");
        assertThat(store.await(tasks.find(project.id(), 3, new SubjectKey("celery", "both")))
                        .orElseThrow()
                        .state()
                        .label())
                .isEqualTo("success");
    }

    @Test
    void deletesTheProjectionWithItsProject() {
        store.await(store.projects.create(project));
        ingest(stories(5, new Random(1)));
        try (Projector projector = new Projector(node1, 100_000)) {
            projector.awaitEnd();
            assertThat(store.await(store.agents.delete(project, session.agentId())))
                    .isTrue();
            store.await(store.projects.delete(project));

            await().atMost(PATIENCE).until(() -> store.keys(project.id()).isEmpty());
        }
        assertThat(store.keys(project.id())).isEmpty();
    }
}
