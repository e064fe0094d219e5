package dev.ganglion.store.stream;

import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Response;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One batch in a shard's event stream.
 *
 * @param id id of the entry in the stream, {@code ms-n}
 * @param agentId agent that sent the batch
 * @param cumulative bytes stored in the shard up to this batch, inclusive
 * @param bytes bytes of this batch
 * @param payload events of the batch; null if they are stored under {@code payloadKey}
 * @param payloadKey key of the events; null if the entry contains them
 */
public record StreamEntry(
        String id,
        String agentId,
        long cumulative,
        long bytes,
        @Nullable Buffer payload,
        @Nullable String payloadKey) {

    public static StreamEntry of(Response reply) {
        Map<String, Response> fields = new HashMap<>();
        Response pairs = reply.get(1);
        for (int i = 0; i + 1 < pairs.size(); i += 2) {
            fields.put(pairs.get(i).toString(), pairs.get(i + 1));
        }
        Response payload = fields.get("e");
        Response key = fields.get("k");
        return new StreamEntry(
                reply.get(0).toString(),
                text(fields, "a"),
                Long.parseLong(text(fields, "c")),
                Long.parseLong(text(fields, "s")),
                payload == null ? null : payload.toBuffer(),
                key == null ? null : key.toString());
    }

    StreamEntry with(Buffer found) {
        return new StreamEntry(id, agentId, cumulative, bytes, found, payloadKey);
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
