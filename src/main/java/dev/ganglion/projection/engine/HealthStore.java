package dev.ganglion.projection.engine;

import dev.ganglion.bus.ShardRef;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Set;

/** Stores the engine health that heartbeats report. */
public interface HealthStore {

    /**
     * Reports to be stored.
     *
     * @param workers reports by the text of a {@code SubjectKey}
     * @param queues reports by the text of a {@code SubjectKey}
     * @param engines engine names by agent, for agents without a hello frame
     */
    record Reports(
            Map<String, EngineReport> workers, Map<String, EngineReport> queues, Map<String, Set<String>> engines) {}

    /** Stores the latest reports of a shard's engines. */
    Future<Void> store(ShardRef shard, Reports reports);
}
