package dev.ganglion.store;

import dev.ganglion.bus.LaneMessage.CloseSession;
import dev.ganglion.bus.LaneMessage.InboundFrame;
import dev.ganglion.bus.LaneMessage.OpenSession;
import dev.ganglion.bus.SessionRef;
import dev.ganglion.config.value.RedisUri;
import dev.ganglion.protocol.event.EventArray;
import dev.ganglion.protocol.frame.EventBatch;
import dev.ganglion.protocol.frame.Frame;
import dev.ganglion.protocol.frame.Heartbeat;
import dev.ganglion.protocol.frame.Hello;
import dev.ganglion.protocol.frame.RegistryDelta;
import dev.ganglion.protocol.json.Json;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.testing.redis.RedisCalls;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Creates agents, sessions and messages for tests of the store. */
public final class Given {
    public static final String NODE = "node-under-test";

    private Given() {}

    public static String id() {
        return UUID.randomUUID().toString();
    }

    /** Enrols an agent in a new project, and creates a session for its worker process without a worker id. */
    public static SessionRef session(RedisUri uri) {
        return session(uri, id(), id());
    }

    public static SessionRef session(RedisUri uri, String projectId, String agentId) {
        SessionRef session = new SessionRef(projectId, "test", 0, agentId, "", id(), NODE, null);
        enrol(uri, session);
        return session;
    }

    static void enrol(RedisUri uri, SessionRef session) {
        RedisCalls.call(
                uri, "HSET", RedisKeys.Shard.of(session).agent(session.agentId()), "name", "a", "created_at", "1");
    }

    /** Creates the next session for the same slot. */
    public static SessionRef next(SessionRef before) {
        return worker(before, before.workerId());
    }

    /** Creates a session of another worker process of the same agent. */
    public static SessionRef worker(SessionRef of, String worker) {
        return new SessionRef(
                of.projectId(), of.projectSlug(), of.shard(), of.agentId(), worker, id(), of.nodeId(), null);
    }

    public static SessionRef onNode(SessionRef session, String node) {
        return new SessionRef(
                session.projectId(),
                session.projectSlug(),
                session.shard(),
                session.agentId(),
                session.workerId(),
                session.sessionId(),
                node,
                null);
    }

    public static OpenSession open(SessionRef session) {
        return open(session, 64);
    }

    public static OpenSession open(SessionRef session, int cap) {
        return new OpenSession(session, cap, hello(Json.EMPTY_OBJECT, null, null), "127.0.0.1", Instant.now());
    }

    /** Creates an open message of a process that names its host, process id and start time. */
    public static OpenSession open(SessionRef session, String host, int pid) {
        Json named = Json.parse(new JsonObject().put("hostname", host).encode());
        Hello hello = hello(named, pid, Instant.parse("2026-01-02T03:04:05Z"));
        return new OpenSession(session, 64, hello, "192.0.2." + pid, Instant.now());
    }

    private static Hello hello(Json host, @Nullable Integer pid, @Nullable Instant startedAt) {
        return new Hello(
                id(),
                "2",
                "1.0",
                "test",
                new Hello.Features(List.of("celery"), List.of(), Map.of()),
                host,
                new Hello.WorkerProcess(null, null, pid, startedAt));
    }

    public static CloseSession close(SessionRef session) {
        return new CloseSession(session, "normal");
    }

    public static InboundFrame frame(SessionRef session, long seq, Frame frame) {
        return new InboundFrame(session, seq, frame, System.nanoTime());
    }

    public static InboundFrame heartbeat(SessionRef session, long seq) {
        return frame(session, seq, new Heartbeat(id(), 1L, null, 0L, Map.of("celery.queue_depths", "{}")));
    }

    public static InboundFrame registry(SessionRef session, long seq, List<String> added, List<String> removed) {
        List<Json> entries = added.stream()
                .map(name -> Json.parse(new JsonObject().put("name", name).encode()))
                .toList();
        return frame(session, seq, new RegistryDelta(id(), "celery", entries, removed, List.of(), 0));
    }

    /** Creates a batch of small events. */
    public static InboundFrame batch(SessionRef session, long seq, String batchId, String... eventIds) {
        return frame(session, seq, new EventBatch(batchId, events("x", eventIds)));
    }

    /** Creates a batch of one event whose stored form has exactly this number of bytes. */
    public static InboundFrame sized(SessionRef session, long seq, String eventId, int bytes) {
        int rest = bytes - events("", eventId).array().size();
        return frame(session, seq, new EventBatch(id(), events("x".repeat(rest), eventId)));
    }

    public static EventArray events(String filling, String... ids) {
        List<Json> events = new ArrayList<>();
        for (String id : ids) {
            events.add(Json.parse(new JsonObject()
                    .put("id", id)
                    .put("engine", "celery")
                    .put("task_id", "t")
                    .put("kind", "task.started")
                    .put("occurred_at", "2026-01-02T03:04:05Z")
                    .put("data", new JsonObject().put("filling", filling))
                    .encode()));
        }
        return EventArray.of(events);
    }
}
