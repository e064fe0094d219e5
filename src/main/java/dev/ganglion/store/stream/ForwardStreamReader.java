package dev.ganglion.store.stream;

import dev.ganglion.projection.ProjectionPosition;
import dev.ganglion.projection.ProjectionSlice;
import dev.ganglion.projection.ProjectionSlice.StoredBatch;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.SharedLine;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a shard's stream forward from a position, in slices of at most 256 batches and about 1 MiB. */
public final class ForwardStreamReader {
    private static final int ENTRIES = 256;
    private static final long BYTES = 1 << 20;
    private static final int MICROS_PER_MILLI = 1_000;

    private final SharedLine line;

    public ForwardStreamReader(SharedLine line) {
        this.line = line;
    }

    public Future<ProjectionSlice> read(RedisKeys.Shard keys, ProjectionPosition position) {
        String from = position.done() == 0 ? "(" + position.entry() : position.entry();
        return line.batch(List.of(
                        Request.cmd(Command.XRANGE)
                                .arg(keys.events())
                                .arg(from)
                                .arg("+")
                                .arg("COUNT")
                                .arg(ENTRIES),
                        Request.cmd(Command.HGET).arg(keys.totals()).arg("bytes"),
                        Request.cmd(Command.TIME)))
                .compose(replies -> {
                    List<StreamEntry> entries = new ArrayList<>();
                    replies.get(0).forEach(each -> entries.add(StreamEntry.of(each)));
                    if (entries.isEmpty()) {
                        return Future.succeededFuture(new ProjectionSlice(List.of(), 0, 0));
                    }
                    long waiting = waiting(entries, replies.get(1));
                    long behind =
                            Math.max(0, millis(replies.get(2)) - entries.get(0).millis());
                    return payloads(some(entries)).map(batches -> new ProjectionSlice(batches, waiting, behind));
                });
    }

    private static long millis(Response time) {
        return time.get(0).toLong() * 1_000 + time.get(1).toLong() / MICROS_PER_MILLI;
    }

    /**
     * Estimates how many batches wait. Counts the batches that were read, and if there are more, derives their number
     * from the remaining bytes.
     */
    private static long waiting(List<StreamEntry> entries, @Nullable Response total) {
        if (entries.size() < ENTRIES || total == null) {
            return entries.size();
        }
        StreamEntry last = entries.get(entries.size() - 1);
        long bytes = entries.stream().mapToLong(entry -> entry.size().stored()).sum();
        long more = Math.max(0, total.toLong() - last.cumulative());
        return entries.size() + more * entries.size() / Math.max(1, bytes);
    }

    private static List<StreamEntry> some(List<StreamEntry> entries) {
        long bytes = 0;
        for (int i = 0; i < entries.size(); i++) {
            bytes += entries.get(i).size().events();
            if (bytes >= BYTES) {
                return entries.subList(0, i + 1);
            }
        }
        return entries;
    }

    private Future<List<StoredBatch>> payloads(List<StreamEntry> entries) {
        List<Request> requests = new ArrayList<>();
        for (StreamEntry entry : entries) {
            if (entry.payloadKey() != null) {
                requests.add(Request.cmd(Command.GET).arg(entry.payloadKey()));
            }
        }
        return line.batch(requests).map(replies -> {
            List<StoredBatch> batches = new ArrayList<>();
            int at = 0;
            for (StreamEntry entry : entries) {
                Response payload = entry.payloadKey() == null ? null : replies.get(at++);
                // Stays without events if the payload expired before the stream was trimmed
                StreamEntry whole = payload == null ? entry : entry.with(payload.toBuffer());
                batches.add(new StoredBatch(
                        entry.id(),
                        entry.agentId(),
                        entry.process(),
                        entry.millis(),
                        entry.size().stored(),
                        entry.cumulative(),
                        whole.events()));
            }
            return batches;
        });
    }
}
