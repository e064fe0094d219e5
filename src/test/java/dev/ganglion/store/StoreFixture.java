package dev.ganglion.store;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.ganglion.bus.LaneMessage;
import dev.ganglion.cluster.Membership;
import dev.ganglion.cluster.NodeRecord;
import dev.ganglion.config.RedisConfig;
import dev.ganglion.config.value.RedisAddress;
import dev.ganglion.config.value.RedisUri;
import dev.ganglion.event.EventQuery;
import dev.ganglion.lane.LaneCall;
import dev.ganglion.lane.Outcome;
import dev.ganglion.protocol.json.Json;
import dev.ganglion.store.agent.RedisAgents;
import dev.ganglion.store.agent.RedisProjects;
import dev.ganglion.store.cluster.NodeRoster;
import dev.ganglion.store.event.RedisEventStore;
import dev.ganglion.store.frame.CommandCalls;
import dev.ganglion.store.frame.PollCalls;
import dev.ganglion.store.frame.RedisFrameStore;
import dev.ganglion.store.frame.SessionCalls;
import dev.ganglion.store.projection.read.SegmentTasks;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.RedisLine;
import dev.ganglion.store.redis.RedisServers;
import dev.ganglion.store.redis.SharedLine;
import dev.ganglion.store.redis.StoreTuning;
import dev.ganglion.store.stream.BatchPayload;
import dev.ganglion.telemetry.Ticker;
import dev.ganglion.testing.redis.RedisCalls;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The adapters of one node on a real Redis, called from the test's thread. */
public final class StoreFixture implements AutoCloseable {
    public static final StoreTuning TUNING =
            new StoreTuning(Duration.ofMinutes(2), Duration.ofDays(7), 1L << 30, 0, StoreTuning.BATCH_MEMORY);
    private static final long LIMIT_SECONDS = 20;

    public final Vertx vertx = Vertx.vertx();
    public final Membership nodes;
    public final NodeRoster roster;
    public final SharedLine shared;
    public final RedisEventStore events;
    public final RedisProjects projects;
    public final RedisAgents agents;
    public final RedisLine line;
    private final RedisUri uri;
    private final Context lane;
    private final RedisFrameStore frames;

    private StoreFixture(RedisUri uri, String node, StoreTuning tuning, int compressFrom) {
        this.uri = uri;
        this.lane = vertx.getOrCreateContext();
        RedisServers place = new RedisServers(vertx, RedisConfig.at(uri));
        this.shared =
                new SharedLine(vertx, new RedisLine(vertx, place, "data", Ticker.system()), lane, Ticker.system());
        this.roster = new NodeRoster(shared);
        this.nodes = new Membership(
                vertx,
                new Membership.Self(node, false, () -> Set.of(node), Map::of),
                known -> record(node),
                Clock.systemUTC(),
                Ticker.system());
        this.events = new RedisEventStore(shared, tuning, Clock.systemUTC(), new SegmentTasks(shared, Ticker.system()));
        this.projects = new RedisProjects(shared, events);
        this.agents = new RedisAgents(shared, projects, nodes);
        this.line = new RedisLine(vertx, place, "lane", Ticker.system());
        this.frames = new RedisFrameStore(
                line,
                new SessionCalls(nodes, tuning),
                new CommandCalls(nodes, tuning, 2 << 20),
                new PollCalls(node, Clock.systemUTC()),
                tuning,
                // Tests about sizes need payloads as they are; BatchCompressionTest covers compressed ones.
                new BatchPayload(compressFrom, (events, stored) -> {}));
    }

    public static StoreFixture on(RedisUri uri) {
        return on(uri, TUNING);
    }

    public static StoreFixture on(RedisUri uri, StoreTuning tuning) {
        return on(uri, Given.NODE, tuning);
    }

    /** Creates another node beside the existing ones. */
    public static StoreFixture on(RedisUri uri, String node, StoreTuning tuning) {
        return started(new StoreFixture(uri, node, tuning, Integer.MAX_VALUE));
    }

    /** Creates adapters that compress payloads of at least this many bytes. */
    public static StoreFixture compressing(RedisUri uri, int from) {
        return started(new StoreFixture(uri, Given.NODE, TUNING, from));
    }

    private static StoreFixture started(StoreFixture fixture) {
        fixture.await(fixture.shared.start());
        fixture.onLane(fixture.frames::start);
        fixture.registerNode();
        return fixture;
    }

    private static NodeRecord record(String node) {
        return new NodeRecord(node, "127.0.0.1:1", "test", Instant.EPOCH, NodeRecord.Load.NONE, false, Set.of(node), 0);
    }

    /** Registers this node and reads which other nodes are live. */
    public void registerNode() {
        await(nodes.start(roster));
    }

    /** Runs a call on the lane's context and waits for its result. */
    @CanIgnoreReturnValue
    <T> T onLane(Supplier<Future<T>> call) {
        return await(startOnLane(call));
    }

    public <T> Future<T> startOnLane(Supplier<Future<T>> call) {
        Promise<T> promise = Promise.promise();
        lane.runOnContext(v -> call.get().onComplete(promise::handle));
        return promise.future();
    }

    /** Fails instead of waiting forever. */
    @CanIgnoreReturnValue
    public <T> T await(Future<T> future) {
        return future.timeout(LIMIT_SECONDS, TimeUnit.SECONDS).await();
    }

    public Future<List<Outcome>> start(List<LaneCall> entries) {
        return startOnLane(() -> frames.apply(entries));
    }

    @CanIgnoreReturnValue
    public List<Outcome> apply(List<LaneCall> entries) {
        return await(start(entries));
    }

    /** Applies the messages in one call, each as a first attempt. */
    @CanIgnoreReturnValue
    public List<Outcome> apply(LaneMessage... messages) {
        List<LaneCall> entries = new ArrayList<>();
        for (LaneMessage message : messages) {
            entries.add(new LaneCall(message, false, 1));
        }
        return apply(entries);
    }

    @CanIgnoreReturnValue
    public Outcome one(LaneMessage message) {
        return apply(message).get(0);
    }

    /** Applies the same message again, as the lane does after it lost the reply to the first attempt. */
    public Outcome again(LaneMessage message) {
        return apply(List.of(new LaneCall(message, true, 1))).get(0);
    }

    /** The ids of all stored events, newest first, read in pages of one hundred. */
    public List<String> storedIds(String projectId, int shards) {
        List<String> ids = new ArrayList<>();
        String cursor = null;
        do {
            var page = await(
                    events.events(projectId, shards, new EventQuery(null, null, Set.of(), null, null, cursor, 100)));
            for (Json item : page.items()) {
                ids.add(new JsonObject(item.text()).getString("id"));
            }
            cursor = page.nextCursor();
        } while (cursor != null);
        return ids;
    }

    /** The payload keys of a shard that no entry of its stream names. */
    public Set<String> orphans(RedisKeys.Shard shard) {
        String entries = call("XRANGE", shard.events(), "-", "+");
        Set<String> orphans = keys(shard.events().replaceFirst("}.*", "}:payload:"));
        orphans.removeIf(entries::contains);
        return orphans;
    }

    /** All keys whose names contain this text. */
    public Set<String> keys(String part) {
        Set<String> keys = new TreeSet<>();
        for (RedisAddress server : uri.servers()) {
            String cursor = "0";
            do {
                List<String> reply = RedisCalls.call(
                                uri.at(server), "SCAN", cursor, "MATCH", "*" + part + "*", "COUNT", "1000")
                        .lines()
                        .toList();
                cursor = reply.get(0);
                reply.stream().skip(1).filter(key -> !key.isEmpty()).forEach(keys::add);
            } while (!cursor.equals("0"));
        }
        return keys;
    }

    @CanIgnoreReturnValue
    String call(String... command) {
        return RedisCalls.call(uri, command);
    }

    @Override
    public void close() {
        onLane(line::close);
        await(shared.close());
        await(vertx.close());
    }
}
