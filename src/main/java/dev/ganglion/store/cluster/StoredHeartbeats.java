package dev.ganglion.store.cluster;

import dev.ganglion.journal.SessionHealth;
import dev.ganglion.journal.SessionHealth.Broker;
import dev.ganglion.protocol.error.ProtocolLimits;
import dev.ganglion.protocol.json.CutText;
import dev.ganglion.store.page.PageBytes;
import dev.ganglion.store.page.SizedReads;
import dev.ganglion.store.redis.Arguments;
import dev.ganglion.store.redis.SharedLine;
import io.vertx.core.Future;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the health of worker processes from their last heartbeats. A heartbeat may be long, so only some are in memory at
 * once. Agents may send any content: malformed values count as missing.
 */
final class StoredHeartbeats {
    /** Longest error of a broker, in characters. */
    private static final int MAX_ERROR = 500;

    private static final String CONNECTED = "broker_connected";
    private static final String ERROR = "broker_error";

    private final SharedLine line;
    private final String key;
    private final List<String> fields;
    private final Map<String, SessionHealth> found = new HashMap<>();

    private StoredHeartbeats(SharedLine line, String key, List<String> fields) {
        this.line = line;
        this.key = key;
        this.fields = fields;
    }

    /**
     * Reads the health of some sessions of an agent, by the field of its heartbeat. Sessions without a heartbeat are
     * missing.
     *
     * @param key hash of the agent's last heartbeats
     */
    static Future<Map<String, SessionHealth>> read(SharedLine line, String key, List<String> fields) {
        if (fields.isEmpty()) {
            return Future.succeededFuture(Map.of());
        }
        StoredHeartbeats reads = new StoredHeartbeats(line, key, fields);
        List<SizedReads.Field> sized =
                fields.stream().map(field -> new SizedReads.Field(key, field)).toList();
        return SizedReads.sizes(line, sized, 1)
                .compose(sizes -> reads.read(sizes, 0))
                .map(done -> reads.found);
    }

    private Future<Void> read(List<Long> sizes, int from) {
        if (from == fields.size()) {
            return Future.succeededFuture();
        }
        int end = SizedReads.endOfSlice(sizes, from, PageBytes.SLICE);
        Arguments request = Arguments.of(Command.HMGET).add(key);
        fields.subList(from, end).forEach(request::add);
        return line.send(request.request()).compose(values -> {
            for (int i = from; i < end; i++) {
                Response value = values.get(i - from);
                SessionHealth health = value == null ? null : decode(value.toString(StandardCharsets.UTF_8));
                if (health != null) {
                    found.put(fields.get(i), health);
                }
            }
            return read(sizes, end);
        });
    }

    /** Decodes a stored heartbeat; null if it is malformed. */
    static @Nullable SessionHealth decode(String text) {
        try {
            JsonObject beat = new JsonObject(text);
            JsonObject adapters =
                    beat.getValue("adapter_health") instanceof JsonObject health ? health : new JsonObject();
            return new SessionHealth(
                    number(beat, "buffer_size"),
                    number(beat, "dropped_events"),
                    beat.getValue("last_flush_at") instanceof String time ? time : null,
                    brokers(adapters));
        } catch (DecodeException malformed) {
            return null;
        }
    }

    private static @Nullable Long number(JsonObject beat, String key) {
        return beat.getValue(key) instanceof Number number ? Long.valueOf(number.longValue()) : null;
    }

    /** Reads the keys {@code <engine>.broker_connected} and {@code <engine>.broker_error}, also without an engine. */
    private static List<Broker> brokers(JsonObject adapters) {
        Map<String, Broker> brokers = new TreeMap<>();
        for (Map.Entry<String, Object> member : adapters) {
            int dot = member.getKey().lastIndexOf('.');
            String engine = dot < 0 ? "" : member.getKey().substring(0, dot);
            boolean known = brokers.containsKey(engine);
            if (!(member.getValue() instanceof String text)
                    || (!known && brokers.size() == ProtocolLimits.MAX_ENGINES)) {
                continue;
            }
            Broker before = brokers.getOrDefault(engine, new Broker(dot < 0 ? null : engine, null, null));
            switch (member.getKey().substring(dot + 1)) {
                case CONNECTED -> brokers.put(engine, new Broker(before.engine(), flag(text), before.error()));
                case ERROR ->
                    brokers.put(engine, new Broker(before.engine(), before.connected(), CutText.cut(text, MAX_ERROR)));
                default -> {
                    // depths and details are read elsewhere
                }
            }
        }
        return new ArrayList<>(brokers.values());
    }

    /** Released agents send the words of Python. */
    private static @Nullable Boolean flag(String text) {
        return text.equalsIgnoreCase("true") ? Boolean.TRUE : text.equalsIgnoreCase("false") ? Boolean.FALSE : null;
    }
}
