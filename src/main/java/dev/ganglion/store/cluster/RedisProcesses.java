package dev.ganglion.store.cluster;

import dev.ganglion.cluster.Liveness;
import dev.ganglion.projection.engine.EngineReport;
import dev.ganglion.projection.engine.EngineWorker;
import dev.ganglion.projection.lost.PresenceView;
import dev.ganglion.projection.lost.PresentProcess;
import dev.ganglion.projection.lost.PresentProcess.Identity;
import dev.ganglion.projection.lost.ProcessPresence;
import dev.ganglion.projection.lost.WorkerSigns;
import dev.ganglion.projection.run.TextHash;
import dev.ganglion.projection.task.SubjectKey;
import dev.ganglion.protocol.event.EngineWorkerName;
import dev.ganglion.store.agent.ReportedNames;
import dev.ganglion.store.agent.SessionFeatures;
import dev.ganglion.store.redis.HashFields;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.SharedLine;
import dev.ganglion.store.redis.Slot;
import dev.ganglion.store.stream.ProcessName;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads which worker processes are connected, and what is known of engine workers, for the judgement of lost tasks. Reads all
 * agents of a look in one round trip.
 */
public final class RedisProcesses implements ProcessPresence {
    private static final int PER_AGENT = 5;

    private final SharedLine line;
    private final Liveness nodes;
    private final Supplier<PresenceView.Cluster> cluster;

    /**
     * Creates a reader.
     *
     * @param cluster supplies the state of the cluster as this node sees it
     */
    public RedisProcesses(SharedLine line, Liveness nodes, Supplier<PresenceView.Cluster> cluster) {
        this.line = line;
        this.nodes = nodes;
        this.cluster = cluster;
    }

    @Override
    public Future<PresenceView> read(Place place, Set<String> agents, Set<SubjectKey> workers) {
        List<String> ids = List.copyOf(agents);
        List<SubjectKey> names = List.copyOf(workers);
        PresenceView.Cluster before = cluster.get();
        return line.batch(requests(place, ids, names)).compose(replies -> {
            Instant now = time(replies.get(0));
            Map<String, List<PresentProcess>> present = new HashMap<>();
            List<Poll> polls = new ArrayList<>();
            for (int i = 0; i < ids.size(); i++) {
                List<Response> ofAgent = replies.subList(1 + i * PER_AGENT, 1 + (i + 1) * PER_AGENT);
                present.put(ids.get(i), connections(ids.get(i), ofAgent, now));
                polls.addAll(polls(place, ids.get(i), ofAgent.get(PER_AGENT - 1), now));
            }
            Map<SubjectKey, WorkerSigns> signs =
                    signs(names, replies.subList(1 + ids.size() * PER_AGENT, replies.size()));
            return addPolls(polls, present).map(done -> {
                PresenceView.Cluster after = cluster.get();
                boolean healthy = before.healthy() && after.healthy();
                return new PresenceView(
                        now.toEpochMilli(), new PresenceView.Cluster(healthy, after.nodes()), present, signs);
            });
        });
    }

    private static List<Request> requests(Place place, List<String> ids, List<SubjectKey> names) {
        List<Request> requests = new ArrayList<>();
        requests.add(Request.cmd(Command.TIME));
        for (String id : ids) {
            RedisKeys.Shard keys = RedisKeys.Shard.of(place.projectId(), place.shardOf(id));
            for (String key : List.of(
                    keys.slots(id), keys.details(id), keys.features(id), keys.reportedWorkers(id), keys.polls(id))) {
                requests.add(Request.cmd(Command.HGETALL).arg(key));
            }
        }
        if (!names.isEmpty()) {
            requests.add(fields(RedisKeys.Projection.of(place.projectId()).engineWorkers(), names));
            for (int shard = 0; shard < place.shards(); shard++) {
                requests.add(fields(RedisKeys.Shard.of(place.projectId(), shard).reportedWorkers(), names));
            }
        }
        return requests;
    }

    private static Request fields(String key, List<SubjectKey> names) {
        Request request = Request.cmd(Command.HMGET).arg(key);
        for (SubjectKey name : names) {
            request = request.arg(name.text());
        }
        return request;
    }

    private static Instant time(Response reply) {
        return Instant.ofEpochSecond(reply.get(0).toLong(), reply.get(1).toLong() * 1_000);
    }

    /** Reads the connections of an agent from its slots, details, features and reported workers. */
    private List<PresentProcess> connections(String agentId, List<Response> replies, Instant now) {
        HashFields details = HashFields.of(replies.get(1));
        HashFields features = HashFields.of(replies.get(2));
        HashFields reported = HashFields.of(replies.get(3));
        List<PresentProcess> connections = new ArrayList<>();
        HashFields.of(replies.get(0)).fields().forEach((worker, text) -> {
            String detail = details.text(worker);
            if (detail != null && Slot.parse(text).isConnected(nodes.live(), now)) {
                connections.add(connection(
                        process(agentId, worker),
                        new JsonObject(detail),
                        SessionFeatures.decode(features.text(worker)),
                        ReportedNames.decode(reported.text(worker))));
            }
        });
        return connections;
    }

    private static PresentProcess connection(
            long process, JsonObject details, SessionFeatures features, List<EngineWorkerName> reported) {
        Set<SubjectKey> workers = new HashSet<>();
        reported.forEach(worker -> workers.add(new SubjectKey(worker.engine(), worker.name())));
        return new PresentProcess(
                process,
                false,
                identity(details),
                details.getString("role"),
                Instant.parse(details.getString("connected_at")).toEpochMilli(),
                Set.copyOf(features.stated().engines()),
                workers);
    }

    private static @Nullable Identity identity(JsonObject details) {
        Integer pid = details.getInteger("pid");
        String started = details.getString("started_at");
        if (pid == null && started == null) {
            return null;
        }
        return new Identity(
                details.getString("host") == null ? "" : details.getString("host"),
                pid == null ? 0 : pid,
                started == null ? 0 : Instant.parse(started).toEpochMilli());
    }

    /** A long-poll session of an agent, whose details have a key of their own. */
    private record Poll(String agentId, long process, String key) {}

    private static List<Poll> polls(Place place, String agentId, Response reply, Instant now) {
        RedisKeys.Shard keys = RedisKeys.Shard.of(place.projectId(), place.shardOf(agentId));
        List<Poll> polls = new ArrayList<>();
        HashFields.of(reply).fields().forEach((nonce, text) -> {
            Slot poll = Slot.parse(text);
            if (poll.isOnline(now)) {
                polls.add(new Poll(agentId, process(agentId, nonce), keys.pollPrefix() + poll.session()));
            }
        });
        return polls;
    }

    private Future<Void> addPolls(List<Poll> polls, Map<String, List<PresentProcess>> present) {
        if (polls.isEmpty()) {
            return Future.succeededFuture();
        }
        return line.batch(polls.stream()
                        .map(poll -> Request.cmd(Command.HGET).arg(poll.key()).arg("details"))
                        .toList())
                .map(replies -> {
                    for (int i = 0; i < polls.size(); i++) {
                        Poll poll = polls.get(i);
                        List<PresentProcess> sessions = present.get(poll.agentId());
                        if (replies.get(i) != null && sessions != null) {
                            JsonObject details = new JsonObject(replies.get(i).toString(StandardCharsets.UTF_8));
                            long connected = Instant.parse(details.getString("connected_at"))
                                    .toEpochMilli();
                            sessions.add(new PresentProcess(
                                    poll.process(), true, null, null, connected, Set.of(), Set.of()));
                        }
                    }
                    return null;
                });
    }

    private static long process(String agentId, String workerId) {
        return TextHash.of(workerId.isEmpty() ? agentId : ProcessName.of(workerId));
    }

    /** Reads engine workers from their records, and from what heartbeats reported in each shard. */
    private static Map<SubjectKey, WorkerSigns> signs(List<SubjectKey> names, List<Response> replies) {
        Map<SubjectKey, WorkerSigns> signs = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            boolean known = false;
            EngineWorker worker = EngineWorker.decode(null);
            for (Response each : replies) {
                Response text = each.get(i);
                if (text != null && each == replies.get(0)) {
                    worker = EngineWorker.decode(text.toString(StandardCharsets.UTF_8));
                } else if (text != null) {
                    worker.report(EngineReport.decode(text.toString(StandardCharsets.UTF_8)));
                }
                known |= text != null;
            }
            if (known) {
                signs.put(names.get(i), signs(worker));
            }
        }
        return signs;
    }

    private static WorkerSigns signs(EngineWorker worker) {
        return new WorkerSigns(
                worker.agentId(),
                worker.onlineAt(),
                worker.aliveAt(),
                worker.offlineAt(),
                worker.lastReportAt(),
                worker.offlineReportAt(),
                worker.pid());
    }
}
