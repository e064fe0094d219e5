package dev.ganglion.store.projection;

import dev.ganglion.cluster.Liveness;
import dev.ganglion.projection.ProjectionCounts;
import dev.ganglion.projection.engine.EngineQueue;
import dev.ganglion.projection.engine.EngineReport;
import dev.ganglion.projection.engine.EngineStore;
import dev.ganglion.projection.engine.EngineWorker;
import dev.ganglion.projection.task.SubjectKey;
import dev.ganglion.projection.task.TaskState;
import dev.ganglion.store.page.PageBytes;
import dev.ganglion.store.page.SizedReads;
import dev.ganglion.store.redis.Cursor;
import dev.ganglion.store.redis.HashFields;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.SharedLine;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads engine workers, queues and counters. Merges the projection with the engine health that heartbeats report, which
 * each shard holds for its own agents.
 */
public final class RedisEngines implements EngineStore {
    private static final Pattern POSITION = Pattern.compile("(\\d.*)", Pattern.DOTALL);
    private static final long MINUTE_MS = 60_000;
    private static final int MINUTES_PER_HOUR = 60;

    private final SharedLine line;
    private final Clock clock;
    private final WorkerPresence presence;
    private final NamelessEngines nameless;

    public RedisEngines(SharedLine line, Liveness nodes, Clock clock) {
        this.line = line;
        this.clock = clock;
        this.presence = new WorkerPresence(line, (slot, now) -> slot.isConnected(nodes.live(), now));
        this.nameless = new NamelessEngines(line);
    }

    /** The key of records derived from events, and the key of each shard that holds reports from heartbeats. */
    private record Places(
            Function<RedisKeys.Projection, String> fromEvents, Function<RedisKeys.Shard, String> fromHeartbeats) {}

    /** What is known of one engine worker or queue: its record, which may be missing, and the reports of all shards. */
    private record Records(@Nullable String fromEvents, List<String> fromHeartbeats) {
        private List<EngineReport> reports() {
            return fromHeartbeats.stream()
                    .map(EngineReport::decode)
                    .sorted(Comparator.comparingLong(EngineReport::atMs))
                    .toList();
        }
    }

    @Override
    public Future<Page> workers(String projectId, int shards, @Nullable String cursor, int limit) {
        Places places = new Places(RedisKeys.Projection::engineWorkers, RedisKeys.Shard::reportedWorkers);
        return page(new Ask(projectId, shards, places), cursor, limit, found -> {
                    Map<String, EngineWorker> workers = new LinkedHashMap<>();
                    found.forEach((name, records) -> {
                        EngineWorker worker = EngineWorker.decode(records.fromEvents());
                        records.reports().forEach(worker::report);
                        workers.put(name, worker);
                    });
                    return nameless.resolve(projectId, shards, workers)
                            .compose(named ->
                                    presence.apply(projectId, shards, named).map(done -> views(named)));
                })
                .compose(page -> {
                    String next = page.nextCursor();
                    return page.items().isEmpty() && next != null
                            ? workers(projectId, shards, next, limit)
                            : Future.succeededFuture(page);
                });
    }

    private List<JsonObject> views(Map<String, EngineWorker> workers) {
        long now = clock.millis();
        return workers.entrySet().stream()
                .map(worker -> worker.getValue().view(SubjectKey.of(worker.getKey()), now))
                .toList();
    }

    @Override
    public Future<Page> queues(String projectId, int shards, @Nullable String cursor, int limit) {
        Places places = new Places(RedisKeys.Projection::engineQueues, RedisKeys.Shard::reportedQueues);
        return page(new Ask(projectId, shards, places), cursor, limit, found -> {
            List<JsonObject> views = new ArrayList<>();
            found.forEach((name, records) -> {
                EngineQueue queue = EngineQueue.decode(records.fromEvents());
                records.reports().forEach(queue::report);
                views.add(queue.view(SubjectKey.of(name)));
            });
            return Future.succeededFuture(views);
        });
    }

    private record Ask(String projectId, int shards, Places places) {
        /** The key of the records first, then the keys of the reports. */
        List<String> keys() {
            List<String> keys = new ArrayList<>();
            keys.add(places.fromEvents().apply(RedisKeys.Projection.of(projectId)));
            for (int shard = 0; shard < shards; shard++) {
                keys.add(places.fromHeartbeats().apply(RedisKeys.Shard.of(projectId, shard)));
            }
            return keys;
        }
    }

    private Future<Page> page(
            Ask ask,
            @Nullable String cursor,
            int limit,
            Function<Map<String, Records>, Future<List<JsonObject>>> views) {
        Matcher position = Cursor.decode(cursor, POSITION);
        String after = position == null ? "" : position.group(1);
        List<String> keys = ask.keys();
        return names(keys, after, limit + 1, new TreeSet<>()).compose(names -> {
            List<String> shown = names.stream().limit(limit).toList();
            int left = names.size();
            return sizes(keys, shown).compose(sizes -> {
                List<String> fitting = shown.subList(0, SizedReads.endOfSlice(sizes, 0, PageBytes.MAX));
                String next = left > fitting.size() ? Cursor.encode(fitting.get(fitting.size() - 1)) : null;
                return records(keys, fitting).compose(views).map(items -> new Page(items, next));
            });
        });
    }

    /** Collects the first names after a position. Reads one key after the other, since each may hold many names. */
    private Future<NavigableSet<String>> names(List<String> keys, String after, int most, NavigableSet<String> names) {
        if (keys.isEmpty()) {
            return Future.succeededFuture(names);
        }
        return line.send(Request.cmd(Command.HKEYS).arg(keys.get(0))).compose(reply -> {
            for (Response each : reply) {
                String name = each.toString(StandardCharsets.UTF_8);
                if (name.compareTo(after) > 0 && names.add(name) && names.size() > most) {
                    String unused = names.pollLast();
                }
            }
            return names(keys.subList(1, keys.size()), after, most, names);
        });
    }

    /** Returns the size of all records and reports of each name, in bytes. */
    private Future<List<Long>> sizes(List<String> keys, List<String> names) {
        List<SizedReads.Field> fields = new ArrayList<>();
        names.forEach(name -> keys.forEach(key -> fields.add(new SizedReads.Field(key, name))));
        return SizedReads.sizes(line, fields, keys.size());
    }

    /** Reads what is known of some workers or queues, in the order of the names. */
    private Future<Map<String, Records>> records(List<String> keys, List<String> names) {
        if (names.isEmpty()) {
            return Future.succeededFuture(Map.of());
        }
        return line.batch(keys.stream().map(key -> HashReads.fields(key, names)).toList())
                .map(replies -> {
                    List<Map<String, String>> found = replies.stream()
                            .map(reply -> HashReads.present(names, reply))
                            .toList();
                    Map<String, Records> records = new LinkedHashMap<>();
                    names.forEach(name -> records.put(name, records(name, found)));
                    return records;
                });
    }

    private static Records records(String name, List<Map<String, String>> found) {
        List<String> reports = found.subList(1, found.size()).stream()
                .map(shard -> shard.get(name))
                .filter(Objects::nonNull)
                .toList();
        return new Records(found.get(0).get(name), reports);
    }

    @Override
    public Future<JsonObject> stats(String projectId, int shards) {
        long now = clock.millis();
        long hour = now / MINUTE_MS / MINUTES_PER_HOUR;
        RedisKeys.Projection keys = RedisKeys.Projection.of(projectId);
        return line.batch(List.of(
                        Request.cmd(Command.HGETALL).arg(keys.counts()),
                        Request.cmd(Command.HGETALL).arg(keys.minutes(hour - 1)),
                        Request.cmd(Command.HGETALL).arg(keys.minutes(hour))))
                .map(replies -> {
                    Totals totals = new Totals(now);
                    totals.counts(HashFields.of(replies.get(0)));
                    totals.minutes(HashFields.of(replies.get(1)));
                    totals.minutes(HashFields.of(replies.get(2)));
                    return totals.view();
                });
    }

    /**
     * Sums the counters. A rate counts only a share of the oldest minute: the share that lies within
     * the last 60 s or 60 minutes.
     */
    private static final class Totals {
        private final long now;
        private final Map<String, Long> kinds = new TreeMap<>();
        private final Map<String, Long> states = new TreeMap<>();
        private final Map<String, Double> lastMinute = new TreeMap<>();
        private final Map<String, Double> lastHour = new TreeMap<>();
        private long duplicates;
        private long clamped;
        private long skippedBytes;

        private Totals(long now) {
            this.now = now;
            for (TaskState state : TaskState.values()) {
                states.put(state.label(), 0L);
            }
        }

        private void counts(HashFields hash) {
            hash.fields().forEach((what, text) -> {
                long count = Long.parseLong(text);
                if (what.startsWith(ProjectionCounts.KIND)) {
                    kinds.merge(what.substring(ProjectionCounts.KIND.length()), count, Long::sum);
                } else if (what.startsWith(ProjectionCounts.STATE)) {
                    states.merge(what.substring(ProjectionCounts.STATE.length()), count, Long::sum);
                } else if (what.equals(ProjectionCounts.DUPLICATES)) {
                    duplicates += count;
                } else if (what.equals(ProjectionCounts.CLAMPED)) {
                    clamped += count;
                } else if (what.equals(ProjectionCounts.SKIPPED_BYTES)) {
                    skippedBytes += count;
                }
            });
        }

        private void minutes(HashFields hash) {
            long minute = now / MINUTE_MS;
            double rest = 1 - (double) (now % MINUTE_MS) / MINUTE_MS;
            hash.fields().forEach((field, text) -> {
                int bar = field.indexOf('|');
                long back = minute - Long.parseLong(field.substring(0, bar));
                String kind = field.substring(bar + 1);
                double count = Double.parseDouble(text);
                if (back <= 1) {
                    lastMinute.merge(kind, back == 1 ? count * rest : count, Double::sum);
                }
                if (back <= MINUTES_PER_HOUR) {
                    lastHour.merge(kind, back == MINUTES_PER_HOUR ? count * rest : count, Double::sum);
                }
            });
        }

        private static JsonObject rate(Map<String, Double> kinds) {
            JsonObject byKind = new JsonObject();
            kinds.forEach((kind, count) -> byKind.put(kind, Math.round(count)));
            double sum =
                    kinds.values().stream().mapToDouble(Double::doubleValue).sum();
            return new JsonObject().put("events", Math.round(sum)).put("by_kind", byKind);
        }

        private static JsonObject json(Map<String, Long> counts) {
            JsonObject json = new JsonObject();
            counts.forEach(json::put);
            return json;
        }

        private static long sum(Map<String, Long> counts) {
            return counts.values().stream().mapToLong(Long::longValue).sum();
        }

        private JsonObject view() {
            return new JsonObject()
                    .put(
                            "events",
                            new JsonObject()
                                    .put("total", sum(kinds))
                                    .put("duplicates", duplicates)
                                    .put("clamped", clamped)
                                    .put("skipped_bytes", skippedBytes)
                                    .put("by_kind", json(kinds)))
                    .put("tasks", new JsonObject().put("total", sum(states)).put("by_state", json(states)))
                    .put("last_minute", rate(lastMinute))
                    .put("last_hour", rate(lastHour));
        }
    }
}
