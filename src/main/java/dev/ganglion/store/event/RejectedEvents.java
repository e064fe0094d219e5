package dev.ganglion.store.event;

import dev.ganglion.event.RejectedEventStore;
import dev.ganglion.protocol.event.RejectedEvent;
import dev.ganglion.protocol.frame.EventBatch;
import dev.ganglion.protocol.json.Json;
import dev.ganglion.store.page.PageBytes;
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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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

    /** Rejected events that are read at once. Each has at most about 6 KiB. */
    private static final int CHUNK = 64;

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
        List<Shard> all = new ArrayList<>();
        for (int shard = 0; shard < shards; shard++) {
            all.add(new Shard(shard, shard < given.length ? given[shard] : NEWEST));
        }
        return new Read(projectId, all, limit).next();
    }

    /** The rejected events of one shard that were read and not yet returned. */
    private static final class Shard {
        private final int number;
        private final Deque<StoredEvent> read = new ArrayDeque<>();
        /** Id of the last event that was returned. */
        private String position;
        /** Id of the last event that was read. */
        private String end;

        private boolean exhausted;

        private Shard(int number, String position) {
            this.number = number;
            this.position = position;
            this.end = position;
        }

        private void add(Response reply, int asked) {
            for (Response each : reply) {
                end = each.get(0).toString();
                read.add(new StoredEvent(number, end, each.get(1).get(1).toBuffer()));
            }
            exhausted = reply.size() < asked;
        }
    }

    /** Builds one page, from the newest event on. */
    private final class Read {
        private final String projectId;
        private final List<Shard> shards;
        private final int limit;
        private final int chunk;
        private final List<Json> items = new ArrayList<>();
        private final PageBytes bytes = new PageBytes();

        private Read(String projectId, List<Shard> shards, int limit) {
            this.projectId = projectId;
            this.shards = shards;
            this.limit = limit;
            this.chunk = Math.max(1, Math.min(limit + 1, CHUNK / shards.size()));
        }

        private Future<Page> next() {
            List<Shard> empty = shards.stream()
                    .filter(shard -> shard.read.isEmpty() && !shard.exhausted)
                    .toList();
            List<Request> requests = new ArrayList<>();
            for (Shard shard : empty) {
                requests.add(Request.cmd(Command.XREVRANGE)
                        .arg(RedisKeys.Shard.of(projectId, shard.number).deadLetters())
                        .arg("(" + shard.end)
                        .arg("-")
                        .arg("COUNT")
                        .arg(chunk));
            }
            return line.batch(requests).compose(replies -> {
                for (int i = 0; i < replies.size(); i++) {
                    empty.get(i).add(replies.get(i), chunk);
                }
                return take();
            });
        }

        private Future<Page> take() {
            while (true) {
                Shard newest = newest();
                if (newest == null) {
                    return Future.succeededFuture(new Page(items, null));
                }
                Json view = newest.read.element().view();
                if (items.size() == limit || !bytes.fits(view.size())) {
                    String positions =
                            shards.stream().map(shard -> shard.position).collect(Collectors.joining(","));
                    return Future.succeededFuture(new Page(items, Cursor.encode("d:" + positions)));
                }
                bytes.add(view.size());
                items.add(view);
                newest.position = newest.read.remove().id();
                if (newest.read.isEmpty() && !newest.exhausted) {
                    return next();
                }
            }
        }

        /** Returns the shard with the newest event. Of events of one millisecond, the first shard's comes first. */
        private @Nullable Shard newest() {
            Shard newest = null;
            for (Shard shard : shards) {
                StoredEvent event = shard.read.peek();
                StoredEvent best = newest == null ? null : newest.read.peek();
                if (event != null && (best == null || event.millis() > best.millis())) {
                    newest = shard;
                }
            }
            return newest;
        }
    }
}
