package dev.ganglion.event;

import dev.ganglion.bus.HealthNote;
import dev.ganglion.bus.ShardRef;
import dev.ganglion.protocol.ProtocolLimits;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads queue depths and worker details out of heartbeats, and which engines agents speak of that say no hello, and
 * gathers the latest of each until they are written: many
 * processes of one agent tell of the same broker. Agents may say anything here; what is no depth and no detail is left
 * out. Runs on one context.
 */
final class HealthDesk {
    /** Members of {@code adapter_health} that are looked at. */
    static final int MAX_KEYS = 256;
    /** Queues, and workers, of one engine in one heartbeat. */
    static final int MAX_QUEUES = 1_024;
    /** Characters of one worker's details. */
    static final int MAX_DETAILS = 4_096;
    /** Reports of a shard that wait; more are left to later heartbeats. */
    static final int MAX_WAITING = 10_000;

    private static final Object NOTHING = new Object();
    private static final String DEPTHS = ".queue_depths";
    private static final String DETAILS = ".worker_details";

    private final Map<ShardRef, HealthStore.Told> waiting = new HashMap<>();

    void offer(HealthNote note) {
        ShardRef shard = new ShardRef(note.session().projectId(), note.session().shard());
        HealthStore.Told told = waiting.computeIfAbsent(
                shard,
                key -> new HealthStore.Told(new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>()));
        note.engines().forEach(engine -> spokeOf(engine, note, told));
        note.adapterHealth().entrySet().stream().limit(MAX_KEYS).forEach(member -> {
            String key = member.getKey();
            if (key.endsWith(DEPTHS)) {
                String engine = key.substring(0, key.length() - DEPTHS.length());
                spokeOf(engine, note, told);
                read(note, engine, member.getValue(), told.queues(), false);
            } else if (key.endsWith(DETAILS)) {
                String engine = key.substring(0, key.length() - DETAILS.length());
                spokeOf(engine, note, told);
                read(note, engine, member.getValue(), told.workers(), true);
            }
        });
    }

    /** Of an agent that says hello, that is what counts. */
    private static void spokeOf(String engine, HealthNote note, HealthStore.Told told) {
        boolean named = !engine.isEmpty() && engine.codePointCount(0, engine.length()) <= ProtocolLimits.MAX_ENGINE;
        String agentId = note.session().agentId();
        if (!note.session().longPoll()
                || !named
                || (told.engines().size() >= MAX_WAITING && !told.engines().containsKey(agentId))) {
            return;
        }
        Set<String> engines = told.engines().computeIfAbsent(agentId, id -> new LinkedHashSet<>());
        if (engines.size() < ProtocolLimits.MAX_ENGINES) {
            engines.add(engine);
        }
    }

    private static void read(
            HealthNote note, String engine, String text, Map<String, EngineReport> reports, boolean details) {
        JsonObject members;
        try {
            members = new JsonObject(text);
        } catch (DecodeException notJson) {
            return;
        }
        int read = 0;
        for (Map.Entry<String, Object> member : members) {
            Object value = details ? details(member.getValue()) : depth(member.getValue());
            boolean named = !member.getKey().isEmpty() && member.getKey().length() <= TaskText.MAX_NAME;
            if (value.equals(NOTHING) || !named || engine.isEmpty() || ++read > MAX_QUEUES) {
                continue;
            }
            String subject = new Subject(engine, member.getKey()).text();
            if (reports.size() < MAX_WAITING || reports.containsKey(subject)) {
                reports.put(subject, new EngineReport(note.session().agentId(), note.atMs(), value));
            }
        }
    }

    private static Object depth(@Nullable Object value) {
        return value instanceof Number number && (value instanceof Integer || value instanceof Long)
                ? Math.max(0, number.longValue())
                : NOTHING;
    }

    private static Object details(@Nullable Object value) {
        return value instanceof JsonObject object ? EngineWorker.bounded(object, MAX_DETAILS) : NOTHING;
    }

    /** Everything that waits; it is the caller's then. */
    Map<ShardRef, HealthStore.Told> take() {
        Map<ShardRef, HealthStore.Told> taken = new HashMap<>(waiting);
        waiting.clear();
        return taken;
    }
}
