package dev.ganglion.store.projection;

import dev.ganglion.auth.Project;
import dev.ganglion.bus.ShardRef;
import dev.ganglion.projection.ProjectionPosition;
import dev.ganglion.projection.ProjectionSlice;
import dev.ganglion.projection.ProjectionStore;
import dev.ganglion.projection.ProjectionTable;
import dev.ganglion.projection.ShardChanges;
import dev.ganglion.projection.engine.EngineQueue;
import dev.ganglion.projection.engine.EngineReport;
import dev.ganglion.projection.engine.EngineWorker;
import dev.ganglion.projection.task.SubjectKey;
import dev.ganglion.store.agent.RedisProjects;
import dev.ganglion.store.redis.Arguments;
import dev.ganglion.store.redis.HashReader;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.Replies;
import dev.ganglion.store.redis.Script;
import dev.ganglion.store.redis.SharedLine;
import dev.ganglion.store.stream.ForwardStreamReader;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stores the projection of each shard: hashes of tasks, workers, queues and schedules, the tasks in order of their
 * first event, counters, and the lease with the position.
 */
public final class RedisProjections implements ProjectionStore {
    private static final long HOUR_MS = 3_600_000;
    private static final int HOURS_KEPT = 3;

    private final SharedLine line;
    private final RedisProjects projects;
    private final String node;
    private final Clock clock;
    private final ForwardStreamReader ahead;

    public RedisProjections(SharedLine line, RedisProjects projects, String node, Clock clock) {
        this.line = line;
        this.projects = projects;
        this.node = node;
        this.clock = clock;
        this.ahead = new ForwardStreamReader(line);
    }

    private static RedisKeys.Shard keys(ShardRef shard) {
        return RedisKeys.Shard.of(shard.projectId(), shard.shard());
    }

    /** Returns the key of the hash that holds a table. */
    static String table(RedisKeys.Shard keys, ProjectionTable table) {
        return switch (table) {
            case TASKS -> keys.tasks();
            case WORKERS -> keys.engineWorkers();
            case QUEUES -> keys.engineQueues();
            case SCHEDULES -> keys.schedules();
        };
    }

    @Override
    public Future<List<Place>> places() {
        return projects.all().map(all -> {
            List<Place> places = new ArrayList<>();
            for (Project project : all) {
                for (int shard = 0; shard < project.shards(); shard++) {
                    places.add(new Place(new ShardRef(project.id(), shard), project.slug()));
                }
            }
            return places;
        });
    }

    @Override
    public Future<Optional<Lease>> acquire(ShardRef shard, Duration time) {
        return line.send(Arguments.of(Script.PROJECTION_ACQUIRE, 1)
                        .add(keys(shard).projection())
                        .add(node)
                        .add(time.toMillis())
                        .request())
                .map(reply -> reply.size() == 0
                        ? Optional.empty()
                        : Optional.of(new Lease(
                                Long.parseLong(reply.get(0).toString()),
                                Long.parseLong(reply.get(1).toString()),
                                ProjectionPosition.of(reply.get(2).toString()),
                                Long.parseLong(reply.get(4).toString()),
                                Long.parseLong(reply.get(3).toString()))));
    }

    @Override
    public Future<ProjectionSlice> read(ShardRef shard, ProjectionPosition position) {
        return ahead.read(keys(shard), position);
    }

    @Override
    public Future<Map<ProjectionTable, Map<String, String>>> load(
            ShardRef shard, Map<ProjectionTable, Set<String>> wanted) {
        RedisKeys.Shard keys = keys(shard);
        Map<ProjectionTable, Map<String, String>> found = new EnumMap<>(ProjectionTable.class);
        List<ProjectionTable> asked = new ArrayList<>();
        List<Request> requests = new ArrayList<>();
        wanted.forEach((table, names) -> {
            found.put(table, new HashMap<>());
            if (!names.isEmpty()) {
                asked.add(table);
                requests.add(fields(table(keys, table), names));
            }
        });
        return line.batch(requests).map(replies -> {
            for (int i = 0; i < asked.size(); i++) {
                ProjectionTable table = asked.get(i);
                found.put(table, present(wanted.getOrDefault(table, Set.of()), replies.get(i)));
            }
            return found;
        });
    }

    static Request fields(String key, Iterable<String> names) {
        Arguments request = Arguments.of(Command.HMGET).add(key);
        names.forEach(request::add);
        return request.request();
    }

    /** Returns the requested fields that exist, with their values. */
    static Map<String, String> present(Iterable<String> names, Response values) {
        Map<String, String> present = new HashMap<>();
        int at = 0;
        for (String name : names) {
            Response value = values.get(at++);
            if (value != null) {
                present.put(name, value.toString(StandardCharsets.UTF_8));
            }
        }
        return present;
    }

    @Override
    public Future<Optional<Long>> apply(ShardRef shard, Lease lease, ShardChanges changes, Duration time) {
        return line.send(ApplyCall.of(keys(shard), node, lease, changes, time)).map(reply -> {
            long kept = reply.toLong();
            return kept < 0 ? Optional.empty() : Optional.of(kept);
        });
    }

    @Override
    public Future<List<ExpiredTask>> oldest(ShardRef shard, long bornBefore, long kept, int most) {
        RedisKeys.Shard keys = keys(shard);
        return line.batch(List.of(
                        Request.cmd(Command.ZCARD).arg(keys.tasksInOrder()),
                        Request.cmd(Command.ZRANGE)
                                .arg(keys.tasksInOrder())
                                .arg(0)
                                .arg(most - 1),
                        Request.cmd(Command.ZCOUNT)
                                .arg(keys.tasksInOrder())
                                .arg("-inf")
                                .arg("(" + bornBefore)))
                .compose(replies -> {
                    long over = Math.max(
                            replies.get(0).toLong() - kept, replies.get(2).toLong());
                    List<String> names = Replies.texts(replies.get(1));
                    List<String> old = names.subList(0, (int) Math.max(0, Math.min(over, names.size())));
                    if (old.isEmpty()) {
                        return Future.succeededFuture(List.of());
                    }
                    return line.send(fields(keys.tasks(), old)).map(values -> {
                        Map<String, String> records = present(old, values);
                        return old.stream()
                                .map(name -> new ExpiredTask(name, Optional.ofNullable(records.get(name))))
                                .toList();
                    });
                });
    }

    @Override
    public Future<Survey> survey(ShardRef shard, long heardBeforeMs) {
        RedisKeys.Shard keys = keys(shard);
        HashReader scan = new HashReader(line);
        return scan.all(keys.engineWorkers())
                .compose(workers -> scan.all(keys.reportedWorkers())
                        .compose(reportedWorkers -> scan.all(keys.engineQueues())
                                .compose(queues -> scan.all(keys.reportedQueues())
                                        .compose(reportedQueues -> {
                                            SurveyBuilder builder = new SurveyBuilder(heardBeforeMs, clock.millis());
                                            builder.workers(workers, reportedWorkers);
                                            builder.queues(queues, reportedQueues);
                                            return forget(keys, builder).map(builder.survey());
                                        }))));
    }

    /** Deletes old heartbeat reports. If the engine is still in use, its next heartbeat reports them again. */
    private Future<Void> forget(RedisKeys.Shard keys, SurveyBuilder builder) {
        List<Request> requests = new ArrayList<>();
        builder.oldReports.forEach((isQueue, names) -> {
            String reports = isQueue ? keys.reportedQueues() : keys.reportedWorkers();
            Arguments fields = Arguments.of(Command.HDEL).add(reports);
            Arguments order = Arguments.of(Command.ZREM).add(RedisKeys.Shard.order(reports));
            names.forEach(name -> {
                fields.add(name);
                order.add(name);
            });
            requests.add(fields.request());
            requests.add(order.request());
        });
        return line.batch(requests).mapEmpty();
    }

    /** Collects a survey of one shard. */
    private static final class SurveyBuilder {
        private final long heardBefore;
        private final long now;
        private final Map<String, Long> depths = new HashMap<>();
        private final Map<String, Integer> online = new HashMap<>();
        private final Set<String> oldWorkers = new HashSet<>();
        private final Set<String> oldQueues = new HashSet<>();
        private final Map<Boolean, Set<String>> oldReports = new HashMap<>();

        private SurveyBuilder(long heardBefore, long now) {
            this.heardBefore = heardBefore;
            this.now = now;
        }

        private void workers(Map<String, String> records, Map<String, String> reports) {
            for (String name : allNames(records, reports)) {
                EngineWorker worker = EngineWorker.decode(records.get(name));
                report(reports.get(name)).ifPresent(worker::report);
                if (worker.lastReportAt() < heardBefore) {
                    old(name, records, reports, false);
                } else if (worker.state(now).equals("online")) {
                    online.merge(SubjectKey.of(name).engine(), 1, Integer::sum);
                }
            }
        }

        private void queues(Map<String, String> records, Map<String, String> reports) {
            for (String name : allNames(records, reports)) {
                EngineQueue queue = EngineQueue.decode(records.get(name));
                report(reports.get(name)).ifPresent(queue::report);
                if (queue.lastNamedAt() < heardBefore) {
                    old(name, records, reports, true);
                } else if (queue.hasCurrentDepth(now)) {
                    SubjectKey subject = SubjectKey.of(name);
                    depths.put(subject.engine() + "|" + subject.name(), queue.depth());
                }
            }
        }

        private void old(String name, Map<String, String> records, Map<String, String> reports, boolean isQueue) {
            if (records.containsKey(name)) {
                (isQueue ? oldQueues : oldWorkers).add(name);
            }
            if (reports.containsKey(name)) {
                oldReports.computeIfAbsent(isQueue, k -> new HashSet<>()).add(name);
            }
        }

        private static Set<String> allNames(Map<String, String> records, Map<String, String> reports) {
            Set<String> names = new HashSet<>(records.keySet());
            names.addAll(reports.keySet());
            return names;
        }

        private Survey survey() {
            return new Survey(depths, online, oldWorkers, oldQueues);
        }
    }

    static Optional<EngineReport> report(@Nullable String text) {
        return Optional.ofNullable(text).map(EngineReport::decode);
    }

    @Override
    public Future<Void> release(ShardRef shard, Lease lease) {
        return line.send(Arguments.of(Script.PROJECTION_RELEASE, 1)
                        .add(keys(shard).projection())
                        .add(node)
                        .add(lease.epoch())
                        .request())
                .mapEmpty();
    }

    @Override
    public Future<Void> drop(ShardRef shard) {
        return line.send(dropping(keys(shard), clock.millis())).mapEmpty();
    }

    /**
     * Returns a request that deletes the whole projection of a shard.
     *
     * @param nowMs the current time, in milliseconds since 1970
     */
    public static Request dropping(RedisKeys.Shard keys, long nowMs) {
        Arguments request = Arguments.of(Command.UNLINK).add(keys.projection()).add(keys.tasksInOrder());
        for (ProjectionTable table : ProjectionTable.values()) {
            request.add(table(keys, table)).add(RedisKeys.Shard.order(table(keys, table)));
        }
        for (String reports : List.of(keys.reportedWorkers(), keys.reportedQueues())) {
            request.add(reports).add(RedisKeys.Shard.order(reports));
        }
        long hour = nowMs / HOUR_MS;
        for (long back = 0; back <= HOURS_KEPT; back++) {
            request.add(keys.minutes(hour - back));
        }
        return request.add(keys.counts()).request();
    }
}
