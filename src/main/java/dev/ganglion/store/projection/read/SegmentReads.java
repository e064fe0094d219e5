package dev.ganglion.store.projection.read;

import dev.ganglion.projection.segment.KeyedRecord;
import dev.ganglion.projection.segment.Rows;
import dev.ganglion.projection.segment.Segments.Segment;
import dev.ganglion.store.redis.Arguments;
import dev.ganglion.store.redis.HashFields;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.SharedLine;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads segments, rows and records of tasks from Redis. What the retention has deleted meanwhile is missing. */
final class SegmentReads {
    private final SharedLine line;
    private final RowCache cache;

    SegmentReads(SharedLine line, RowCache cache) {
        this.line = line;
        this.cache = cache;
    }

    /**
     * A record of a segment.
     *
     * @param segment number of the segment
     * @param field its field in the segment's hash
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Field(long segment, byte[] field) {}

    /** Reads the segments of a project, youngest first. */
    Future<List<Segment>> segments(RedisKeys.Projection keys) {
        return line.send(Request.cmd(Command.HGETALL).arg(keys.segments())).map(reply -> {
            List<Segment> segments = new ArrayList<>();
            HashFields.of(reply)
                    .fields()
                    .forEach((number, text) -> segments.add(Segment.of(Long.parseLong(number), text)));
            segments.sort(Comparator.comparingLong(Segment::number).reversed());
            return segments;
        });
    }

    /** Returns all rows of a closed segment, if this node keeps them. */
    @Nullable
    Rows kept(RedisKeys.Projection keys, Segment segment) {
        return segment.closed() ? cache.get(keys.columns(segment.number()), segment) : null;
    }

    /** Reads some rows of a segment. Keeps them if they are all rows of a closed segment. */
    Future<Rows> rows(RedisKeys.Projection keys, Segment segment, int first, int count) {
        String key = keys.columns(segment.number());
        return line.send(Request.cmd(Command.GETRANGE)
                        .arg(key)
                        .arg(Rows.offset(first))
                        .arg(Rows.offset(first + count) - 1))
                .map(reply -> {
                    Rows rows = Rows.of(reply == null ? new byte[0] : reply.toBytes());
                    if (segment.closed() && first == 0 && count == segment.rows() && rows.count() == count) {
                        cache.put(key, segment, rows);
                    }
                    return rows;
                });
    }

    /** Returns the sizes of records in bytes; 0 for a missing one. */
    Future<List<Long>> sizes(RedisKeys.Projection keys, List<Field> fields) {
        return line.batch(fields.stream()
                        .map(field -> Arguments.of(Command.HSTRLEN)
                                .add(keys.records(field.segment()))
                                .add(field.field())
                                .request())
                        .toList())
                .map(replies -> replies.stream().map(Response::toLong).toList());
    }

    /** Reads records, in the order of the fields; empty for a missing one. The caller limits their size. */
    Future<List<Optional<KeyedRecord>>> records(RedisKeys.Projection keys, List<Field> fields) {
        Map<Long, Arguments> bySegment = new LinkedHashMap<>();
        Map<Long, List<Integer>> places = new LinkedHashMap<>();
        for (int i = 0; i < fields.size(); i++) {
            Field field = fields.get(i);
            bySegment
                    .computeIfAbsent(
                            field.segment(),
                            number -> Arguments.of(Command.HMGET).add(keys.records(number)))
                    .add(field.field());
            places.computeIfAbsent(field.segment(), number -> new ArrayList<>()).add(i);
        }
        return line.batch(bySegment.values().stream().map(Arguments::request).toList())
                .map(replies -> {
                    List<Optional<KeyedRecord>> records = new ArrayList<>();
                    fields.forEach(field -> records.add(Optional.empty()));
                    int reply = 0;
                    for (List<Integer> segment : places.values()) {
                        Response values = replies.get(reply++);
                        for (int i = 0; i < segment.size(); i++) {
                            Response value = values.get(i);
                            records.set(
                                    segment.get(i),
                                    value == null
                                            ? Optional.empty()
                                            : Optional.of(KeyedRecord.decode(value.toBytes())));
                        }
                    }
                    return records;
                });
    }
}
