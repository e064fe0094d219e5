package dev.ganglion.store.agent;

import dev.ganglion.auth.Agent;
import dev.ganglion.auth.AgentStore;
import dev.ganglion.auth.Project;
import dev.ganglion.auth.ProjectStore.Page;
import dev.ganglion.cluster.Liveness;
import dev.ganglion.projection.task.SubjectKey;
import dev.ganglion.store.page.SizedReads;
import dev.ganglion.store.redis.HashFields;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.Replies;
import dev.ganglion.store.redis.SharedLine;
import dev.ganglion.store.redis.Slot;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Stores agents. Each agent has a record in its shard; the hash of a token leads to the agent, and a sorted set lists
 * the agents of a project by time of enrolment.
 */
public final class RedisAgents implements AgentStore {
    private static final int AGENTS_AT_ONCE = 100;
    private static final int REPLIES_PER_AGENT = 5;

    private final SharedLine line;
    private final RedisProjects projects;
    private final Liveness nodes;
    private final TokenRotation tokens;

    public RedisAgents(SharedLine line, RedisProjects projects, Liveness nodes) {
        this.line = line;
        this.projects = projects;
        this.nodes = nodes;
        this.tokens = new TokenRotation(line);
    }

    @Override
    public Future<Void> create(Project project, Agent agent, String tokenHash) {
        RedisKeys.Shard shard = shard(project, agent.id());
        return line.sendDurably(List.of(
                        write(shard, agent),
                        Request.cmd(Command.SADD).arg(shard.tokens(agent.id())).arg(tokenHash),
                        Request.cmd(Command.ZADD)
                                .arg(RedisKeys.agents(project.id()))
                                .arg(agent.createdAt().toEpochMilli())
                                .arg(agent.id())))
                .compose(done -> line.sendDurably(
                        Request.cmd(Command.SET).arg(RedisKeys.token(tokenHash)).arg(project.id() + "|" + agent.id())))
                .mapEmpty();
    }

    @Override
    public Future<Optional<Agent>> find(Project project, String agentId) {
        return byIds(project, List.of(agentId)).map(found -> found.stream().findFirst());
    }

    @Override
    public Future<Page<Agent>> list(Project project, @Nullable String cursor, int limit) {
        return SortedSetPages.page(
                line,
                RedisKeys.agents(project.id()),
                cursor,
                limit,
                new SortedSetPages.Load<>(ids -> sizes(project, ids), ids -> byIds(project, ids)));
    }

    @Override
    public Future<Boolean> update(Project project, Agent agent) {
        RedisKeys.Shard shard = shard(project, agent.id());
        return line.send(Request.cmd(Command.EXISTS).arg(shard.agent(agent.id())))
                .compose(known -> known.toInteger() == 0
                        ? Future.succeededFuture(false)
                        : line.sendDurably(write(shard, agent)).map(true));
    }

    @Override
    public Future<Optional<Instant>> rotate(Project project, String agentId, String tokenHash, Duration overlap) {
        return tokens.rotate(project, agentId, tokenHash, overlap);
    }

    @Override
    public Future<Boolean> delete(Project project, String agentId) {
        RedisKeys.Shard shard = shard(project, agentId);
        return line.send(Request.cmd(Command.SMEMBERS).arg(shard.tokens(agentId)))
                .compose(tokens -> {
                    List<Request> requests = new ArrayList<>();
                    Replies.texts(tokens)
                            .forEach(hash ->
                                    requests.add(Request.cmd(Command.DEL).arg(RedisKeys.token(hash))));
                    return line.sendDurably(requests);
                })
                .compose(done -> line.sendDurably(List.of(
                        Request.cmd(Command.DEL).arg(shard.agent(agentId)),
                        Request.cmd(Command.DEL)
                                .arg(shard.tokens(agentId))
                                .arg(shard.slots(agentId))
                                .arg(shard.details(agentId))
                                .arg(shard.features(agentId))
                                .arg(shard.endedFeatures(agentId))
                                .arg(shard.reportedWorkers(agentId))
                                .arg(shard.polls(agentId))
                                .arg(shard.endedPolls(agentId))
                                .arg(shard.answers(agentId))
                                .arg(shard.answersOrder(agentId))
                                .arg(shard.heartbeats(agentId))
                                .arg(shard.statuses(agentId))
                                .arg(shard.contests(agentId))
                                .arg(shard.journal(agentId))
                                .arg(shard.commandLoad(agentId))
                                .arg(shard.ownCommands(agentId))
                                .arg(shard.registry(agentId))
                                .arg(shard.registryBytes(agentId)),
                        Request.cmd(Command.ZREM)
                                .arg(RedisKeys.agents(project.id()))
                                .arg(agentId))))
                .compose(replies ->
                        forgetSchedules(shard, agentId).map(replies.get(0).toInteger() == 1));
    }

    private Future<Void> forgetSchedules(RedisKeys.Shard shard, String agentId) {
        return line.send(Request.cmd(Command.HKEYS).arg(shard.schedules())).compose(reply -> {
            List<Request> requests = Replies.texts(reply).stream()
                    .filter(subject -> SubjectKey.of(subject).name().equals(agentId))
                    .flatMap(subject -> Stream.of(
                            Request.cmd(Command.HDEL).arg(shard.schedules()).arg(subject),
                            Request.cmd(Command.ZREM)
                                    .arg(RedisKeys.Shard.order(shard.schedules()))
                                    .arg(subject)))
                    .toList();
            return line.batch(requests).mapEmpty();
        });
    }

    /**
     * An agent whose token is unknown stops for good. So the store has to be the right one before the token counts as
     * unknown.
     */
    @Override
    public Future<Optional<TokenOwner>> byTokenHash(String tokenHash) {
        return find(tokenHash)
                .compose(owner -> owner.isPresent()
                        ? Future.succeededFuture(owner)
                        : line.sameStore().map(owner));
    }

    private Future<Optional<TokenOwner>> find(String tokenHash) {
        return line.send(Request.cmd(Command.GET).arg(RedisKeys.token(tokenHash)))
                .compose(owner -> {
                    if (owner == null) {
                        return Future.succeededFuture(Optional.empty());
                    }
                    String[] ids = owner.toString().split("\\|", -1);
                    return projects.byId(ids[0])
                            .compose(project -> project.isEmpty()
                                    ? Future.succeededFuture(Optional.empty())
                                    : owner(project.get(), ids[1]));
                });
    }

    private Future<Optional<TokenOwner>> owner(Project project, String agentId) {
        return line.send(Request.cmd(Command.HMGET)
                        .arg(shard(project, agentId).agent(agentId))
                        .arg("created_at")
                        .arg("connection_cap"))
                .map(fields -> {
                    if (fields.get(0) == null) {
                        return Optional.empty();
                    }
                    String cap = fields.get(1) == null ? "" : fields.get(1).toString();
                    return Optional.of(new TokenOwner(project, agentId, cap.isEmpty() ? null : Integer.valueOf(cap)));
                });
    }

    /** Returns the sizes of the parts of agents' records that a hello frame fills. */
    private Future<List<Long>> sizes(Project project, List<String> ids) {
        List<SizedReads.Field> fields = new ArrayList<>();
        for (String id : ids) {
            String key = shard(project, id).agent(id);
            AgentFields.LARGE.forEach(name -> fields.add(new SizedReads.Field(key, name)));
        }
        return SizedReads.sizes(line, fields, AgentFields.LARGE.size());
    }

    private Future<List<Agent>> byIds(Project project, List<String> ids) {
        Future<List<Agent>> all = Future.succeededFuture(new ArrayList<>());
        for (int at = 0; at < ids.size(); at += AGENTS_AT_ONCE) {
            List<String> some = ids.subList(at, Math.min(ids.size(), at + AGENTS_AT_ONCE));
            all = all.compose(before -> read(project, some).map(found -> {
                before.addAll(found);
                return before;
            }));
        }
        return all;
    }

    private Future<List<Agent>> read(Project project, List<String> ids) {
        List<Request> requests = new ArrayList<>();
        requests.add(Request.cmd(Command.TIME));
        for (String id : ids) {
            RedisKeys.Shard shard = shard(project, id);
            requests.add(Request.cmd(Command.HGETALL).arg(shard.agent(id)));
            requests.add(Request.cmd(Command.HGETALL).arg(shard.slots(id)));
            requests.add(Request.cmd(Command.HVALS).arg(shard.polls(id)));
            requests.add(Request.cmd(Command.HGETALL).arg(shard.features(id)));
            requests.add(Request.cmd(Command.HGETALL).arg(shard.endedFeatures(id)));
        }
        return line.batch(requests).map(replies -> {
            Instant now = Instant.ofEpochSecond(replies.get(0).get(0).toLong());
            List<Agent> agents = new ArrayList<>();
            for (int i = 0; i < ids.size(); i++) {
                int first = 1 + REPLIES_PER_AGENT * i;
                HashFields record = HashFields.of(replies.get(first));
                if (record.text("created_at") != null) {
                    Sessions sessions = new Sessions(
                            slots(HashFields.of(replies.get(first + 1))),
                            Replies.texts(replies.get(first + 2)).stream()
                                    .map(Slot::parse)
                                    .toList(),
                            HashFields.of(replies.get(first + 3)),
                            HashFields.of(replies.get(first + 4)));
                    agents.add(read(project, ids.get(i), record, sessions, now));
                }
            }
            return agents;
        });
    }

    /**
     * The sessions of an agent.
     *
     * @param slots slots of its connections, by worker
     * @param polls its long-poll sessions
     * @param features features of its connections, by worker
     * @param ended features of connections that ended
     */
    private record Sessions(Map<String, Slot> slots, List<Slot> polls, HashFields features, HashFields ended) {
        @Nullable
        Instant lastSeen(@Nullable Instant before) {
            return Stream.concat(
                            Stream.ofNullable(before),
                            Stream.concat(slots.values().stream(), polls.stream())
                                    .map(Slot::seenAt))
                    .max(Comparator.naturalOrder())
                    .orElse(null);
        }

        /** What the connected sessions state; without any, what the last ones stated. */
        AgentFeatures union(Set<String> liveNodes, Instant now) {
            AgentFeatures union = new AgentFeatures();
            add(union, slot -> slot.isConnected(liveNodes, now));
            if (slots.values().stream().noneMatch(slot -> slot.isConnected(liveNodes, now))) {
                add(union, slot -> true);
                union.addEnded(ended);
            }
            return union;
        }

        private void add(AgentFeatures union, Predicate<Slot> counts) {
            slots.forEach((worker, slot) -> {
                String text = features.text(worker);
                if (text != null && counts.test(slot)) {
                    union.add(SessionFeatures.decode(text));
                }
            });
        }
    }

    private static Map<String, Slot> slots(HashFields hash) {
        Map<String, Slot> slots = new HashMap<>();
        hash.fields().forEach((worker, text) -> slots.put(worker, Slot.parse(text)));
        return slots;
    }

    private Agent read(Project project, String id, HashFields record, Sessions sessions, Instant now) {
        long live = sessions.slots().values().stream()
                .filter(slot -> slot.isConnected(nodes.live(), now))
                .count();
        long polls =
                sessions.polls().stream().filter(poll -> poll.isOnline(now)).count();
        return new Agent(
                id,
                project.id(),
                record.required("name"),
                record.integer("connection_cap"),
                Instant.ofEpochMilli(Long.parseLong(record.required("created_at"))),
                AgentFields.about(record, sessions.union(nodes.live(), now)),
                AgentFields.mentionedEngines(record),
                new Agent.Connectivity(
                        (int) live,
                        (int) polls,
                        record.time("last_connect_at"),
                        sessions.lastSeen(record.time("last_seen_at")),
                        AgentFeatures.enginesEndedSince(now.minus(AgentFeatures.COMES_BACK), sessions.ended())));
    }

    private static Request write(RedisKeys.Shard shard, Agent agent) {
        return Request.cmd(Command.HSET)
                .arg(shard.agent(agent.id()))
                .arg("name")
                .arg(agent.name())
                .arg("connection_cap")
                .arg(agent.connectionCap() == null ? "" : agent.connectionCap().toString())
                .arg("created_at")
                .arg(agent.createdAt().toEpochMilli());
    }

    private static RedisKeys.Shard shard(Project project, String agentId) {
        return RedisKeys.Shard.of(project.id(), project.shardOf(agentId));
    }
}
