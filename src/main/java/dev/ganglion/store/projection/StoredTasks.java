package dev.ganglion.store.projection;

import dev.ganglion.projection.run.Task;
import dev.ganglion.projection.segment.KeyedRecord;
import dev.ganglion.projection.segment.RowPlace;
import dev.ganglion.projection.task.SubjectKey;
import dev.ganglion.store.redis.Arguments;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.SharedLine;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Reads the records of tasks whose rows the index may know. */
final class StoredTasks {
    /** Most records of one call: about 150 KB. */
    private static final int CHUNK = 500;

    private final SharedLine line;
    private final RedisKeys.Projection keys;
    private final HeldProjection held;

    StoredTasks(SharedLine line, RedisKeys.Projection keys, HeldProjection held) {
        this.line = line;
        this.keys = keys;
        this.held = held;
    }

    /** Some rows of one segment that one call reads. */
    private record Read(List<RowPlace> places, Request request) {}

    Future<Map<SubjectKey, Task>> load(Set<SubjectKey> wanted) {
        Map<String, SubjectKey> subjects = new HashMap<>();
        Map<Long, Set<RowPlace>> segments = new TreeMap<>();
        for (SubjectKey subject : wanted) {
            String key = subject.text();
            List<RowPlace> places = held.candidates(key);
            if (!places.isEmpty()) {
                subjects.put(key, subject);
            }
            for (RowPlace place : places) {
                segments.computeIfAbsent(place.segment(), number -> new TreeSet<>())
                        .add(place);
            }
        }
        List<Read> reads = new ArrayList<>();
        segments.forEach((segment, places) -> addReads(reads, segment, List.copyOf(places)));
        return line.batch(reads.stream().map(Read::request).toList()).map(replies -> {
            Map<SubjectKey, Task> tasks = new HashMap<>();
            for (int i = 0; i < reads.size(); i++) {
                decode(reads.get(i).places(), replies.get(i), subjects, tasks);
            }
            return tasks;
        });
    }

    private void addReads(List<Read> reads, long segment, List<RowPlace> places) {
        for (int at = 0; at < places.size(); at += CHUNK) {
            List<RowPlace> some = places.subList(at, Math.min(places.size(), at + CHUNK));
            Arguments request = Arguments.of(Command.HMGET).add(keys.records(segment));
            some.forEach(place -> request.add(held.field(place)));
            reads.add(new Read(some, request.request()));
        }
    }

    private void decode(
            List<RowPlace> places, Response values, Map<String, SubjectKey> subjects, Map<SubjectKey, Task> tasks) {
        for (int i = 0; i < places.size(); i++) {
            RowPlace place = places.get(i);
            Response value = values.get(i);
            if (value == null) {
                throw new IllegalStateException("the record of row " + place + " of a projection is missing in Redis");
            }
            byte[] bytes = value.toBytes();
            KeyedRecord record = KeyedRecord.decode(bytes);
            held.index().size(place, bytes.length);
            SubjectKey subject = subjects.get(record.key());
            if (subject != null) {
                tasks.put(subject, Task.decode(record.record()));
            }
            if (subject == null || held.candidates(record.key()).size() > 1) {
                held.distinguish(record.key(), place);
            }
        }
    }
}
