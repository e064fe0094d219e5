package dev.ganglion.store.projection;

import dev.ganglion.bus.ShardRef;
import dev.ganglion.projection.engine.EngineReport;
import dev.ganglion.projection.engine.HealthStore;
import dev.ganglion.protocol.error.ProtocolLimits;
import dev.ganglion.store.agent.AgentFields;
import dev.ganglion.store.redis.Arguments;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.Script;
import dev.ganglion.store.redis.SharedLine;
import dev.ganglion.store.redis.StoreTuning;
import io.vertx.core.Future;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Stores the engine health that heartbeats report. Each shard has a hash for workers and a hash for queues; the agent's
 * record holds the names of its engines.
 */
public final class RedisEngineHealth implements HealthStore {
    private static final int CHUNK = 500;

    private final SharedLine line;

    public RedisEngineHealth(SharedLine line) {
        this.line = line;
    }

    @Override
    public Future<Void> store(ShardRef shard, Reports reports) {
        RedisKeys.Shard keys = RedisKeys.Shard.of(shard.projectId(), shard.shard());
        List<Request> requests = new ArrayList<>();
        write(requests, keys.reportedWorkers(), reports.workers());
        write(requests, keys.reportedQueues(), reports.queues());
        reports.engines().forEach((agentId, engines) -> {
            Arguments request = Arguments.of(Script.ENGINES_MENTIONED, 1)
                    .add(keys.agent(agentId))
                    .add(AgentFields.MENTIONED)
                    .add(ProtocolLimits.MAX_ENGINES);
            engines.forEach(request::add);
            requests.add(request.request());
        });
        return line.batch(requests).mapEmpty();
    }

    private static void write(List<Request> requests, String key, Map<String, EngineReport> reports) {
        List<Map.Entry<String, EngineReport>> all = new ArrayList<>(reports.entrySet());
        for (int at = 0; at < all.size(); at += CHUNK) {
            Arguments request = Arguments.of(Script.ENGINE_REPORT, 2)
                    .add(key)
                    .add(RedisKeys.Shard.order(key))
                    .add(StoreTuning.ENGINE_RECORDS);
            all.subList(at, Math.min(all.size(), at + CHUNK))
                    .forEach(report ->
                            request.add(report.getKey()).add(report.getValue().encode()));
            requests.add(request.request());
        }
    }
}
