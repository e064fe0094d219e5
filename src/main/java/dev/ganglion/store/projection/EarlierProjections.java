package dev.ganglion.store.projection;

import dev.ganglion.store.redis.Arguments;
import dev.ganglion.store.redis.RedisKeys;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.List;

/** The keys in which version 0.1 stored the projection of each shard. This version only deletes them. */
final class EarlierProjections {
    private static final long HOUR_MS = 3_600_000;
    private static final int HOURS_KEPT = 3;

    private EarlierProjections() {}

    /**
     * Returns a request that deletes the projection of a shard. What heartbeats reported stays.
     *
     * @param nowMs the current time, in milliseconds since 1970
     */
    static Request dropping(RedisKeys.Shard keys, long nowMs) {
        Arguments request = Arguments.of(Command.UNLINK)
                .add(keys.projection())
                .add(keys.tasks())
                .add(keys.tasksInOrder())
                .add(keys.counts());
        for (String table : List.of(keys.engineWorkers(), keys.engineQueues(), keys.schedules())) {
            request.add(table).add(RedisKeys.Shard.order(table));
        }
        long hour = nowMs / HOUR_MS;
        for (long back = 0; back <= HOURS_KEPT; back++) {
            request.add(keys.minutes(hour - back));
        }
        return request.request();
    }
}
