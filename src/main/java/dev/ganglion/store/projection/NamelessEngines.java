package dev.ganglion.store.projection;

import dev.ganglion.projection.engine.EngineWorker;
import dev.ganglion.projection.task.SubjectKey;
import dev.ganglion.store.agent.SessionFeatures;
import dev.ganglion.store.redis.HashFields;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.SharedLine;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds the engine of workers that ended without naming it. A process that exits by itself sends {@code worker.offline}
 * with its name and an empty engine. Its record belongs to the worker of this name and agent, whatever its engine. If
 * there is no such worker, the engine is the only one that the agent's sessions have, or had last.
 */
final class NamelessEngines {
    private static final String ENDED_ENGINE = "e|";

    private final SharedLine line;

    NamelessEngines(SharedLine line) {
        this.line = line;
    }

    /**
     * Returns the workers with the names that lists show. Those of an empty engine get the engine of their agent, unless
     * another entry of the list has this name.
     */
    Future<Map<String, EngineWorker>> resolve(String projectId, int shards, Map<String, EngineWorker> workers) {
        String records = RedisKeys.Projection.of(projectId).engineWorkers();
        List<String> ends = workers.keySet().stream()
                .map(key -> new SubjectKey("", SubjectKey.of(key).name()).text())
                .toList();
        if (ends.isEmpty()) {
            return Future.succeededFuture(workers);
        }
        return line.send(HashReads.fields(records, ends)).compose(reply -> {
            Map<String, EngineWorker> nameless = new LinkedHashMap<>();
            int at = 0;
            for (Map.Entry<String, EngineWorker> worker : workers.entrySet()) {
                Response end = reply.get(at++);
                if (end != null) {
                    EngineWorker ended = EngineWorker.decode(end.toString(StandardCharsets.UTF_8));
                    if (SubjectKey.of(worker.getKey()).engine().isEmpty()) {
                        nameless.put(worker.getKey(), ended);
                    } else {
                        worker.getValue().endWith(ended);
                    }
                }
            }
            return nameless.isEmpty() ? Future.succeededFuture(workers) : name(projectId, shards, workers, nameless);
        });
    }

    /** Gives workers without an engine the engine of their agent. */
    private Future<Map<String, EngineWorker>> name(
            String projectId, int shards, Map<String, EngineWorker> workers, Map<String, EngineWorker> nameless) {
        List<Request> requests = new ArrayList<>();
        nameless.values().forEach(ended -> {
            RedisKeys.Shard shard = shard(projectId, shards, ended);
            String agent = String.valueOf(ended.agent());
            requests.add(Request.cmd(Command.HVALS).arg(shard.features(agent)));
            requests.add(Request.cmd(Command.HGETALL).arg(shard.endedFeatures(agent)));
        });
        return line.batch(requests).compose(replies -> {
            Map<String, String> names = new LinkedHashMap<>();
            int at = 0;
            for (String key : nameless.keySet()) {
                Set<String> engines = engines(replies.get(at), HashFields.of(replies.get(at + 1)));
                at += 2;
                if (engines.size() == 1) {
                    String engine = engines.iterator().next();
                    names.put(key, new SubjectKey(engine, SubjectKey.of(key).name()).text());
                }
            }
            return known(projectId, shards, names, nameless).map(known -> {
                Map<String, EngineWorker> named = new LinkedHashMap<>();
                workers.forEach((key, worker) -> {
                    String name = names.getOrDefault(key, key);
                    if (!known.contains(name)) {
                        named.put(name, worker);
                    }
                });
                return named;
            });
        });
    }

    /** Returns those of the new names that other entries of the list have. */
    private Future<Set<String>> known(
            String projectId, int shards, Map<String, String> names, Map<String, EngineWorker> nameless) {
        List<String> asked = new ArrayList<>();
        List<Request> requests = new ArrayList<>();
        String records = RedisKeys.Projection.of(projectId).engineWorkers();
        names.forEach((key, name) -> {
            EngineWorker ended = nameless.get(key);
            if (ended != null) {
                asked.add(name);
                requests.add(Request.cmd(Command.HEXISTS).arg(records).arg(name));
                requests.add(Request.cmd(Command.HEXISTS)
                        .arg(shard(projectId, shards, ended).reportedWorkers())
                        .arg(name));
            }
        });
        return line.batch(requests).map(replies -> {
            Set<String> known = new TreeSet<>();
            for (int i = 0; i < asked.size(); i++) {
                if (replies.get(2 * i).toInteger() + replies.get(2 * i + 1).toInteger() > 0) {
                    known.add(asked.get(i));
                }
            }
            return known;
        });
    }

    private static RedisKeys.Shard shard(String projectId, int shards, EngineWorker ended) {
        return RedisKeys.Shard.of(
                projectId, Math.floorMod(String.valueOf(ended.agent()).hashCode(), shards));
    }

    private static Set<String> engines(Response features, HashFields ended) {
        Set<String> engines = new TreeSet<>();
        for (Response each : features) {
            engines.addAll(SessionFeatures.decode(each.toString(StandardCharsets.UTF_8))
                    .stated()
                    .engines());
        }
        if (engines.isEmpty()) {
            ended.fields().keySet().stream()
                    .filter(field -> field.startsWith(ENDED_ENGINE))
                    .forEach(field -> engines.add(field.substring(ENDED_ENGINE.length())));
        }
        return engines;
    }
}
