package dev.ganglion.store.event;

import dev.ganglion.event.RejectedEventStore;
import dev.ganglion.protocol.event.RejectedEvent;
import dev.ganglion.protocol.frame.EventBatch;
import dev.ganglion.protocol.json.Json;
import dev.ganglion.store.redis.Cursor;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.SharedLine;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads rejected events. Each shard keeps its own in a stream, which {@code ingest.lua} writes together with the
 * batches.
 */
public final class RejectedEvents implements RejectedEventStore {
    /** Most bytes of rejected events that a shard keeps. */
    public static final long MAX_BYTES = 4L << 20;
    /** Most rejected events of one batch that are kept. The last of them records how many more were omitted. */
    static final int MAX_OF_BATCH = 100;

    private static final String NEWEST = "18446744073709551615-18446744073709551615";
    private static final String POSITION = "(?:" + NEWEST + "|[1-9]\\d{0,15}-\\d{1,16})";
    private static final Pattern POSITIONS = Pattern.compile("d:(" + POSITION + "(?:," + POSITION + ")*)");

    private final SharedLine line;

    public RejectedEvents(SharedLine line) {
        this.line = line;
    }

    /**
     * Encodes the rejected events of a batch as they are stored. Each is a JSON object without its opening brace;
     * {@link StoredEvent#view} later adds the id and the time in front.
     */
    public static List<String> of(String agentId, EventBatch batch) {
        List<String> encoded = new ArrayList<>();
        int rejected = batch.rejected().size();
        for (RejectedEvent event : batch.rejected().subList(0, Math.min(MAX_OF_BATCH, rejected))) {
            boolean last = encoded.size() == MAX_OF_BATCH - 1;
            String facts = new JsonObject()
                    .put("agent_id", agentId)
                    .put("batch_id", batch.id())
                    .put("index", event.index())
                    .put("field", event.field())
                    .put("reason", event.reason())
                    .put("omitted", last ? rejected - MAX_OF_BATCH : 0)
                    .encode();
            encoded.add(facts.substring(1, facts.length() - 1) + ",\"event\":"
                    + event.event().text() + "}");
        }
        return encoded;
    }

    private record StoredEvent(int shard, String id, Buffer facts) {
        long millis() {
            return Long.parseLong(id.substring(0, id.indexOf('-')));
        }

        Json view() {
            String head =
                    "{\"id\":\"" + shard + "-" + id + "\",\"received_at\":\"" + Instant.ofEpochMilli(millis()) + "\",";
            return Json.ofCanonical(Buffer.buffer(head).appendBuffer(facts).getBytes());
        }
    }

    @Override
    public Future<Page> rejectedEvents(String projectId, int shards, @Nullable String cursor, int limit) {
        Matcher position = Cursor.decode(cursor, POSITIONS);
        String[] given = position == null ? new String[0] : position.group(1).split(",", -1);
        String[] before = new String[shards];
        List<Request> requests = new ArrayList<>();
        for (int shard = 0; shard < shards; shard++) {
            before[shard] = shard < given.length ? given[shard] : NEWEST;
            requests.add(Request.cmd(Command.XREVRANGE)
                    .arg(RedisKeys.Shard.of(projectId, shard).deadLetters())
                    .arg("(" + before[shard])
                    .arg("-")
                    .arg("COUNT")
                    .arg(limit + 1));
        }
        return line.batch(requests).map(replies -> page(replies, before, limit));
    }

    private static Page page(List<Response> replies, String[] before, int limit) {
        List<StoredEvent> found = new ArrayList<>();
        for (int shard = 0; shard < replies.size(); shard++) {
            for (Response each : replies.get(shard)) {
                found.add(new StoredEvent(
                        shard, each.get(0).toString(), each.get(1).get(1).toBuffer()));
            }
        }
        // The sort is stable, so rejected events of one shard keep their order.
        found.sort(Comparator.comparingLong(StoredEvent::millis).reversed());
        List<Json> items = new ArrayList<>();
        for (StoredEvent event : found.subList(0, Math.min(limit, found.size()))) {
            items.add(event.view());
            before[event.shard()] = event.id();
        }
        return new Page(items, found.size() > limit ? Cursor.encode("d:" + String.join(",", before)) : null);
    }
}
