package dev.ganglion.store.command;

import dev.ganglion.auth.Project;
import dev.ganglion.command.CommandStore;
import dev.ganglion.command.CommandTicket;
import dev.ganglion.protocol.Digests;
import dev.ganglion.store.agent.RedisProjects;
import dev.ganglion.store.redis.Arguments;
import dev.ganglion.store.redis.HashFields;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.Script;
import dev.ganglion.store.redis.SharedLine;
import dev.ganglion.store.redis.StoreTuning;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * Stores commands. Each command is a hash in its agent's shard; sorted sets list commands by order of issue, by time
 * and by deadline.
 */
public final class RedisCommands implements CommandStore {
    private static final Duration IDEMPOTENCY_MEMORY = Duration.ofHours(24);
    private static final long SWEEP_LEASE_MS = 400;
    private static final int SWEEP = 500;
    private static final long ENVELOPE_BYTES = 700;

    private final SharedLine line;
    private final RedisProjects projects;
    private final String self;
    private final Clock clock;

    public RedisCommands(SharedLine line, RedisProjects projects, String self, Clock clock) {
        this.line = line;
        this.projects = projects;
        this.self = self;
        this.clock = clock;
    }

    @Override
    public Future<OptionalLong> queueDepth(Place place, String agentId, String engine, String queue) {
        return QueueDepths.read(line, RedisKeys.Shard.of(place.projectId(), place.shard()), agentId, engine, queue);
    }

    @Override
    public Future<Optional<Reserved>> reserved(String projectId, String key) {
        return line.send(Request.cmd(Command.GET).arg(RedisKeys.idempotency(projectId, Digests.sha256Hex(key))))
                .map(found -> {
                    if (found == null) {
                        return Optional.empty();
                    }
                    String[] parts = found.toString().split("\\|", -1);
                    return Optional.of(new Reserved(parts[0], parts[1]));
                });
    }

    @Override
    public Future<Optional<Reserved>> reserve(String projectId, String key, Reserved wanted) {
        return line.sendDurably(Request.cmd(Command.SET)
                        .arg(RedisKeys.idempotency(projectId, Digests.sha256Hex(key)))
                        .arg(wanted.commandId() + "|" + wanted.bodyHash())
                        .arg("NX")
                        .arg("PX")
                        .arg(IDEMPOTENCY_MEMORY.toMillis()))
                .compose(set -> set != null
                        ? Future.succeededFuture(Optional.empty())
                        : reserved(projectId, key)
                                // The reservation expired between the two calls, so the key is free again.
                                .compose(before -> before.isPresent()
                                        ? Future.succeededFuture(before)
                                        : reserve(projectId, key, wanted)));
    }

    @Override
    public Future<Optional<CommandTicket>> issue(Place place, String id, CommandTicket.Order order) {
        RedisKeys.Shard shard = RedisKeys.Shard.of(place.projectId(), place.shard());
        Arguments arguments = Arguments.of(Script.COMMAND_ISSUE, 6)
                .add(shard.agent(order.agentId()))
                .add(shard.command(id))
                .add(shard.openCommands(order.agentId()))
                .add(shard.waitingCommands(order.agentId()))
                .add(shard.commands())
                .add(shard.deadlines())
                .add(id)
                .add(order.timeoutSeconds());
        addFields(arguments, order);
        return line.sendDurably(List.of(arguments.request(), record(shard, id)))
                .map(replies ->
                        replies.get(0).get(0).toString().equals("OK") ? ticket(id, replies.get(1)) : Optional.empty());
    }

    @Override
    public Future<OwnIssue> issueOwn(Place place, String id, CommandTicket.Order order, OwnLimits limits) {
        RedisKeys.Shard shard = RedisKeys.Shard.of(place.projectId(), place.shard());
        Arguments arguments = Arguments.of(Script.COMMAND_ASK, 7)
                .add(shard.agent(order.agentId()))
                .add(shard.command(id))
                .add(shard.openCommands(order.agentId()))
                .add(shard.waitingCommands(order.agentId()))
                .add(shard.commands())
                .add(shard.deadlines())
                .add(shard.ownCommands(order.agentId()))
                .add(id)
                .add(order.timeoutSeconds())
                .add(limits.open())
                .add(limits.perMinute())
                .add(limits.kept())
                .add(shard.commandPrefix())
                .add(StoreTuning.COMMAND_MEMORY.toMillis());
        addFields(arguments, order);
        return line.send(arguments.request()).map(reply -> switch (reply.toString()) {
            case "OK" -> OwnIssue.STORED;
            case "BUSY" -> OwnIssue.BUSY;
            default -> OwnIssue.GONE;
        });
    }

    private static void addFields(Arguments arguments, CommandTicket.Order order) {
        arguments.add("agent_id").add(order.agentId());
        arguments.add("verb").add(order.verb().wireName());
        arguments.add("args").add(order.args().text());
        arguments.add("action").add(order.wire().action());
        arguments.add("target_type").add(order.wire().targetType());
        arguments
                .add("target_id")
                .add(order.wire().targetId() == null ? "" : order.wire().targetId());
        arguments.add("target").add(order.wire().target().text());
        arguments.add("parameters").add(order.wire().parameters().text());
        arguments
                .add("names")
                .add(order.wire().workerName() == null ? "" : order.wire().workerName());
        arguments
                .add("engine")
                .add(order.wire().engine() == null ? "" : order.wire().engine());
        arguments.add("one_worker").add(order.wire().forOneWorker() ? "1" : "0");
        arguments.add("sticky").add(order.verb().sameWorkerOnly() ? "1" : "0");
        arguments.add("timeout_seconds").add(order.timeoutSeconds());
        arguments.add("issued_by").add(order.issuedBy());
        arguments.add("size").add(frameSize(order));
        arguments.add("dropped").add(new JsonArray(order.dropped()).encode());
    }

    /** Estimates the size of the command's frame in bytes. */
    private static long frameSize(CommandTicket.Order order) {
        CommandTicket.LibraryForm wire = order.wire();
        return ENVELOPE_BYTES
                + order.args().size()
                + wire.target().size()
                + wire.parameters().size();
    }

    @Override
    public Future<Optional<CommandTicket>> find(String projectId, int shards, String id) {
        List<Future<List<CommandTicket>>> reads = new ArrayList<>();
        for (int shard = 0; shard < shards; shard++) {
            reads.add(read(RedisKeys.Shard.of(projectId, shard), List.of(id)));
        }
        return Future.all(reads)
                .map(done ->
                        reads.stream().flatMap(read -> read.result().stream()).findFirst());
    }

    @Override
    public Future<Page> list(String projectId, int shards, Query query) {
        List<RedisKeys.Shard> all = IntStream.range(0, shards)
                .mapToObj(shard -> RedisKeys.Shard.of(projectId, shard))
                .toList();
        return CommandPages.read(line, all, query);
    }

    private Future<List<CommandTicket>> read(RedisKeys.Shard shard, List<String> ids) {
        List<Request> requests = new ArrayList<>();
        ids.forEach(id -> requests.add(record(shard, id)));
        return line.batch(requests).map(replies -> {
            List<CommandTicket> tickets = new ArrayList<>();
            for (int i = 0; i < ids.size(); i++) {
                ticket(ids.get(i), replies.get(i)).ifPresent(tickets::add);
            }
            return tickets;
        });
    }

    private static Request record(RedisKeys.Shard shard, String id) {
        return Request.cmd(Command.HGETALL).arg(shard.command(id));
    }

    private static Optional<CommandTicket> ticket(String id, Response reply) {
        HashFields hash = HashFields.of(reply);
        return hash.isEmpty() ? Optional.empty() : Optional.of(CommandRecords.read(id, hash));
    }

    @Override
    public Future<List<TimedOutCommand>> timeOutExpired() {
        return line.send(Arguments.evenIfFull(Command.SET, RedisKeys.SWEEPER)
                        .add(self)
                        .add("NX")
                        .add("PX")
                        .add(SWEEP_LEASE_MS)
                        .request())
                .compose(mine -> mine == null
                        ? Future.succeededFuture(Collections.<TimedOutCommand>emptyList())
                        : projects.all().compose(this::expire));
    }

    private Future<List<TimedOutCommand>> expire(List<Project> all) {
        List<Request> requests = new ArrayList<>();
        List<Project> owners = new ArrayList<>();
        for (Project project : all) {
            for (int shard = 0; shard < project.shards(); shard++) {
                RedisKeys.Shard keys = RedisKeys.Shard.of(project.id(), shard);
                owners.add(project);
                requests.add(Arguments.of(Script.COMMAND_EXPIRE, 1)
                        .add(keys.deadlines())
                        .add(keys.commandPrefix())
                        .add(keys.agentPrefix())
                        .add(SWEEP)
                        .add(StoreTuning.COMMAND_MEMORY.toMillis())
                        .add(RedisKeys.OPEN_COMMANDS)
                        .add(RedisKeys.WAITING_COMMANDS)
                        .add(RedisKeys.UNANSWERED_COMMANDS)
                        .add(RedisKeys.COMMAND_LOAD)
                        .request());
                requests.add(Request.cmd(Command.ZREMRANGEBYSCORE)
                        .arg(keys.commands())
                        .arg("-inf")
                        .arg(clock.millis() - 2 * StoreTuning.COMMAND_MEMORY.toMillis()));
            }
        }
        return line.batch(requests).map(replies -> {
            List<TimedOutCommand> expired = new ArrayList<>();
            for (int i = 0; i < owners.size(); i++) {
                Response timedOut = replies.get(2 * i);
                for (int j = 0; j < timedOut.size(); j += 3) {
                    expired.add(new TimedOutCommand(
                            timedOut.get(j).toString(),
                            owners.get(i).id(),
                            owners.get(i).slug(),
                            owners.get(i).shardOf(timedOut.get(j + 1).toString()),
                            timedOut.get(j + 1).toString(),
                            timedOut.get(j + 2).toString()));
                }
            }
            return expired;
        });
    }
}
