package dev.ganglion.testing.projection;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.ganglion.bus.ShardRef;
import dev.ganglion.projection.EventStreams;
import dev.ganglion.projection.ProjectionPosition;
import dev.ganglion.projection.ProjectionSlice;
import dev.ganglion.projection.ProjectionSlice.StoredBatch;
import dev.ganglion.protocol.json.Json;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** Event streams in memory, for tests of projections. Returns a few batches with each read. */
public final class MemoryEvents implements EventStreams {
    private final int batchesPerRead;
    private final LongSupplier clock;
    private final Map<ShardRef, List<StoredBatch>> shards = new HashMap<>();
    private final Map<ShardRef, Long> sizes = new HashMap<>();
    private int entries;

    /**
     * Creates empty streams.
     *
     * @param clock the time, in milliseconds since 1970
     */
    public MemoryEvents(int batchesPerRead, LongSupplier clock) {
        this.batchesPerRead = batchesPerRead;
        this.clock = clock;
    }

    /** Stores a batch that a process of an agent reported. */
    @CanIgnoreReturnValue
    public StoredBatch store(ShardRef shard, String process, List<JsonObject> events) {
        Json array = Json.parse(new JsonArray(new ArrayList<>(events)).encode());
        long bytes = array.utf8().length;
        long upTo = sizes.merge(shard, bytes, Long::sum);
        StoredBatch batch = new StoredBatch(
                clock.getAsLong() + "-" + entries++, "agent", process, clock.getAsLong(), bytes, upTo, array);
        shards.computeIfAbsent(shard, s -> new ArrayList<>()).add(batch);
        return batch;
    }

    /** Deletes a batch, as the retention does. */
    public void delete(ShardRef shard, StoredBatch batch) {
        shards.getOrDefault(shard, new ArrayList<>()).remove(batch);
    }

    @Override
    public Future<ProjectionSlice> read(String projectId, int shard, ProjectionPosition position) {
        List<StoredBatch> all = shards.getOrDefault(new ShardRef(projectId, shard), List.of());
        List<StoredBatch> following = all.stream()
                .filter(batch -> compare(batch.entry(), position.entry()) > (position.done() > 0 ? -1 : 0))
                .toList();
        List<StoredBatch> read = following.subList(0, Math.min(batchesPerRead, following.size()));
        long behind = read.isEmpty() ? 0 : clock.getAsLong() - read.get(0).receivedMs();
        return Future.succeededFuture(new ProjectionSlice(read, following.size(), Math.max(0, behind)));
    }

    private static int compare(String one, String other) {
        String[] first = one.split("-", -1);
        String[] second = other.split("-", -1);
        int order = Long.compare(Long.parseLong(first[0]), Long.parseLong(second[0]));
        return order == 0 ? Long.compare(Long.parseLong(first[1]), Long.parseLong(second[1])) : order;
    }
}
