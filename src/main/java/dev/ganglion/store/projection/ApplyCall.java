package dev.ganglion.store.projection;

import dev.ganglion.projection.ProjectionStore.Lease;
import dev.ganglion.projection.ProjectionTable;
import dev.ganglion.projection.ShardChanges;
import dev.ganglion.store.redis.Arguments;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.Script;
import dev.ganglion.store.redis.StoreTuning;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Builds one call of {@code projection_apply.lua}. */
final class ApplyCall {
    private static final int FIXED_KEYS = 10;
    private static final List<ProjectionTable> SMALL =
            List.of(ProjectionTable.WORKERS, ProjectionTable.QUEUES, ProjectionTable.SCHEDULES);

    private ApplyCall() {}

    static Request of(RedisKeys.Shard keys, String node, Lease lease, ShardChanges changes, Duration time) {
        Arguments request = Arguments.of(
                        Script.PROJECTION_APPLY, FIXED_KEYS + changes.hours().size())
                .add(keys.projection())
                .add(keys.tasks())
                .add(keys.tasksInOrder());
        SMALL.forEach(table -> request.add(RedisProjections.table(keys, table)));
        SMALL.forEach(table -> request.add(RedisKeys.Shard.order(RedisProjections.table(keys, table))));
        request.add(keys.counts());
        changes.hours().keySet().forEach(hour -> request.add(keys.minutes(hour)));
        request.add(node)
                .add(lease.epoch())
                .add(lease.step())
                .add(time.toMillis())
                .add(changes.position().text())
                .add(changes.reached())
                .add(changes.birth())
                .add(StoreTuning.ENGINE_RECORDS);
        records(request, changes, ProjectionTable.TASKS);
        request.add(changes.births().size());
        changes.births().forEach((key, number) -> request.add(number).add(key));
        SMALL.forEach(table -> records(request, changes, table));
        counts(request, changes.counts());
        changes.hours().values().forEach(hour -> counts(request, hour));
        return request.request();
    }

    private static void records(Arguments request, ShardChanges changes, ProjectionTable table) {
        Map<String, String> upserts = changes.upserts(table);
        Set<String> removals = changes.removals(table);
        request.add(upserts.size());
        upserts.forEach((key, record) -> request.add(key).add(record));
        request.add(removals.size());
        removals.forEach(request::add);
    }

    private static void counts(Arguments request, Map<String, Long> counts) {
        request.add(counts.size());
        counts.forEach((what, by) -> request.add(what).add(by));
    }
}
