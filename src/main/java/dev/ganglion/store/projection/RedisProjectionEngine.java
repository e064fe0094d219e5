package dev.ganglion.store.projection;

import dev.ganglion.projection.BlockField;
import dev.ganglion.projection.ProjectionChanges;
import dev.ganglion.projection.ProjectionEngine;
import dev.ganglion.projection.ProjectionPosition;
import dev.ganglion.projection.ProjectionTable;
import dev.ganglion.projection.ShardProgress;
import dev.ganglion.projection.run.Task;
import dev.ganglion.projection.segment.IdHash;
import dev.ganglion.projection.segment.SegmentLimits;
import dev.ganglion.projection.segment.Segments.Segment;
import dev.ganglion.projection.task.SubjectKey;
import dev.ganglion.store.agent.RedisProjects;
import dev.ganglion.store.redis.Arguments;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.Script;
import dev.ganglion.store.redis.SharedLine;
import io.vertx.core.Future;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Stores projections in Redis: tasks in segments of records and fixed-width rows, a dictionary, hashes of workers, queues
 * and schedules, counters, blocks of aggregates, and the lease with the positions. See {@link RedisKeys.Projection}.
 *
 * <p>For each lease that this node holds, a {@link HeldProjection} in memory knows the row of each task. It is discarded
 * when the lease is lost or a call fails. Calls for one lease come from one context, one at a time.
 */
public final class RedisProjectionEngine implements ProjectionEngine {
    private final SharedLine line;
    private final RedisProjects projects;
    private final String node;
    private final Clock clock;
    private final SegmentLimits limits;
    private final ToLongFunction<String> hash;
    private final Map<String, HeldProjection> held = new ConcurrentHashMap<>();

    public RedisProjectionEngine(
            SharedLine line, RedisProjects projects, String node, Clock clock, SegmentLimits limits) {
        this(line, projects, node, clock, limits, IdHash::of);
    }

    RedisProjectionEngine(
            SharedLine line,
            RedisProjects projects,
            String node,
            Clock clock,
            SegmentLimits limits,
            ToLongFunction<String> hash) {
        this.line = line;
        this.projects = projects;
        this.node = node;
        this.clock = clock;
        this.limits = limits;
        this.hash = hash;
    }

    private static RedisKeys.Projection keys(Place place) {
        return RedisKeys.Projection.of(place.projectId());
    }

    private static List<RedisKeys.Shard> shards(Place place) {
        List<RedisKeys.Shard> shards = new ArrayList<>();
        for (int shard = 0; shard < place.shards(); shard++) {
            shards.add(RedisKeys.Shard.of(place.projectId(), shard));
        }
        return shards;
    }

    @Override
    public Future<List<Place>> places() {
        return projects.all()
                .map(all -> all.stream()
                        .map(project -> new Place(project.id(), project.slug(), project.shards()))
                        .toList());
    }

    /** The memory that this node needs for the projections that it holds, in bytes. Any thread may call this. */
    public long heldBytes() {
        return held.values().stream().mapToLong(HeldProjection::heldBytes).sum();
    }

    @Override
    public Future<Optional<Lease>> acquire(Place place, Duration time, Duration freeFor) {
        held.remove(place.projectId());
        return line.send(Arguments.of(Script.ACQUIRE_PROJECTION, 1)
                        .add(keys(place).lease())
                        .add(node)
                        .add(time.toMillis())
                        .add(freeFor.toMillis())
                        .request())
                .compose(reply ->
                        reply.size() == 0 ? Future.succeededFuture(Optional.empty()) : acquired(place, fields(reply)));
    }

    private Future<Optional<Lease>> acquired(Place place, Map<String, String> fields) {
        Map<Integer, ShardProgress> progress = new HashMap<>();
        for (int shard = 0; shard < place.shards(); shard++) {
            String position = fields.get("position." + shard);
            progress.put(
                    shard,
                    position == null
                            ? ShardProgress.START
                            : new ShardProgress(
                                    ProjectionPosition.of(position),
                                    Long.parseLong(fields.getOrDefault("reached." + shard, "-1"))));
        }
        long epoch = Long.parseLong(Objects.requireNonNull(fields.get("epoch")));
        long step = Long.parseLong(fields.getOrDefault("step", "0"));
        long next = Long.parseLong(fields.getOrDefault("next", "1"));
        HeldProjection loading = new HeldProjection(epoch, limits, next, hash);
        Future<Void> cleared = step > 0 ? Future.succeededFuture() : dropEarlierVersion(place);
        return cleared.compose(done -> new ProjectionLoader(line, keys(place), loading).load())
                .map(loaded -> {
                    held.put(place.projectId(), loaded);
                    return Optional.of(new Lease(place, epoch, step, progress));
                });
    }

    /** Deletes what version 0.1 projected, by shard. This version projects the events again. */
    private Future<Void> dropEarlierVersion(Place place) {
        return line.batch(shards(place).stream()
                        .map(shard -> EarlierProjections.dropping(shard, clock.millis()))
                        .toList())
                .mapEmpty();
    }

    private static Map<String, String> fields(Response reply) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (int i = 0; i + 1 < reply.size(); i += 2) {
            fields.put(reply.get(i).toString(), reply.get(i + 1).toString());
        }
        return fields;
    }

    private @Nullable HeldProjection held(Lease lease) {
        HeldProjection found = held.get(lease.place().projectId());
        return found == null || found.epoch() != lease.epoch() ? null : found;
    }

    private void discard(Lease lease) {
        held.computeIfPresent(
                lease.place().projectId(), (project, found) -> found.epoch() == lease.epoch() ? null : found);
    }

    /**
     * Makes a call that uses what is held in memory for a lease, and discards that if the call fails.
     *
     * @param lost result if nothing is held, because the lease was lost or an earlier call failed
     */
    private <T> Future<T> holding(Lease lease, Supplier<Future<T>> lost, Function<HeldProjection, Future<T>> call) {
        HeldProjection found = held(lease);
        if (found == null) {
            return lost.get();
        }
        Future<T> result;
        try {
            result = call.apply(found);
        } catch (RuntimeException e) {
            result = Future.failedFuture(e);
        }
        return result.onFailure(failure -> discard(lease));
    }

    private static <T> Future<T> notHeld() {
        return Future.failedFuture(new IllegalStateException("this node does not hold the lease of the projection"));
    }

    @Override
    public Future<Map<SubjectKey, Task>> loadTasks(Lease lease, Set<SubjectKey> wanted) {
        return holding(
                lease,
                RedisProjectionEngine::notHeld,
                found -> new StoredTasks(line, keys(lease.place()), found).load(wanted));
    }

    @Override
    public Future<Map<ProjectionTable, Map<String, String>>> load(
            Lease lease, Map<ProjectionTable, Set<String>> wanted) {
        RedisKeys.Projection keys = keys(lease.place());
        Map<ProjectionTable, Map<String, String>> found = new EnumMap<>(ProjectionTable.class);
        List<ProjectionTable> asked = new ArrayList<>();
        List<Request> requests = new ArrayList<>();
        wanted.forEach((table, names) -> {
            found.put(table, Map.of());
            if (!names.isEmpty()) {
                asked.add(table);
                requests.add(HashReads.fields(StepCall.table(keys, table), names));
            }
        });
        return line.batch(requests).map(replies -> {
            for (int i = 0; i < asked.size(); i++) {
                ProjectionTable table = asked.get(i);
                found.put(table, HashReads.present(wanted.getOrDefault(table, Set.of()), replies.get(i)));
            }
            return found;
        });
    }

    @Override
    public Future<Map<BlockField, byte[]>> loadBlocks(Lease lease, Set<BlockField> wanted) {
        RedisKeys.Projection keys = keys(lease.place());
        Map<String, List<BlockField>> blocks = new LinkedHashMap<>();
        wanted.forEach(field ->
                blocks.computeIfAbsent(field.block(), name -> new ArrayList<>()).add(field));
        List<Request> requests = new ArrayList<>();
        blocks.forEach((name, fields) -> requests.add(HashReads.fields(
                keys.block(name), fields.stream().map(BlockField::field).toList())));
        return line.batch(requests).map(replies -> {
            Map<BlockField, byte[]> values = new HashMap<>();
            int at = 0;
            for (List<BlockField> fields : blocks.values()) {
                Response reply = replies.get(at++);
                for (int i = 0; i < fields.size(); i++) {
                    Response value = reply.get(i);
                    if (value != null) {
                        values.put(fields.get(i), value.toBytes());
                    }
                }
            }
            return values;
        });
    }

    @Override
    public Future<Optional<Long>> apply(Lease lease, ProjectionChanges changes, Duration time) {
        return holding(
                lease,
                () -> Future.succeededFuture(Optional.empty()),
                found -> line.send(new StepCall(keys(lease.place()), found, changes).request(node, lease, time))
                        .map(reply -> kept(lease, found, reply)));
    }

    private Optional<Long> kept(Lease lease, HeldProjection found, Response reply) {
        if (reply.toLong() < 0) {
            discard(lease);
            return Optional.empty();
        }
        return Optional.of(found.segments().rows());
    }

    @Override
    public Future<Optional<Long>> trim(Lease lease, long bornBeforeMs, long mostTasks, long mostBytes) {
        return holding(lease, () -> Future.succeededFuture(Optional.empty()), found -> {
            List<Segment> expired = found.segments().expired(bornBeforeMs, mostTasks, mostBytes);
            List<Segment> some = expired.subList(0, Math.min(expired.size(), TrimCall.MOST_SEGMENTS));
            if (some.isEmpty()) {
                return Future.succeededFuture(Optional.of(found.segments().rows()));
            }
            return line.send(TrimCall.of(keys(lease.place()), node, lease, found, some))
                    .map(reply -> kept(lease, found, reply));
        });
    }

    @Override
    public Future<Survey> survey(Lease lease, long heardBeforeMs) {
        return new EngineSurvey(line, lease.place().projectId(), shards(lease.place()), heardBeforeMs, clock.millis())
                .of(keys(lease.place()));
    }

    @Override
    public Future<Void> release(Lease lease) {
        discard(lease);
        return line.send(Arguments.of(Script.RELEASE_PROJECTION, 1)
                        .add(keys(lease.place()).lease())
                        .add(node)
                        .add(lease.epoch())
                        .request())
                .mapEmpty();
    }

    @Override
    public Future<Void> drop(Place place) {
        held.remove(place.projectId());
        return new ProjectionRemoval(line, keys(place)).run(clock.millis());
    }
}
