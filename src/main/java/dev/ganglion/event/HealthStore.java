package dev.ganglion.event;

import dev.ganglion.bus.ShardRef;
import io.vertx.core.Future;
import java.util.Map;

/** Where what heartbeats told of engines is kept. */
public interface HealthStore {

    /** Reports by {@link Subject}. */
    record Told(Map<String, EngineReport> workers, Map<String, EngineReport> queues) {}

    /** Keeps the latest reports of a shard's engines. */
    Future<Void> tell(ShardRef shard, Told told);
}
