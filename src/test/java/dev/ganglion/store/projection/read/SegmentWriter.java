package dev.ganglion.store.projection.read;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.ganglion.event.Events;
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
import dev.ganglion.projection.segment.Segments;
import dev.ganglion.projection.segment.TaskColumns;
import dev.ganglion.projection.segment.Terms;
import dev.ganglion.projection.task.SubjectKey;
import dev.ganglion.protocol.json.Json;
import dev.ganglion.store.StoreFixture;
import dev.ganglion.store.redis.Arguments;
import dev.ganglion.store.redis.RedisKeys;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToLongFunction;

/** Writes tasks into a project's segments, as the engine lays them out, without its leases and steps. */
final class SegmentWriter {
    static final long NOW = Events.RECEIVED.toEpochMilli();

    private final StoreFixture store;
    private final RedisKeys.Projection keys;
    private final Segments segments;
    private final ToLongFunction<String> hash;
    private final Terms terms = new Terms();
    private final TextPool texts = new TextPool();
    private final Map<String, RowPlace> places = new HashMap<>();
    private final List<Request> writes = new ArrayList<>();

    SegmentWriter(StoreFixture store, String projectId, int rows) {
        this(store, projectId, rows, IdHash::of);
    }

    SegmentWriter(StoreFixture store, String projectId, int rows, ToLongFunction<String> hash) {
        this.store = store;
        this.keys = RedisKeys.Projection.of(projectId);
        this.segments = new Segments(new SegmentLimits(rows, Long.MAX_VALUE, Duration.ofDays(9)), 0);
        this.hash = hash;
    }

    /** A task with one report of this kind. The data are keys and values in turn. */
    Task task(String agent, String id, String kind, Object... data) {
        Task task = new Task();
        apply(task, agent, id, kind, data);
        return task;
    }

    void apply(Task task, String agent, String id, String kind, Object... data) {
        JsonObject event = Events.event(id, "task." + kind, 1_000);
        for (int i = 0; i < data.length; i += 2) {
            Events.with(event, (String) data[i], data[i + 1]);
        }
        Json array = Json.parse(new JsonArray().add(event).encode());
        TaskEvents.Source source = new TaskEvents.Source(0, NOW + "-0", NOW, agent, agent);
        TaskEvent read = Objects.requireNonNull(new TaskEvents(array, source, texts).next());
        boolean unused = task.apply(read, 0);
    }

    /** Writes a task, born at a time, behind all others; or again at its place. */
    void put(SubjectKey subject, Task task, long birthMs) {
        String key = subject.text();
        RowPlace known = places.get(key);
        RowPlace place = known == null ? segments.place(birthMs) : known;
        int flags = places.entrySet().stream()
                        .anyMatch(other -> other.getValue().segment() == place.segment()
                                && other.getValue().row() < place.row()
                                && hash.applyAsLong(other.getKey()) == hash.applyAsLong(key))
                ? Rows.SAME_HASH
                : 0;
        write(key, task, place, flags, birthMs);
        places.put(key, place);
    }

    /** Writes the record of a task, but not its row. */
    void replaceRecord(SubjectKey subject, Task task) {
        String key = subject.text();
        writes.add(Arguments.of(Command.HSET)
                .add(keys.records(Objects.requireNonNull(places.get(key)).segment()))
                .add(RecordField.of(hash.applyAsLong(key)))
                .add(new KeyedRecord(key, task.encode()).encode())
                .request());
    }

    /** Writes a new task without remembering its place. */
    @CanIgnoreReturnValue
    RowPlace append(SubjectKey subject, Task task, long birthMs) {
        RowPlace place = segments.place(birthMs);
        write(subject.text(), task, place, 0, birthMs);
        return place;
    }

    private void write(String key, Task task, RowPlace place, int flags, long birthMs) {
        Rows row = Rows.allocate(1);
        row.identify(0, hash.applyAsLong(key), birthMs);
        TaskColumns.write(row, task, SubjectKey.of(key).engine(), terms, place, flags);
        byte[] record = new KeyedRecord(key, task.encode()).encode();
        segments.write(place.segment(), record.length);
        writes.add(Arguments.of(Command.HSET)
                .add(keys.records(place.segment()))
                .add(
                        RecordField.of(row, 0).length == Long.BYTES
                                ? RecordField.of(row.idHash(0))
                                : RecordField.of(row.idHash(0), place.row()))
                .add(record)
                .request());
        writes.add(Arguments.of(Command.SETRANGE)
                .add(keys.columns(place.segment()))
                .add(Rows.offset(place.row()))
                .add(row.bytes())
                .request());
    }

    /** Sends what was written, as one step. */
    void flush() {
        terms.takeAdded()
                .forEach((field, text) -> writes.add(
                        Request.cmd(Command.HSET).arg(keys.terms()).arg(field).arg(text)));
        segments.takeChanged()
                .forEach(segment -> writes.add(Request.cmd(Command.HSET)
                        .arg(keys.segments())
                        .arg(segment.number())
                        .arg(segment.text())));
        for (int at = 0; at < writes.size(); at += 1_000) {
            List<Request> some = List.copyOf(writes.subList(at, Math.min(writes.size(), at + 1_000)));
            var unused = store.await(store.shared.batch(some));
        }
        writes.clear();
    }

    /** Deletes the oldest segment, as the retention does. */
    void dropOldest() {
        long number = segments.oldest();
        segments.remove(number);
        writes.add(Request.cmd(Command.HDEL).arg(keys.segments()).arg(number));
        dropRows(number);
        flush();
    }

    /** Deletes rows and records of a segment that a reader already knows. */
    void dropRows(long number) {
        writes.add(Request.cmd(Command.UNLINK).arg(keys.columns(number)).arg(keys.records(number)));
    }
}
