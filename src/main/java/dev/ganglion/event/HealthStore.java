package dev.ganglion.event;

import dev.ganglion.bus.ShardRef;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Set;

/** Where what heartbeats told of engines is kept. */
public interface HealthStore {

    /**
     * What waits to be kept.
     *
     * @param workers reports by {@link Subject}
     * @param queues reports by {@link Subject}
     * @param engines by agent, those that it spoke of without a hello
     */
    record Told(
            Map<String, EngineReport> workers, Map<String, EngineReport> queues, Map<String, Set<String>> engines) {}

    /** Keeps the latest reports of a shard's engines. */
    Future<Void> tell(ShardRef shard, Told told);
}
