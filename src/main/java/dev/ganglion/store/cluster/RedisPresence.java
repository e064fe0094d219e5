package dev.ganglion.store.cluster;

import dev.ganglion.bus.SessionRef;
import dev.ganglion.cluster.Liveness;
import dev.ganglion.journal.Presence;
import dev.ganglion.journal.SessionHealth;
import dev.ganglion.store.agent.ReportedNames;
import dev.ganglion.store.agent.SessionFeatures;
import dev.ganglion.store.redis.HashFields;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.SharedLine;
import dev.ganglion.store.redis.Slot;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads which worker processes are connected, from the slots and the session details. */
public final class RedisPresence implements Presence {
    private static final int SESSIONS_AT_ONCE = 500;
    /** Prefixes of the fields that hold the last heartbeats. */
    private static final String OF_SLOT = "w:";

    private static final String OF_POLL = "p:";

    private final SharedLine line;
    private final Liveness nodes;

    public RedisPresence(SharedLine line, Liveness nodes) {
        this.line = line;
        this.nodes = nodes;
    }

    @Override
    public Future<List<Worker>> workers(String projectId, int shard, String agentId) {
        RedisKeys.Shard keys = RedisKeys.Shard.of(projectId, shard);
        return line.batch(List.of(
                        Request.cmd(Command.TIME),
                        Request.cmd(Command.HGETALL).arg(keys.slots(agentId)),
                        Request.cmd(Command.HGETALL).arg(keys.details(agentId)),
                        Request.cmd(Command.HGETALL).arg(keys.polls(agentId)),
                        Request.cmd(Command.HGETALL).arg(keys.features(agentId)),
                        Request.cmd(Command.HGETALL).arg(keys.reportedWorkers(agentId))))
                .compose(replies -> {
                    Instant now = Instant.ofEpochSecond(replies.get(0).get(0).toLong());
                    HashFields details = HashFields.of(replies.get(2));
                    Map<String, Slot> connected = new TreeMap<>();
                    HashFields.of(replies.get(1)).fields().forEach((worker, text) -> {
                        Slot slot = Slot.parse(text);
                        if (slot.isConnected(nodes.live(), now) && details.text(worker) != null) {
                            connected.put(worker, slot);
                        }
                    });
                    Map<String, Slot> polls = new TreeMap<>();
                    HashFields.of(replies.get(3)).fields().forEach((nonce, text) -> {
                        Slot poll = Slot.parse(text);
                        if (poll.isOnline(now)) {
                            polls.put(nonce, poll);
                        }
                    });
                    List<String> beats = new ArrayList<>();
                    connected.keySet().forEach(worker -> beats.add(OF_SLOT + worker));
                    polls.keySet().forEach(nonce -> beats.add(OF_POLL + nonce));
                    return StoredHeartbeats.read(line, keys.heartbeats(agentId), beats)
                            .compose(health -> polls(keys, polls, health).map(pollWorkers -> {
                                Facts facts = new Facts(
                                        details, HashFields.of(replies.get(4)), HashFields.of(replies.get(5)), health);
                                List<Worker> workers = new ArrayList<>();
                                connected.forEach((worker, slot) -> workers.add(worker(worker, slot, facts)));
                                workers.addAll(pollWorkers);
                                return workers;
                            }));
                });
    }

    /** What Redis holds about the connections of an agent, by worker; the health by field of the heartbeat. */
    private record Facts(
            HashFields details, HashFields features, HashFields reported, Map<String, SessionHealth> health) {}

    private Future<List<Worker>> polls(
            RedisKeys.Shard keys, Map<String, Slot> online, Map<String, SessionHealth> health) {
        List<Request> requests = online.values().stream()
                .map(poll -> Request.cmd(Command.HMGET)
                        .arg(keys.pollPrefix() + poll.session())
                        .arg("details")
                        .arg(ReportedNames.OF_POLL))
                .toList();
        return line.batch(requests).map(replies -> {
            List<Worker> polls = new ArrayList<>();
            Iterator<Response> details = replies.iterator();
            online.forEach((nonce, poll) -> {
                Response fields = details.next();
                if (fields.get(0) != null) {
                    JsonObject detail = new JsonObject(fields.get(0).toString(StandardCharsets.UTF_8));
                    Response reported = fields.get(1);
                    ReportedProcess process = ReportedProcess.withoutHello(
                            ReportedNames.decode(reported == null ? null : reported.toString(StandardCharsets.UTF_8)),
                            health.get(OF_POLL + nonce));
                    polls.add(poll(nonce, poll, detail, process));
                }
            });
            return polls;
        });
    }

    private static Worker poll(String nonce, Slot poll, JsonObject details, ReportedProcess process) {
        return new Worker(
                "",
                process,
                poll.node(),
                nonce,
                Instant.parse(details.getString("connected_at")),
                poll.seenAt(),
                details.getString("remote_address"),
                true);
    }

    @Override
    public Future<List<LostSlot>> lost(List<SessionRef> sessions) {
        Future<List<LostSlot>> all = Future.succeededFuture(new ArrayList<>());
        for (int at = 0; at < sessions.size(); at += SESSIONS_AT_ONCE) {
            List<SessionRef> some = sessions.subList(at, Math.min(sessions.size(), at + SESSIONS_AT_ONCE));
            all = all.compose(before -> line.batch(some.stream()
                            .map(session -> Request.cmd(Command.HGET)
                                    .arg(RedisKeys.Shard.of(session).slots(session.agentId()))
                                    .arg(session.workerId()))
                            .toList())
                    .map(replies -> {
                        for (int i = 0; i < some.size(); i++) {
                            Response slot = replies.get(i);
                            if (slot == null
                                    || !Slot.parse(slot.toString())
                                            .session()
                                            .equals(some.get(i).sessionId())) {
                                before.add(new LostSlot(some.get(i), slot != null));
                            }
                        }
                        return before;
                    }));
        }
        return all;
    }

    private static Worker worker(String workerId, Slot slot, Facts facts) {
        JsonObject details = new JsonObject(facts.details().required(workerId));
        return new Worker(
                workerId,
                new ReportedProcess(
                        details.getString("role"),
                        details.getInteger("pid"),
                        details.getString("framework"),
                        details.getString("host"),
                        time(details.getString("started_at")),
                        SessionFeatures.decode(facts.features().text(workerId)).stated(),
                        ReportedNames.decode(facts.reported().text(workerId)),
                        facts.health().get(OF_SLOT + workerId)),
                slot.node(),
                slot.session(),
                Instant.parse(details.getString("connected_at")),
                slot.seenAt(),
                details.getString("remote_address"),
                false);
    }

    private static @Nullable Instant time(@Nullable String text) {
        return text == null ? null : Instant.parse(text);
    }
}
