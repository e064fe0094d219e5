package dev.ganglion.store.projection;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.ganglion.event.Events;
import dev.ganglion.projection.ProjectionChanges;
import dev.ganglion.projection.ProjectionChanges.ChangedTask;
import dev.ganglion.projection.ProjectionEngine.Lease;
import dev.ganglion.projection.ProjectionEngine.Place;
import dev.ganglion.projection.ProjectionPosition;
import dev.ganglion.projection.ShardProgress;
import dev.ganglion.projection.run.Task;
import dev.ganglion.projection.run.TaskEvent;
import dev.ganglion.projection.run.TaskEvents;
import dev.ganglion.projection.run.TextPool;
import dev.ganglion.projection.segment.IdHash;
import dev.ganglion.projection.segment.KeyedRecord;
import dev.ganglion.projection.segment.RecordField;
import dev.ganglion.projection.segment.RowPlace;
import dev.ganglion.projection.segment.Rows;
import dev.ganglion.projection.segment.SegmentLimits;
import dev.ganglion.projection.segment.Segments.Segment;
import dev.ganglion.projection.segment.TaskColumns;
import dev.ganglion.projection.segment.Terms;
import dev.ganglion.projection.task.SubjectKey;
import dev.ganglion.projection.task.TaskState;
import dev.ganglion.protocol.json.Json;
import dev.ganglion.store.StoreTests;
import dev.ganglion.store.redis.HashReader;
import dev.ganglion.store.redis.RedisKeys;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.BeforeEach;

/** Provides engines of two nodes on one Redis, tasks, and what Redis holds of them. */
abstract class EngineTests extends StoreTests {
    static final Duration LEASE = Duration.ofSeconds(30);
    static final long NOW = Events.RECEIVED.toEpochMilli();
    /** Small segments: 4 rows each. */
    static final SegmentLimits LIMITS = new SegmentLimits(4, 100_000, Duration.ofHours(1));

    RedisProjectionEngine node1;
    RedisProjectionEngine node2;
    Place place;
    private final TextPool texts = new TextPool();

    @BeforeEach
    void givenTwoNodes() {
        node1 = engine("node-1", LIMITS, IdHash::of);
        node2 = engine("node-2", LIMITS, IdHash::of);
        place = new Place(session.projectId(), "test", 2);
    }

    static RedisProjectionEngine engine(String node, SegmentLimits limits, ToLongFunction<String> hash) {
        return new RedisProjectionEngine(store.shared, store.projects, node, Clock.systemUTC(), limits, hash);
    }

    RedisKeys.Projection keys() {
        return RedisKeys.Projection.of(place.projectId());
    }

    @CanIgnoreReturnValue
    Lease acquire(RedisProjectionEngine by) {
        return store.await(by.acquire(place, LEASE, Duration.ZERO)).orElseThrow();
    }

    /** Takes the lease over, as if the other node had died. */
    @CanIgnoreReturnValue
    Lease takeOver(RedisProjectionEngine by) {
        redis.call("HDEL", keys().lease(), "owner");
        return acquire(by);
    }

    static ProjectionChanges at(String position) {
        return new ProjectionChanges(Map.of(0, new ShardProgress(new ProjectionPosition(position, 0), 7)));
    }

    static SubjectKey subject(String id) {
        return new SubjectKey("celery", id);
    }

    /** Applies an event to a task. The data are keys and values in turn. */
    @CanIgnoreReturnValue
    Task apply(Task task, String id, String kind, Object... data) {
        JsonObject event = Events.event(id, "task." + kind, 1_000);
        for (int i = 0; i < data.length; i += 2) {
            Events.with(event, (String) data[i], data[i + 1]);
        }
        Json array = Json.parse(new JsonArray().add(event).encode());
        TaskEvents.Source source = new TaskEvents.Source(0, NOW + "-0", NOW, "agent", "process");
        TaskEvent read = Objects.requireNonNull(new TaskEvents(array, source, texts).next());
        assertThat(task.apply(read, kind.equals("failed") ? 77 : 0)).isTrue();
        return task;
    }

    /** Makes one step that reports one transition of each task, as the projector does. */
    @CanIgnoreReturnValue
    Lease report(RedisProjectionEngine by, Lease lease, String kind, Set<String> ids, Object... data) {
        Map<SubjectKey, Task> known = load(by, lease, ids);
        ProjectionChanges changes = at("5-0");
        for (String id : ids) {
            Task task = known.getOrDefault(subject(id), new Task());
            apply(task, id, kind, data);
            changes.put(subject(id), new ChangedTask(task, !known.containsKey(subject(id)), NOW));
        }
        return step(by, lease, changes);
    }

    @CanIgnoreReturnValue
    static Lease step(RedisProjectionEngine by, Lease lease, ProjectionChanges changes) {
        assertThat(store.await(by.apply(lease, changes, LEASE))).isPresent();
        return lease.after(changes);
    }

    static Map<SubjectKey, Task> load(RedisProjectionEngine by, Lease lease, Set<String> ids) {
        return store.await(by.loadTasks(
                lease, Set.copyOf(ids.stream().map(EngineTests::subject).toList())));
    }

    static Response send(Command command, Object... arguments) {
        Request request = Request.cmd(command);
        for (Object argument : arguments) {
            Request unused = argument instanceof byte[] bytes ? request.arg(bytes) : request.arg(argument.toString());
        }
        return store.await(store.shared.send(request));
    }

    Map<String, String> hash(String key) {
        return store.await(new HashReader(store.shared).all(key));
    }

    /** The segments that Redis holds, oldest first. */
    List<Segment> segments() {
        Map<Long, Segment> segments = new TreeMap<>();
        hash(keys().segments())
                .forEach((number, text) ->
                        segments.put(Long.parseLong(number), Segment.of(Long.parseLong(number), text)));
        return List.copyOf(segments.values());
    }

    Rows rows(long segment) {
        return Rows.of(send(Command.GET, keys().columns(segment)).toBytes());
    }

    Terms terms() {
        Terms terms = new Terms();
        hash(keys().terms()).forEach(terms::load);
        terms.loaded();
        return terms;
    }

    /** The ids of all tasks in the order of their rows. */
    List<String> listed() {
        return List.copyOf(verified(IdHash::of).keySet());
    }

    /** Checks that the rows, the records, the segments, the terms and the counts agree. Returns the tasks by id. */
    Map<String, Task> verified(ToLongFunction<String> hash) {
        Map<String, Task> tasks = new LinkedHashMap<>();
        Map<String, Long> states = new TreeMap<>();
        Terms terms = terms();
        long birth = 0;
        for (Segment segment : segments()) {
            Rows rows = rows(segment.number());
            assertThat(rows.count()).isEqualTo(segment.rows());
            assertThat(send(Command.HLEN, keys().records(segment.number())).toInteger())
                    .isEqualTo(segment.rows());
            assertThat(rows.birthMs(0)).isEqualTo(segment.firstBirthMs()).isGreaterThanOrEqualTo(birth);
            birth = rows.birthMs(rows.count() - 1);
            assertThat(birth).isEqualTo(segment.lastBirthMs());
            for (int row = 0; row < rows.count(); row++) {
                KeyedRecord record = KeyedRecord.decode(
                        send(Command.HGET, keys().records(segment.number()), RecordField.of(rows, row))
                                .toBytes());
                SubjectKey subject = SubjectKey.of(record.key());
                Task task = Task.decode(record.record());
                Rows expected = Rows.allocate(1);
                expected.identify(0, hash.applyAsLong(record.key()), rows.birthMs(row));
                TaskColumns.write(
                        expected,
                        task,
                        subject.engine(),
                        terms,
                        new RowPlace(segment.number(), row),
                        rows.flags(row) & Rows.SAME_HASH);
                assertThat(expected.bytes())
                        .isEqualTo(Arrays.copyOfRange(rows.bytes(), Rows.offset(row), Rows.offset(row + 1)));
                assertThat(tasks.put(subject.name(), task)).isNull();
                states.merge(task.state().label(), 1L, Long::sum);
            }
        }
        assertThat(terms.takeAdded()).isEmpty();
        Map<String, String> counts = hash(keys().counts());
        for (TaskState state : TaskState.values()) {
            assertThat(counts.getOrDefault("s:" + state.label(), "0"))
                    .isEqualTo(String.valueOf(states.getOrDefault(state.label(), 0L)));
        }
        return tasks;
    }

    static Task task(Map<String, Task> tasks, String id) {
        return Objects.requireNonNull(tasks.get(id));
    }

    static List<String> ids(String prefix, int from, int to) {
        List<String> ids = new ArrayList<>();
        for (int i = from; i < to; i++) {
            ids.add(prefix + i);
        }
        return ids;
    }
}
