package dev.ganglion.command;

import dev.ganglion.bus.ChangeNotice;
import dev.ganglion.bus.LaneMessage.DeliverCommands;
import dev.ganglion.bus.NodeBus;
import dev.ganglion.bus.NodeMessage;
import dev.ganglion.cluster.SlotDirectory;
import dev.ganglion.command.CommandStore.Place;
import dev.ganglion.command.CommandStore.Reserved;
import dev.ganglion.protocol.Digests;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import dev.ganglion.protocol.json.Json;
import dev.ganglion.telemetry.BrainMetrics;
import dev.ganglion.telemetry.Ticker;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Issues operators' commands: checks them against the agent's capabilities, stores them, and wakes the agent's lane.
 */
public final class CommandIssuer {
    /** Says in {@code issued_by} that the brain itself issued a command. */
    public static final String BRAIN = "brain";

    private static final CommandStore.OwnLimits OWN_LIMITS = new CommandStore.OwnLimits(4, 30, 100);
    private static final Set<String> NOT_ARGUMENTS = Set.of("agent_id", "idempotency_key", "timeout_seconds");
    private static final List<String> RESERVED_ARGUMENTS = List.of("task_names", "task_priorities", "overrides");
    private static final Logger LOG = LoggerFactory.getLogger(CommandIssuer.class);
    private static final int DEFAULT_TIMEOUT_SECONDS = 60;

    private final CommandStore store;
    private final NodeBus nodes;
    private final SlotDirectory slots;
    private final Clock clock;
    private final Ticker ticker;
    private final BrainMetrics metrics;

    /**
     * Creates an issuer.
     *
     * @param nodes event bus to all nodes
     * @param slots directory that maps agents to the nodes that hold them
     * @param clock wall time, for the start time of delayed retries
     * @param ticker monotonic time, for the metric
     * @param metrics receives the time that other nodes take to confirm a wake-up
     */
    public CommandIssuer(
            CommandStore store, NodeBus nodes, SlotDirectory slots, Clock clock, Ticker ticker, BrainMetrics metrics) {
        this.store = store;
        this.nodes = nodes;
        this.slots = slots;
        this.clock = clock;
        this.ticker = ticker;
        this.metrics = metrics;
    }

    /**
     * Facts about the agent and its tasks at the time when a command is issued.
     *
     * @param capabilities engines and actions of the agent
     * @param engine the engine that the command is for; null if the agent's engines are unknown
     * @param task facts about the task of a {@code retry_task}
     * @param tasks facts about the known tasks of a {@code bulk_retry}, by task id
     * @param confirmToken token that the agent requires before it purges the queue; null if the brain cannot compute it
     */
    public record CommandFacts(
            AgentCapabilities capabilities,
            @Nullable String engine,
            TaskFacts task,
            Map<String, TaskFacts> tasks,
            @Nullable String confirmToken) {

        /** Facts for a command that retries no task. */
        public CommandFacts(AgentCapabilities capabilities, @Nullable String engine, @Nullable String confirmToken) {
            this(capabilities, engine, TaskFacts.NONE, Map.of(), confirmToken);
        }
    }

    /**
     * Finds the command that an operator issued before with the same idempotency key and the same body. The answer to a
     * repeated request is that command, even if its agent was deleted or changed since.
     *
     * @param body a body that the route's schema allows
     */
    public Future<Optional<CommandTicket>> findRepeated(Place place, Verb verb, JsonObject body) {
        String key = body.getString("idempotency_key");
        if (key == null) {
            return Future.succeededFuture(Optional.empty());
        }
        return store.reserved(place.projectId(), key)
                .compose(before -> before.isPresent() && before.get().bodyHash().equals(hash(verb, body))
                        ? store.find(
                                place.projectId(), place.shards(), before.get().commandId())
                        : Future.succeededFuture(Optional.empty()))
                .compose(found -> found.isPresent()
                        ? returnEarlier(place, found.get()).map(Optional::of)
                        : Future.succeededFuture(found));
    }

    /**
     * Issues a command.
     *
     * @param body a body that the route's schema allows
     * @throws GanglionException (in the future) {@code not_found}, {@code override_required}, or {@code conflict} if
     *     the idempotency key belongs to another body
     */
    public Future<CommandTicket> issue(Place place, Verb verb, JsonObject body, CommandFacts known, String issuedBy) {
        CommandTicket.Order order = order(verb, body.copy(), known, issuedBy);
        String id = UUID.randomUUID().toString();
        String key = body.getString("idempotency_key");
        if (key == null) {
            return storeAndWake(place, id, order);
        }
        Reserved wanted = new Reserved(id, hash(verb, body));
        return store.reserve(place.projectId(), key, wanted).compose(before -> {
            if (before.isEmpty()) {
                return storeAndWake(place, id, order);
            } else if (!before.get().bodyHash().equals(wanted.bodyHash())) {
                return Future.failedFuture(new GanglionException(
                        ErrorCode.CONFLICT,
                        "idempotency_key: belongs to another command; choose a new key",
                        "idempotency_key"));
            }
            // The key is reserved, but the command may be missing: the node that reserved the key may have died before
            // it stored the command. In that case, store the command now.
            String same = before.get().commandId();
            return store.find(place.projectId(), place.shards(), same)
                    .compose(found ->
                            found.isPresent() ? returnEarlier(place, found.get()) : storeAndWake(place, same, order));
        });
    }

    /**
     * Issues a command of the brain itself. It waits behind all commands of operators.
     *
     * @param id id of the command. A command that exists under this id is not issued again
     * @param body fields of the command, as an operator would give them
     * @param engine the engine that the command is for
     */
    public Future<CommandStore.OwnIssue> issueOwn(Place place, String id, Verb verb, JsonObject body, String engine) {
        CommandFacts facts = new CommandFacts(new AgentCapabilities(new JsonArray(), new JsonObject()), engine, null);
        CommandTicket.Order order = order(verb, body, facts, BRAIN);
        Future<Set<String>> owners = owners(order.agentId());
        return store.issueOwn(place, id, order, OWN_LIMITS).onSuccess(issued -> {
            if (issued == CommandStore.OwnIssue.STORED) {
                wake(place, order.agentId(), owners);
                nodes.changed(place.projectId(), ChangeNotice.Topic.COMMAND);
            }
        });
    }

    /**
     * Returns a command that was stored before. Wakes the lane again, since the first node may have died or lost the
     * store before it did so.
     */
    private Future<CommandTicket> returnEarlier(Place place, CommandTicket ticket) {
        if (!ticket.state().isFinal()) {
            String agentId = ticket.order().agentId();
            wake(place, agentId, owners(agentId));
        }
        return Future.succeededFuture(ticket);
    }

    private Future<CommandTicket> storeAndWake(Place place, String id, CommandTicket.Order order) {
        // This look-up runs while the store writes. If the agent moves meanwhile, its former node forwards the wake-up.
        Future<Set<String>> owners = owners(order.agentId());
        return store.issue(place, id, order)
                // Also after a failure: the store may have written the command although its answer was lost.
                .onComplete(done -> wake(place, order.agentId(), owners))
                .map(kept -> kept.orElseThrow(() -> new GanglionException(
                        ErrorCode.NOT_FOUND, "agent_id: the project has no agent with this id", "agent_id")))
                .onSuccess(kept -> nodes.changed(place.projectId(), ChangeNotice.Topic.COMMAND));
    }

    /**
     * Wakes the lane on a node that holds the agent. If the directory knows no such node, this node's lane looks the
     * agent up in the store. If the node does not answer, the issuer looks the owner up once more. If that fails too, the
     * command waits until the agent connects again.
     */
    private void wake(Place place, String agentId, Future<Set<String>> owners) {
        var waiting =
                new NodeMessage.CommandsWaiting(DeliverCommands.waitingOnly(place.projectId(), place.shard(), agentId));
        wakeOwner(owners, waiting)
                .onFailure(first -> wakeOwner(owners(agentId), waiting).onFailure(second -> {
                    LOG.atDebug()
                            .setCause(second)
                            .addKeyValue("agentId", agentId)
                            .log("The agent's node did not answer the wake-up; this node's lane handles it");
                    nodes.deliverLocally(waiting);
                }));
    }

    private Future<Set<String>> owners(String agentId) {
        return slots.nodesOf(agentId).otherwise(Set.of());
    }

    private Future<Void> wakeOwner(Future<Set<String>> owners, NodeMessage waiting) {
        return owners.compose(all -> {
            String self = nodes.self();
            String owner =
                    all.isEmpty() || all.contains(self) ? self : all.iterator().next();
            long asked = ticker.nanos();
            Future<Void> answered = nodes.request(owner, waiting);
            return owner.equals(self) ? answered : answered.onSuccess(v -> metrics.commandHop(ticker.nanos() - asked));
        });
    }

    private CommandTicket.Order order(Verb verb, JsonObject body, CommandFacts known, String issuedBy) {
        List<String> dropped = new ArrayList<>();
        if (verb == Verb.BULK_RETRY) {
            for (String name : RESERVED_ARGUMENTS) {
                drop(body, name, name, dropped);
                drop(body.getJsonObject("filter"), name, "filter." + name, dropped);
            }
        }
        if (verb == Verb.RETRY_TASK) {
            checkOverrides(body, known);
        }
        JsonObject args = new JsonObject();
        body.forEach(entry -> {
            if (!NOT_ARGUMENTS.contains(entry.getKey())) {
                args.put(entry.getKey(), entry.getValue());
            }
        });
        return new CommandTicket.Order(
                body.getString("agent_id"),
                verb,
                Json.parse(args.encode()),
                LibraryFormat.of(verb, body, new LibraryFormat.Input(known, clock.instant())),
                body.getInteger("timeout_seconds", DEFAULT_TIMEOUT_SECONDS),
                issuedBy,
                dropped);
    }

    private static void drop(JsonObject from, String name, String path, List<String> dropped) {
        if (from.containsKey(name)) {
            from.remove(name);
            dropped.add(path);
        }
    }

    /**
     * Rejects a retry without both overrides for an engine that cannot retry. The agent then runs the task as a new one
     * and needs all arguments, but the stored arguments are redacted.
     */
    private static void checkOverrides(JsonObject body, CommandFacts known) {
        if (!known.capabilities().lacksAction(known.engine(), Verb.RETRY_TASK)) {
            return;
        }
        for (String field : List.of("override_args", "override_kwargs")) {
            if (body.getValue(field) == null) {
                throw new GanglionException(
                        ErrorCode.OVERRIDE_REQUIRED,
                        field + ": required, because " + known.engine()
                                + " cannot retry tasks; set override_args and override_kwargs",
                        field);
            }
        }
    }

    private static String hash(Verb verb, JsonObject body) {
        return Digests.sha256Hex(verb.wireName() + Json.parse(body.encode()).text());
    }
}
