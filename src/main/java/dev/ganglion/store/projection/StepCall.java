package dev.ganglion.store.projection;

import dev.ganglion.projection.BlockField;
import dev.ganglion.projection.ProjectionChanges;
import dev.ganglion.projection.ProjectionChanges.Block;
import dev.ganglion.projection.ProjectionChanges.ChangedTask;
import dev.ganglion.projection.ProjectionCounts;
import dev.ganglion.projection.ProjectionEngine.Lease;
import dev.ganglion.projection.ProjectionTable;
import dev.ganglion.projection.run.RecordWriter;
import dev.ganglion.projection.run.Task;
import dev.ganglion.projection.segment.KeyedRecord;
import dev.ganglion.projection.segment.RowPlace;
import dev.ganglion.projection.segment.Rows;
import dev.ganglion.projection.segment.Segments.Segment;
import dev.ganglion.projection.segment.TaskColumns;
import dev.ganglion.projection.task.SubjectKey;
import dev.ganglion.projection.task.TaskState;
import dev.ganglion.store.redis.Arguments;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.Script;
import dev.ganglion.store.redis.StoreTuning;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Builds the call of {@code apply.lua} for one step: places the tasks in rows, and numbers their terms. Changes what the
 * holder keeps in memory, so that the call has to be made. An instance is used once.
 */
final class StepCall {
    static final List<ProjectionTable> SMALL =
            List.of(ProjectionTable.WORKERS, ProjectionTable.QUEUES, ProjectionTable.SCHEDULES);
    private static final int FIXED_KEYS = 11;

    private final RedisKeys.Projection keys;
    private final HeldProjection held;
    private final ProjectionChanges changes;
    private final RecordWriter record = new RecordWriter();
    private final Map<Long, SegmentWrites> writes = new TreeMap<>();

    StepCall(RedisKeys.Projection keys, HeldProjection held, ProjectionChanges changes) {
        this.keys = keys;
        this.held = held;
        this.changes = changes;
    }

    Request request(String node, Lease lease, Duration time) {
        changes.tasks().forEach(this::write);
        List<Long> closed = held.segments().takeClosed();
        closed.forEach(held.index()::close);
        Map<String, Map<BlockField, Block>> blocks = blocks();
        Arguments request = Arguments.of(
                Script.APPLY_STEP,
                FIXED_KEYS
                        + 2 * writes.size()
                        + 2 * closed.size()
                        + changes.hours().size()
                        + blocks.size());
        addKeys(request, closed, blocks);
        request.add(node)
                .add(lease.epoch())
                .add(lease.step())
                .add(time.toMillis())
                .add(StoreTuning.ENGINE_RECORDS)
                .add(writes.size())
                .add(closed.size())
                .add(changes.hours().size())
                .add(blocks.size());
        fields(request, leaseFields());
        fields(request, held.terms().takeAdded());
        fields(request, segmentFields());
        fields(request, changes.tasks().isEmpty() ? Map.of() : stateCounts(held));
        writes.values().forEach(each -> each.addTo(request));
        SMALL.forEach(table -> records(request, table));
        increments(request, changes.counts());
        changes.hours().values().forEach(hour -> increments(request, hour));
        blocks.forEach((name, values) -> block(request, name, values));
        held.settle();
        return request.request();
    }

    private void addKeys(Arguments request, List<Long> closed, Map<String, Map<BlockField, Block>> blocks) {
        request.add(keys.lease())
                .add(keys.counts())
                .add(keys.terms())
                .add(keys.segments())
                .add(keys.blocks());
        SMALL.forEach(table -> request.add(table(keys, table)));
        SMALL.forEach(table -> request.add(RedisKeys.Shard.order(table(keys, table))));
        writes.keySet().forEach(segment -> request.add(keys.records(segment)).add(keys.columns(segment)));
        closed.forEach(segment -> request.add(keys.columns(segment)).add(keys.columnsCopy(segment)));
        changes.hours().keySet().forEach(hour -> request.add(keys.minutes(hour)));
        blocks.keySet().forEach(name -> request.add(keys.block(name)));
    }

    /** Returns the key of the hash that holds a table. */
    static String table(RedisKeys.Projection keys, ProjectionTable table) {
        return switch (table) {
            case WORKERS -> keys.engineWorkers();
            case QUEUES -> keys.engineQueues();
            case SCHEDULES -> keys.schedules();
            case TASKS -> throw new IllegalArgumentException("tasks are in segments");
        };
    }

    private void write(SubjectKey subject, ChangedTask changed) {
        String key = subject.text();
        Task task = changed.task();
        byte[] value = KeyedRecord.encode(key, task, record);
        RowPlace known = held.find(key, changed.isNew());
        RowPlace place =
                known == null ? held.add(key, changed.receivedMs(), task.state().rank()) : known;
        Rows row = Rows.allocate(1);
        int flags = held.followsSameHash(place) ? Rows.SAME_HASH : 0;
        TaskColumns.write(row, task, subject.engine(), held.terms(), place, flags);
        SegmentWrites segment =
                writes.computeIfAbsent(place.segment(), number -> new SegmentWrites(number, held.recent()));
        if (known == null) {
            row.identify(0, held.idHash(key), held.segments().lastBirthMs());
            segment.add(place, row);
            held.sizeOfNew(place, value.length);
        } else {
            held.index().state(place, task.state().rank());
            segment.change(place, row);
            held.resize(place, value.length);
        }
        segment.record(held.field(place), value);
    }

    private Map<String, String> leaseFields() {
        Map<String, String> fields = new LinkedHashMap<>();
        changes.progress().forEach((shard, progress) -> {
            fields.put("position." + shard, progress.position().text());
            fields.put("reached." + shard, String.valueOf(progress.reached()));
        });
        fields.put("next", String.valueOf(held.segments().next()));
        return fields;
    }

    private Map<String, String> segmentFields() {
        Map<String, String> fields = new LinkedHashMap<>();
        for (Segment segment : held.segments().takeChanged()) {
            fields.put(String.valueOf(segment.number()), segment.text());
        }
        return fields;
    }

    /** Returns the number of tasks in each state, by the name of its counter. */
    static Map<String, String> stateCounts(HeldProjection held) {
        Map<String, String> counts = new LinkedHashMap<>();
        for (TaskState state : TaskState.values()) {
            counts.put(
                    ProjectionCounts.STATE + state.label(),
                    String.valueOf(held.index().count(state.rank())));
        }
        return counts;
    }

    private Map<String, Map<BlockField, Block>> blocks() {
        Map<String, Map<BlockField, Block>> blocks = new LinkedHashMap<>();
        changes.blocks()
                .forEach((name, block) -> blocks.computeIfAbsent(name.block(), b -> new LinkedHashMap<>())
                        .put(name, block));
        return blocks;
    }

    private static void block(Arguments request, String name, Map<BlockField, Block> values) {
        long expireAtMs =
                values.values().stream().mapToLong(Block::expireAtMs).max().orElse(0);
        request.add(name).add(expireAtMs).add(values.size());
        values.forEach((field, block) -> request.add(field.field()).add(block.value()));
    }

    private void records(Arguments request, ProjectionTable table) {
        fields(request, changes.upserts(table));
        List<String> removals = new ArrayList<>(changes.removals(table));
        request.add(removals.size());
        removals.forEach(request::add);
    }

    private static void fields(Arguments request, Map<String, String> fields) {
        request.add(fields.size());
        fields.forEach((field, value) -> request.add(field).add(value));
    }

    private static void increments(Arguments request, Map<String, Long> counts) {
        request.add(counts.size());
        counts.forEach((name, by) -> request.add(name).add(by));
    }
}
