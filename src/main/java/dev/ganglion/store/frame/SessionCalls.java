package dev.ganglion.store.frame;

import dev.ganglion.bus.LaneMessage.InboundFrame;
import dev.ganglion.bus.LaneMessage.OpenSession;
import dev.ganglion.bus.SessionRef;
import dev.ganglion.cluster.Liveness;
import dev.ganglion.lane.Outcome;
import dev.ganglion.protocol.error.ProtocolLimits;
import dev.ganglion.protocol.frame.AgentStatus;
import dev.ganglion.protocol.frame.Heartbeat;
import dev.ganglion.protocol.frame.Hello;
import dev.ganglion.protocol.frame.RegistryDelta;
import dev.ganglion.protocol.json.CutText;
import dev.ganglion.protocol.json.Json;
import dev.ganglion.store.agent.AgentFields;
import dev.ganglion.store.agent.SessionFeatures;
import dev.ganglion.store.redis.Arguments;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.Script;
import dev.ganglion.store.redis.StoreTuning;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Builds the script calls of WebSocket sessions, except ingest, and reads their replies. */
public final class SessionCalls {
    private final Liveness nodes;
    private final StoreTuning tuning;

    public SessionCalls(Liveness nodes, StoreTuning tuning) {
        this.nodes = nodes;
        this.tuning = tuning;
    }

    StoreCall open(OpenSession open, boolean retried) {
        SessionRef session = open.session();
        RedisKeys.Shard shard = RedisKeys.Shard.of(session);
        Arguments request = Arguments.of(Script.OPEN, 8)
                .add(shard.slots(session.agentId()))
                .add(shard.agent(session.agentId()))
                .add(shard.details(session.agentId()))
                .add(shard.contests(session.agentId()))
                .add(shard.journal(session.agentId()))
                .add(shard.features(session.agentId()))
                .add(shard.reportedWorkers(session.agentId()))
                .add(shard.mark())
                .add(session.workerId())
                .add(session.sessionId())
                .add(session.nodeId())
                .add(open.connectionCap())
                .add(tuning.lease().toMillis())
                .add(retried ? "1" : "0")
                .add(SessionDetails.of(open).encode())
                .add(open.heldBack() ? "1" : "0")
                .add(SessionFeatures.encode(open.hello()));
        Map<String, String> fields = AgentFields.of(open.hello());
        request.add(fields.size());
        fields.forEach((field, value) -> request.add(field).add(value));
        Set<String> live = nodes.live();
        request.add(nodes.recent() ? "1" : "0").add(live.size());
        live.forEach(request::add);
        nodes.trusted().forEach(request::add);
        return StoreCall.of(request.request(), SessionCalls::opened);
    }

    private static Outcome opened(Response reply) {
        return switch (reply.get(0).toString()) {
            case "OPEN" ->
                new Outcome.Opened(
                        Long.parseLong(reply.get(1).toString()),
                        blankToNull(reply.get(2).toString()),
                        blankToNull(reply.get(3).toString()),
                        reply.get(4).toInteger());
            case "LOST" -> new Outcome.Fenced(true);
            case "HOLD" -> new Outcome.HeldBack(reply.get(1).toInteger());
            case "CAP" -> new Outcome.CapReached(reply.get(1).toInteger() == 1);
            case "GONE" -> new Outcome.Revoked(true);
            default -> new Outcome.Revoked(false);
        };
    }

    private static Outcome closed(Response reply) {
        if (reply.get(0).toInteger() == 0) {
            return new Outcome.Closed(false, null, 0);
        }
        String role = new JsonObject(reply.get(2).toString()).getString("role");
        return new Outcome.Closed(true, role, reply.get(1).toInteger());
    }

    StoreCall close(SessionRef session) {
        RedisKeys.Shard shard = RedisKeys.Shard.of(session);
        Request request = Arguments.of(Script.CLOSE, 8)
                .add(shard.slots(session.agentId()))
                .add(shard.agent(session.agentId()))
                .add(shard.details(session.agentId()))
                .add(shard.heartbeats(session.agentId()))
                .add(shard.statuses(session.agentId()))
                .add(shard.features(session.agentId()))
                .add(shard.reportedWorkers(session.agentId()))
                .add(shard.endedFeatures(session.agentId()))
                .add(session.workerId())
                .add(session.sessionId())
                .request();
        return StoreCall.of(request, SessionCalls::closed);
    }

    StoreCall heartbeat(InboundFrame inbound, Heartbeat beat, boolean retried) {
        if (Heartbeats.isEmpty(beat)) {
            return advance(inbound, retried);
        }
        RedisKeys.Shard shard = RedisKeys.Shard.of(inbound.session());
        String field = field(inbound.session());
        Arguments request =
                advance(inbound, retried, shard.heartbeats(inbound.session().agentId()));
        return StoreCall.of(request.add(field).add(Heartbeats.encode(beat)).request(), SessionCalls::advanced);
    }

    StoreCall status(InboundFrame inbound, AgentStatus status, boolean retried) {
        RedisKeys.Shard shard = RedisKeys.Shard.of(inbound.session());
        String field = field(inbound.session());
        Arguments request =
                advance(inbound, retried, shard.statuses(inbound.session().agentId()));
        return StoreCall.of(request.add(field).add(status.payload().utf8()).request(), SessionCalls::advanced);
    }

    /** Advances the seq and stores nothing else. */
    StoreCall advance(InboundFrame inbound, boolean retried) {
        RedisKeys.Shard shard = RedisKeys.Shard.of(inbound.session());
        Arguments request =
                advance(inbound, retried, shard.heartbeats(inbound.session().agentId()));
        return StoreCall.of(request.add("").add("").request(), SessionCalls::advanced);
    }

    /** Starts a call that advances the seq. The caller adds a field of the hash and its value. */
    private Arguments advance(InboundFrame inbound, boolean retried, String hash) {
        RedisKeys.Shard shard = RedisKeys.Shard.of(inbound.session());
        Arguments request = Arguments.of(Script.ADVANCE, 2)
                .add(shard.sessions(inbound.session()))
                .add(hash);
        head(request, inbound, retried);
        return request;
    }

    StoreCall registry(InboundFrame inbound, RegistryDelta delta, boolean retried) {
        SessionRef session = inbound.session();
        RedisKeys.Shard shard = RedisKeys.Shard.of(session);
        Arguments request = Arguments.of(Script.REGISTRY, 3)
                .add(shard.sessions(session))
                .add(shard.registry(session.agentId()))
                .add(shard.registryBytes(session.agentId()));
        head(request, inbound, retried);
        request.add(delta.engine())
                .add(StoreTuning.REGISTRY_LIMIT)
                .add(StoreTuning.REGISTRY_BYTES)
                .add(delta.removed().size());
        delta.removed().forEach(request::add);
        Map<String, Json> upserts = new LinkedHashMap<>();
        delta.added().forEach(entry -> upserts.put(RegistryDelta.name(entry), entry));
        delta.updated().forEach(entry -> upserts.put(RegistryDelta.name(entry), entry));
        upserts.forEach((name, entry) ->
                request.add(name).add(RegistryEntry.bounded(entry).utf8()));
        return StoreCall.of(request.request(), SessionCalls::advanced);
    }

    /** Remembers the engine workers that a frame names. The frame itself has a call of its own, and the outcome. */
    StoreCall reportWorkers(InboundFrame inbound) {
        SessionRef session = inbound.session();
        RedisKeys.Shard shard = RedisKeys.Shard.of(session);
        Arguments request = Arguments.of(Script.REPORT_WORKERS, 3)
                .add(shard.sessions(session))
                .add(shard.details(session.agentId()))
                .add(session.longPoll() ? shard.poll(session) : shard.reportedWorkers(session.agentId()))
                .add(session.workerId())
                .add(session.sessionId())
                .add(session.longPoll() ? "1" : "0")
                .add(ProtocolLimits.MAX_REPORTED_WORKERS);
        inbound.workers().stream()
                .filter(worker -> !worker.isProcess())
                .forEach(worker -> request.add(worker.engine()).add(worker.name()));
        return StoreCall.withoutOutcome(request.request());
    }

    static Outcome advanced(Response reply) {
        return switch (reply.toString()) {
            case "OK" -> new Outcome.Applied();
            case "R" -> new Outcome.Replayed();
            case "F1" -> new Outcome.Fenced(true);
            default -> new Outcome.Fenced(false);
        };
    }

    private void head(Arguments request, InboundFrame inbound, boolean retried) {
        request.add(inbound.session().workerId())
                .add(inbound.session().sessionId())
                .add(inbound.seq())
                .add(retried ? "1" : "0")
                .add(tuning.lease(inbound.session()).toMillis());
    }

    /**
     * The field of the session's last heartbeat or status. The prefix keeps the field non-empty for a worker with an
     * empty id, because an empty field means "store nothing".
     */
    private static String field(SessionRef session) {
        return (session.longPoll() ? "p:" : "w:") + session.workerId();
    }

    private static @Nullable String blankToNull(String text) {
        return text.isEmpty() ? null : text;
    }

    /** The details of a session that Redis stores while the session holds its slot. */
    record SessionDetails(JsonObject json) {
        static SessionDetails of(OpenSession open) {
            Hello.WorkerProcess worker = open.hello().worker();
            Instant startedAt = worker.startedAt();
            return new SessionDetails(new JsonObject()
                    .put("session_id", open.session().sessionId())
                    .put("role", worker.role())
                    .put("pid", worker.pid())
                    .put("framework", open.hello().framework())
                    .put("host", hostName(open))
                    .put("started_at", startedAt == null ? null : startedAt.toString())
                    .put("connected_at", open.connectedAt().toString())
                    .put("remote_address", open.remoteAddress()));
        }

        private static @Nullable String hostName(OpenSession open) {
            Json host = open.hello().host();
            String name = host.textOf("hostname");
            String reported = name == null ? host.textOf("name") : name;
            return reported == null ? null : CutText.cut(reported, ProtocolLimits.MAX_HOST_NAME);
        }

        String encode() {
            return json.encode();
        }
    }
}
