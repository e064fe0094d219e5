package dev.ganglion.command;

import dev.ganglion.bus.Change;
import dev.ganglion.bus.LaneMessage.DeliverCommands;
import dev.ganglion.bus.NodeBus;
import dev.ganglion.bus.NodeMessage;
import dev.ganglion.cluster.SlotDirectory;
import dev.ganglion.command.CommandStore.Place;
import dev.ganglion.command.CommandStore.Reserved;
import dev.ganglion.protocol.ErrorCode;
import dev.ganglion.protocol.GanglionException;
import dev.ganglion.protocol.Json;
import dev.ganglion.telemetry.BrainMetrics;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes commands from operators: checks them against the agent, keeps them, and wakes the agent's lane. */
public final class CommandDesk {
    private static final Set<String> NOT_ARGUMENTS = Set.of("agent_id", "idempotency_key", "timeout_seconds");
    private static final List<String> NOT_FOR_CLIENTS = List.of("task_names", "task_priorities", "overrides");
    private static final Logger LOG = LoggerFactory.getLogger(CommandDesk.class);
    private static final int DEFAULT_TIMEOUT_SECONDS = 60;

    private final CommandStore store;
    private final NodeBus nodes;
    private final SlotDirectory slots;
    private final String self;
    private final Clock clock;
    private final BrainMetrics metrics;

    /**
     * A desk.
     *
     * @param self this node
     * @param nodes the way to all nodes
     * @param slots says which node holds an agent
     * @param metrics learns how long other nodes take to be told
     */
    public CommandDesk(
            CommandStore store, String self, NodeBus nodes, SlotDirectory slots, Clock clock, BrainMetrics metrics) {
        this.store = store;
        this.self = self;
        this.nodes = nodes;
        this.slots = slots;
        this.clock = clock;
        this.metrics = metrics;
    }

    /**
     * What is known where a command is issued.
     *
     * @param abilities what the agent can do
     * @param engine the engine that the command is for; null while none is known
     * @param task the task that is to be retried
     * @param tasks of several that are to be retried, those that are known, by id
     * @param confirmToken what the agent asks for before it purges the queue; null when the brain cannot tell
     */
    public record Known(
            Abilities abilities,
            @Nullable String engine,
            TaskFacts task,
            Map<String, TaskFacts> tasks,
            @Nullable String confirmToken) {

        /** Where no task is to be retried. */
        public Known(Abilities abilities, @Nullable String engine, @Nullable String confirmToken) {
            this(abilities, engine, TaskFacts.NONE, Map.of(), confirmToken);
        }
    }

    /**
     * What was issued before with this idempotency key and this very body, if anything: it is the answer again whatever
     * became of its agent since.
     *
     * @param body a body that the route's schema allows
     */
    public Future<Optional<CommandTicket>> earlier(Place place, Verb verb, JsonObject body) {
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
                        ? again(place, found.get()).map(Optional::of)
                        : Future.succeededFuture(found));
    }

    /**
     * Issues a command.
     *
     * @param body a body that the route's schema allows
     * @throws GanglionException (in the future) {@code not_found}, {@code override_required}, or {@code conflict} for an idempotency key that stands for another body
     */
    public Future<CommandTicket> issue(Place place, Verb verb, JsonObject body, Known known, String issuedBy) {
        CommandTicket.Order order = order(verb, body.copy(), known, issuedBy);
        String id = UUID.randomUUID().toString();
        String key = body.getString("idempotency_key");
        if (key == null) {
            return keep(place, id, order);
        }
        Reserved wanted = new Reserved(id, hash(verb, body));
        return store.reserve(place.projectId(), key, wanted).compose(before -> {
            if (before.isEmpty()) {
                return keep(place, id, order);
            } else if (!before.get().bodyHash().equals(wanted.bodyHash())) {
                return Future.failedFuture(new GanglionException(
                        ErrorCode.CONFLICT,
                        "idempotency_key: stands for another command, choose a new one",
                        "idempotency_key"));
            }
            // Reserved and not kept: the node that reserved it died in between, and the command is kept now.
            String same = before.get().commandId();
            return store.find(place.projectId(), place.shards(), same)
                    .compose(found -> found.isPresent() ? again(place, found.get()) : keep(place, same, order));
        });
    }

    /** Kept before, by a node that may have died, or lost the store, before it woke the lane. */
    private Future<CommandTicket> again(Place place, CommandTicket ticket) {
        if (!ticket.state().isFinal()) {
            String agentId = ticket.order().agentId();
            wake(place, agentId, owners(agentId));
        }
        return Future.succeededFuture(ticket);
    }

    private Future<CommandTicket> keep(Place place, String id, CommandTicket.Order order) {
        // Looked up while the store keeps it: a node that has lost the agent by then passes it on.
        Future<Set<String>> owners = owners(order.agentId());
        return store.issue(place, id, order)
                // Also after a failure: the store may have kept it and only the answer was lost.
                .onComplete(done -> wake(place, order.agentId(), owners))
                .map(kept -> kept.orElseThrow(() -> new GanglionException(
                        ErrorCode.NOT_FOUND, "agent_id: the project has no agent of this id", "agent_id")))
                .onSuccess(kept -> nodes.changed(place.projectId(), Change.Topic.COMMAND));
    }

    /**
     * Tells the nodes that hold the agent, or this one when nobody is known to: its lane asks the store who does. When
     * none of them answers the owner is looked up once more, and the rest is left to the agent's return.
     */
    private void wake(Place place, String agentId, Future<Set<String>> owners) {
        var waiting =
                new NodeMessage.CommandsWaiting(DeliverCommands.thatWait(place.projectId(), place.shard(), agentId));
        tellOwner(owners, waiting)
                .onFailure(first -> tellOwner(owners(agentId), waiting).onFailure(second -> {
                    LOG.atDebug()
                            .setCause(second)
                            .addKeyValue("agentId", agentId)
                            .log("the agent's node does not answer");
                    nodes.tellSelf(waiting);
                }));
    }

    private Future<Set<String>> owners(String agentId) {
        return slots.nodesOf(agentId).otherwise(Set.of());
    }

    private Future<Void> tellOwner(Future<Set<String>> owners, NodeMessage waiting) {
        return owners.compose(all -> {
            String owner =
                    all.isEmpty() || all.contains(self) ? self : all.iterator().next();
            long asked = System.nanoTime();
            Future<Void> told = nodes.ask(owner, waiting);
            return owner.equals(self) ? told : told.onSuccess(v -> metrics.commandHop(System.nanoTime() - asked));
        });
    }

    private CommandTicket.Order order(Verb verb, JsonObject body, Known known, String issuedBy) {
        List<String> dropped = new ArrayList<>();
        if (verb == Verb.BULK_RETRY) {
            for (String name : NOT_FOR_CLIENTS) {
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
                LibraryWords.of(verb, body, new LibraryWords.Given(known, clock.instant())),
                body.getInteger("timeout_seconds", DEFAULT_TIMEOUT_SECONDS),
                issuedBy,
                dropped);
    }

    private static void drop(JsonObject from, String name, String said, List<String> dropped) {
        if (from.containsKey(name)) {
            from.remove(name);
            dropped.add(said);
        }
    }

    /** An agent runs a task anew where its engine cannot retry, and needs all arguments for it: stored ones are redacted. */
    private static void checkOverrides(JsonObject body, Known known) {
        if (!known.abilities().lacks(known.engine(), Verb.RETRY_TASK)) {
            return;
        }
        for (String field : List.of("override_args", "override_kwargs")) {
            if (body.getValue(field) == null) {
                throw new GanglionException(
                        ErrorCode.OVERRIDE_REQUIRED,
                        field + ": is required, " + known.engine() + " has no retry of its own; give both overrides",
                        field);
            }
        }
    }

    private static String hash(Verb verb, JsonObject body) {
        String text = verb.wireName() + Json.parse(body.encode()).text();
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }
}
