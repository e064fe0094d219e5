package dev.ganglion.store.stream;

import dev.ganglion.protocol.json.Json;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Response;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One batch in a shard's event stream.
 *
 * @param id id of the entry in the stream, {@code ms-n}
 * @param agentId agent that sent the batch
 * @param process name of the process that sent the batch; the agent id if its session has no worker id, and in
 *     entries of version 0.1
 * @param cumulative bytes stored in the shard up to this batch, inclusive
 * @param size size of this batch
 * @param payload stored payload of the batch; null if it is stored under {@code payloadKey}
 * @param payloadKey key of the payload; null if the entry contains it
 */
public record StreamEntry(
        String id,
        String agentId,
        String process,
        long cumulative,
        Size size,
        @Nullable Buffer payload,
        @Nullable String payloadKey) {
    private static final Logger LOG = LoggerFactory.getLogger(StreamEntry.class);

    /**
     * The size of a batch, in bytes.
     *
     * @param stored size of its payload in Redis
     * @param events size of its events as a JSON array
     */
    public record Size(long stored, long events) {}

    public static StreamEntry of(Response reply) {
        Map<String, Response> fields = new HashMap<>();
        Response pairs = reply.get(1);
        for (int i = 0; i + 1 < pairs.size(); i += 2) {
            fields.put(pairs.get(i).toString(), pairs.get(i + 1));
        }
        Response payload = fields.get("e");
        Response key = fields.get("k");
        Response process = fields.get("w");
        String agentId = text(fields, "a");
        return new StreamEntry(
                reply.get(0).toString(),
                agentId,
                process == null ? agentId : process.toString(),
                Long.parseLong(text(fields, "c")),
                size(fields),
                payload == null ? null : payload.toBuffer(),
                key == null ? null : key.toString());
    }

    private static Size size(Map<String, Response> fields) {
        long stored = Long.parseLong(text(fields, "s"));
        Response events = fields.get("r"); // only compressed batches have it
        return new Size(stored, events == null ? stored : events.toLong());
    }

    StreamEntry with(Buffer found) {
        return new StreamEntry(id, agentId, process, cumulative, size, found, payloadKey);
    }

    /**
     * The events of the batch as a canonical JSON array; null if the payload was deleted, not read, or is damaged. Every
     * call restores them anew. A damaged batch is logged: it must not keep the batches behind it from being read.
     */
    public @Nullable Json events() {
        if (payload == null) {
            return null;
        }
        try {
            return Json.ofCanonical(BatchPayload.restored(payload.getBytes(), size.events()));
        } catch (IllegalStateException e) {
            LOG.atWarn()
                    .addKeyValue("agentId", agentId)
                    .addKeyValue("entry", id)
                    .log("Cannot read a stored batch, whose events are lost: {}", e.getMessage());
            return null;
        }
    }

    /** Time when the batch was stored, in milliseconds since 1970 by the clock of Redis. */
    public long millis() {
        return Long.parseLong(id.substring(0, id.indexOf('-')));
    }

    /** The smallest id after this one. */
    public String next() {
        int dash = id.indexOf('-');
        return id.substring(0, dash + 1) + (Long.parseLong(id.substring(dash + 1)) + 1);
    }

    /** Whether this batch was stored in a later millisecond than the other one. */
    public boolean newerThan(StreamEntry other) {
        return millis() > other.millis();
    }

    private static String text(Map<String, Response> fields, String name) {
        Response value = fields.get(name);
        if (value == null) {
            throw new IllegalStateException("a batch in the event stream lacks the field " + name);
        }
        return value.toString();
    }
}
