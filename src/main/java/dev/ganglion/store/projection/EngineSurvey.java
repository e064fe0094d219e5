package dev.ganglion.store.projection;

import dev.ganglion.projection.ProjectionEngine.Survey;
import dev.ganglion.projection.engine.EngineQueue;
import dev.ganglion.projection.engine.EngineReport;
import dev.ganglion.projection.engine.EngineWorker;
import dev.ganglion.projection.task.SubjectKey;
import dev.ganglion.store.redis.Arguments;
import dev.ganglion.store.redis.HashReader;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.SharedLine;
import dev.ganglion.store.redis.Slot;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Surveys the engine workers and queues of a project: the records derived from events, and the reports of heartbeats,
 * which each shard holds for its own agents. Deletes old reports. An instance is used once.
 */
final class EngineSurvey {
    private final SharedLine line;
    private final String projectId;
    private final HashReader reader;
    private final List<RedisKeys.Shard> shards;
    private final long heardBeforeMs;
    private final long nowMs;
    private final Map<String, Long> depths = new HashMap<>();
    private final Map<String, Integer> online = new HashMap<>();
    private final Set<String> oldWorkers = new HashSet<>();
    private final Set<String> oldQueues = new HashSet<>();
    private final List<Request> deletions = new ArrayList<>();

    /**
     * Prepares a survey.
     *
     * @param heardBeforeMs time in milliseconds since 1970; workers and queues without a report since then are old
     */
    EngineSurvey(SharedLine line, String projectId, List<RedisKeys.Shard> shards, long heardBeforeMs, long nowMs) {
        this.line = line;
        this.projectId = projectId;
        this.reader = new HashReader(line);
        this.shards = shards;
        this.heardBeforeMs = heardBeforeMs;
        this.nowMs = nowMs;
    }

    /** The reports of one shard. */
    private record Reports(String key, Map<String, String> byName) {}

    Future<Survey> of(RedisKeys.Projection keys) {
        return reader.all(keys.engineWorkers())
                .compose(records -> reports(RedisKeys.Shard::reportedWorkers, 0, new ArrayList<>())
                        .compose(reports -> workers(records, reports)))
                .compose(done -> reader.all(keys.engineQueues()))
                .compose(records -> reports(RedisKeys.Shard::reportedQueues, 0, new ArrayList<>())
                        .map(reports -> {
                            queues(records, reports);
                            return reports;
                        }))
                .compose(done -> line.batch(deletions))
                .map(done -> new Survey(depths, online, oldWorkers, oldQueues));
    }

    /** Reads the reports of one shard after the other, since each may hold many. */
    private Future<List<Reports>> reports(Function<RedisKeys.Shard, String> key, int shard, List<Reports> found) {
        if (shard == shards.size()) {
            return Future.succeededFuture(found);
        }
        String hash = key.apply(shards.get(shard));
        return reader.all(hash).compose(reports -> {
            found.add(new Reports(hash, reports));
            return reports(key, shard + 1, found);
        });
    }

    private Future<Void> workers(Map<String, String> records, List<Reports> reports) {
        Map<String, EngineWorker> workers = new HashMap<>();
        for (String name : allNames(records, reports)) {
            EngineWorker worker = EngineWorker.decode(records.get(name));
            of(name, reports).forEach(worker::report);
            String end = records.get(new SubjectKey("", SubjectKey.of(name).name()).text());
            if (end != null) {
                worker.endWith(EngineWorker.decode(end));
            }
            workers.put(name, worker);
        }
        // a dead node's slots count until their leases end, because only the numbers of workers depend on them here
        return new WorkerPresence(line, Slot::isOnline)
                .apply(projectId, shards.size(), workers)
                .onSuccess(done -> {
                    Set<String> old = new HashSet<>();
                    workers.forEach((name, worker) -> {
                        if (worker.lastReportAt() < heardBeforeMs) {
                            old.add(name);
                        } else if (worker.state(nowMs).equals("online")) {
                            online.merge(SubjectKey.of(name).engine(), 1, Integer::sum);
                        }
                    });
                    forget(old, records, reports, oldWorkers);
                });
    }

    private void queues(Map<String, String> records, List<Reports> reports) {
        Set<String> old = new HashSet<>();
        for (String name : allNames(records, reports)) {
            EngineQueue queue = EngineQueue.decode(records.get(name));
            of(name, reports).forEach(queue::report);
            if (queue.lastNamedAt() < heardBeforeMs) {
                old.add(name);
            } else if (queue.hasCurrentDepth(nowMs)) {
                SubjectKey subject = SubjectKey.of(name);
                depths.put(subject.engine() + "|" + subject.name(), queue.depth());
            }
        }
        forget(old, records, reports, oldQueues);
    }

    private static Set<String> allNames(Map<String, String> records, List<Reports> reports) {
        Set<String> names = new HashSet<>(records.keySet());
        reports.forEach(shard -> names.addAll(shard.byName().keySet()));
        return names;
    }

    private static List<EngineReport> of(String name, List<Reports> reports) {
        return reports.stream()
                .filter(shard -> shard.byName().containsKey(name))
                .map(shard -> EngineReport.decode(shard.byName().get(name)))
                .sorted(Comparator.comparingLong(EngineReport::atMs))
                .toList();
    }

    /** Deletes old reports. If the engine is still in use, its next heartbeat reports them again. */
    private void forget(Set<String> old, Map<String, String> records, List<Reports> reports, Set<String> oldRecords) {
        for (String name : old) {
            if (records.containsKey(name)) {
                oldRecords.add(name);
            }
        }
        for (Reports shard : reports) {
            List<String> names =
                    old.stream().filter(shard.byName()::containsKey).toList();
            if (!names.isEmpty()) {
                deletions.add(removal(Command.HDEL, shard.key(), names));
                deletions.add(removal(Command.ZREM, RedisKeys.Shard.order(shard.key()), names));
            }
        }
    }

    private static Request removal(Command command, String key, List<String> names) {
        Arguments request = Arguments.of(command).add(key);
        names.forEach(request::add);
        return request.request();
    }
}
