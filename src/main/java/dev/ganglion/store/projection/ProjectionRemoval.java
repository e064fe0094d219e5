package dev.ganglion.store.projection;

import dev.ganglion.store.redis.Arguments;
import dev.ganglion.store.redis.HashReader;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.Replies;
import dev.ganglion.store.redis.SharedLine;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.List;

/**
 * Deletes the whole projection of a project. The lease is deleted first, so that no step is applied any more; the lists
 * of segments and blocks last, so that a repeated removal finds what is left.
 */
public final class ProjectionRemoval {
    private static final long HOUR_MS = 3_600_000;
    private static final int HOURS_KEPT = 3;
    private static final int CHUNK = 200;

    private final SharedLine line;
    private final RedisKeys.Projection keys;

    ProjectionRemoval(SharedLine line, RedisKeys.Projection keys) {
        this.line = line;
        this.keys = keys;
    }

    /**
     * Deletes everything that is derived from the events and heartbeats of a project, also of version 0.1.
     *
     * @param nowMs the current time, in milliseconds since 1970
     */
    public static Future<Void> all(SharedLine line, String projectId, int shards, long nowMs) {
        List<Request> requests = new ArrayList<>();
        for (int shard = 0; shard < shards; shard++) {
            RedisKeys.Shard keys = RedisKeys.Shard.of(projectId, shard);
            requests.add(EarlierProjections.dropping(keys, nowMs));
            Arguments reports = Arguments.of(Command.UNLINK);
            for (String hash : List.of(keys.reportedWorkers(), keys.reportedQueues())) {
                reports.add(hash).add(RedisKeys.Shard.order(hash));
            }
            requests.add(reports.request());
        }
        return line.batch(requests)
                .compose(done -> new ProjectionRemoval(line, RedisKeys.Projection.of(projectId)).run(nowMs));
    }

    Future<Void> run(long nowMs) {
        return unlink(List.of(keys.lease()))
                .compose(done -> new HashReader(line).all(keys.segments()))
                .compose(segments -> line.send(Request.cmd(Command.ZRANGE)
                                .arg(keys.blocks())
                                .arg(0)
                                .arg(-1))
                        .map(blocks -> all(segments.keySet(), Replies.texts(blocks), nowMs)))
                .compose(this::unlink);
    }

    private List<String> all(Iterable<String> segments, List<String> blocks, long nowMs) {
        List<String> all = new ArrayList<>();
        for (String number : segments) {
            all.add(keys.records(Long.parseLong(number)));
            all.add(keys.columns(Long.parseLong(number)));
        }
        blocks.forEach(name -> all.add(keys.block(name)));
        StepCall.SMALL.forEach(table -> {
            all.add(StepCall.table(keys, table));
            all.add(RedisKeys.Shard.order(StepCall.table(keys, table)));
        });
        for (long back = 0; back <= HOURS_KEPT; back++) {
            all.add(keys.minutes(nowMs / HOUR_MS - back));
        }
        all.add(keys.counts());
        all.add(keys.terms());
        all.add(keys.segments());
        all.add(keys.blocks());
        return all;
    }

    private Future<Void> unlink(List<String> left) {
        if (left.isEmpty()) {
            return Future.succeededFuture();
        }
        Arguments request = Arguments.of(Command.UNLINK);
        List<String> some = left.subList(0, Math.min(left.size(), CHUNK));
        some.forEach(request::add);
        return line.send(request.request()).compose(done -> unlink(left.subList(some.size(), left.size())));
    }
}
