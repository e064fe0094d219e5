package dev.ganglion.projection.engine;

import dev.ganglion.bus.EngineHealthNote;
import dev.ganglion.bus.ShardRef;
import dev.ganglion.projection.task.SubjectKey;
import dev.ganglion.protocol.error.ProtocolLimits;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects queue depths and worker details from heartbeats, and the engines of agents without a hello frame. It keeps
 * the latest report of each until the reports are written, since many worker processes of an agent report the same
 * broker. Agents may send any content, so malformed values are skipped. Runs on one context.
 */
final class EngineHealth {
    /** Largest number of members of {@code adapter_health} that are read. */
    static final int MAX_KEYS = 256;
    /** Largest number of queues, and of workers, of one engine in one heartbeat. */
    static final int MAX_QUEUES = 1_024;
    /** Longest details of one worker, in characters of JSON. */
    static final int MAX_DETAILS = 4_096;
    /** Largest number of pending reports of a shard. Further reports are skipped; later heartbeats repeat them. */
    static final int MAX_WAITING = 10_000;

    private static final Object MALFORMED = new Object();
    private static final String DEPTHS = ".queue_depths";
    private static final String DETAILS = ".worker_details";

    private final Map<ShardRef, HealthStore.Reports> waiting = new HashMap<>();
    private final Clock clock;

    /**
     * Creates an empty buffer.
     *
     * @param clock stamps the reports
     */
    EngineHealth(Clock clock) {
        this.clock = clock;
    }

    void offer(EngineHealthNote note) {
        ShardRef shard = new ShardRef(note.session().projectId(), note.session().shard());
        HealthStore.Reports pending = waiting.computeIfAbsent(
                shard,
                key -> new HealthStore.Reports(new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>()));
        note.engines().forEach(engine -> addEngine(engine, note, pending));
        note.workerOf().forEach(engine -> addProcess(engine, note, pending.workers()));
        note.adapterHealth().entrySet().stream().limit(MAX_KEYS).forEach(member -> {
            String key = member.getKey();
            if (key.endsWith(DEPTHS)) {
                String engine = key.substring(0, key.length() - DEPTHS.length());
                addEngine(engine, note, pending);
                read(note, engine, member.getValue(), pending.queues(), false);
            } else if (key.endsWith(DETAILS)) {
                String engine = key.substring(0, key.length() - DETAILS.length());
                addEngine(engine, note, pending);
                read(note, engine, member.getValue(), pending.workers(), true);
            }
        });
    }

    /** Records an engine of a long-poll session. The engines of other sessions are known from their hello frames. */
    private static void addEngine(String engine, EngineHealthNote note, HealthStore.Reports pending) {
        boolean named = !engine.isEmpty() && engine.codePointCount(0, engine.length()) <= ProtocolLimits.MAX_ENGINE;
        String agentId = note.session().agentId();
        if (!note.session().longPoll()
                || !named
                || (pending.engines().size() >= MAX_WAITING
                        && !pending.engines().containsKey(agentId))) {
            return;
        }
        Set<String> engines = pending.engines().computeIfAbsent(agentId, id -> new LinkedHashSet<>());
        if (engines.size() < ProtocolLimits.MAX_ENGINES) {
            engines.add(engine);
        }
    }

    /** Reports the process of the session as a worker of an engine. A process without an id has the agent's id. */
    private void addProcess(String engine, EngineHealthNote note, Map<String, EngineReport> workers) {
        String id = note.session().workerId();
        String agentId = note.session().agentId();
        String subject = SubjectKey.cut(engine, id.isEmpty() ? agentId : id).text();
        if (workers.size() < MAX_WAITING || workers.containsKey(subject)) {
            workers.put(subject, new EngineReport(agentId, clock.millis(), new JsonObject(), id));
        }
    }

    private void read(
            EngineHealthNote note, String engine, String text, Map<String, EngineReport> reports, boolean details) {
        JsonObject members;
        try {
            members = new JsonObject(text);
        } catch (DecodeException notJson) {
            return;
        }
        int read = 0;
        for (Map.Entry<String, Object> member : members) {
            Object value = details ? details(member.getValue()) : depth(member.getValue());
            if (value.equals(MALFORMED) || member.getKey().isEmpty() || engine.isEmpty() || ++read > MAX_QUEUES) {
                continue;
            }
            String subject = SubjectKey.cut(engine, member.getKey()).text();
            if (reports.size() < MAX_WAITING || reports.containsKey(subject)) {
                reports.put(subject, new EngineReport(note.session().agentId(), clock.millis(), value));
            }
        }
    }

    private static Object depth(@Nullable Object value) {
        return value instanceof Number number && (value instanceof Integer || value instanceof Long)
                ? Math.max(0, number.longValue())
                : MALFORMED;
    }

    private static Object details(@Nullable Object value) {
        return value instanceof JsonObject object ? EngineWorker.bounded(object, MAX_DETAILS) : MALFORMED;
    }

    /** Removes and returns all pending reports. The caller owns the result. */
    Map<ShardRef, HealthStore.Reports> take() {
        Map<ShardRef, HealthStore.Reports> taken = new HashMap<>(waiting);
        waiting.clear();
        return taken;
    }
}
