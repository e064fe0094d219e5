package dev.ganglion.store.projection;

import dev.ganglion.projection.segment.Rows;
import dev.ganglion.projection.segment.Segments.Segment;
import dev.ganglion.store.redis.HashReader;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.SharedLine;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Loads what the new holder of a lease keeps in memory. Reads in chunks, so that other calls to Redis wait no longer than
 * one chunk takes.
 */
final class ProjectionLoader {
    /** Segments that are read together, of up to 224 KiB each. */
    private static final int CHUNK = 4;

    private final SharedLine line;
    private final RedisKeys.Projection keys;
    private final HeldProjection held;

    ProjectionLoader(SharedLine line, RedisKeys.Projection keys, HeldProjection held) {
        this.line = line;
        this.keys = keys;
        this.held = held;
    }

    Future<HeldProjection> load() {
        HashReader reader = new HashReader(line);
        return reader.all(keys.terms())
                .compose(terms -> {
                    terms.forEach(held.terms()::load);
                    held.terms().loaded();
                    return reader.all(keys.segments());
                })
                .compose(segments -> rows(inOrder(segments)))
                .map(done -> {
                    held.settle();
                    return held;
                });
    }

    private static List<Segment> inOrder(Map<String, String> stored) {
        return stored.entrySet().stream()
                .map(segment -> Segment.of(Long.parseLong(segment.getKey()), segment.getValue()))
                .sorted(Comparator.comparingLong(Segment::number))
                .toList();
    }

    private Future<Void> rows(List<Segment> segments) {
        if (segments.isEmpty()) {
            return Future.succeededFuture();
        }
        List<Segment> some = segments.subList(0, Math.min(segments.size(), CHUNK));
        return line.batch(some.stream().map(this::columns).toList()).compose(replies -> {
            for (int i = 0; i < some.size(); i++) {
                held.load(some.get(i), Rows.of(replies.get(i).toBytes()));
            }
            return rows(segments.subList(some.size(), segments.size()));
        });
    }

    private Request columns(Segment segment) {
        return Request.cmd(Command.GETRANGE)
                .arg(keys.columns(segment.number()))
                .arg(0)
                .arg(Rows.offset(segment.rows()) - 1);
    }
}
