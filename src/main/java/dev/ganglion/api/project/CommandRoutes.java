package dev.ganglion.api.project;

import dev.ganglion.api.request.Call;
import dev.ganglion.api.request.Operations;
import dev.ganglion.api.request.Reply;
import dev.ganglion.api.request.WaitingCalls;
import dev.ganglion.auth.AgentStore;
import dev.ganglion.auth.MasterSecrets;
import dev.ganglion.auth.Project;
import dev.ganglion.command.AgentCapabilities;
import dev.ganglion.command.CommandIssuer;
import dev.ganglion.command.CommandIssuer.CommandFacts;
import dev.ganglion.command.CommandStore;
import dev.ganglion.command.CommandStore.Place;
import dev.ganglion.command.CommandTicket;
import dev.ganglion.command.CommandWaits;
import dev.ganglion.command.TaskFacts;
import dev.ganglion.command.Verb;
import dev.ganglion.protocol.KeyDerivation;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** REST operations for commands. */
final class CommandRoutes {
    /** Largest number of tasks of a {@code bulk_retry} whose names and priorities are looked up. */
    private static final int MAX_LOOKED_UP = 1_000;

    private final CommandStore commands;
    private final CommandIssuer issuer;
    private final CommandWaits waits;
    private final AgentStore agents;
    private final MasterSecrets masters;
    private final TaskLookup tasks;
    private final CommandTargets targets;
    private final WaitingCalls waitingCalls;

    CommandRoutes(
            ProjectServices.Commands services,
            ProjectServices.Agents agents,
            TaskLookup tasks,
            WaitingCalls waitingCalls) {
        this.waitingCalls = waitingCalls;
        this.commands = services.store();
        this.issuer = services.issuer();
        this.waits = services.waits();
        this.agents = agents.store();
        this.masters = agents.masters();
        this.tasks = tasks;
        this.targets = new CommandTargets(agents.presence());
    }

    void addTo(Operations operations) {
        operations.addPage("listCommands", this::list);
        operations.add("getCommand", this::get);
        for (Verb verb : Verb.values()) {
            operations.addWithEarlyReads("issue:" + verb.route(), call -> issue(verb, call));
        }
    }

    /** Issues a command. It reads agents and tasks while the audit registers the call. */
    private Future<Reply> issue(Verb verb, Call call) {
        Project project = call.project();
        JsonObject body = CommandBody.of(call);
        return issuer.findRepeated(place(project, body.getString("agent_id")), verb, body)
                .compose(earlier -> earlier.isPresent()
                        ? Future.succeededFuture(earlier.get())
                        : issueNew(project, verb, body, call))
                .map(ticket -> {
                    call.subject(ticket.id());
                    return Reply.accepted(CommandJson.of(project.id(), ticket));
                });
    }

    private Future<CommandTicket> issueNew(Project project, Verb verb, JsonObject body, Call call) {
        String agentId = body.getString("agent_id");
        return agents.find(project, agentId)
                .map(found -> found.orElseThrow(() -> new GanglionException(
                        ErrorCode.NOT_FOUND, "agent_id: the project has no agent with this id", "agent_id")))
                .compose(agent -> targets.check(project, agent, verb, body))
                .compose(target -> facts(call, verb, body, target))
                .compose(facts -> call.registered()
                        .compose(registered -> issuer.issue(
                                place(project, agentId),
                                verb,
                                body,
                                facts,
                                call.principal().name())));
    }

    private Future<Reply> get(Call call) {
        String id = call.path("id");
        int seconds = call.number("wait", 0);
        Project project = call.project();
        // Register the wait before reading the state, so that an end in between is not missed.
        CommandWaits.Wait end = waits.await(id, Duration.ofSeconds(seconds));
        return call.readingItem(() -> find(project, id))
                .compose(ticket -> {
                    if (ticket.state().isFinal() || seconds == 0) {
                        return Future.succeededFuture(ticket);
                    }
                    call.forgetRead();
                    return waitingCalls
                            .whileAdmitted(call, end.done())
                            .compose(over -> call.readingItem(() -> find(project, id)));
                })
                .onComplete(done -> end.cancel())
                .map(ticket -> Reply.ok(CommandJson.of(project.id(), ticket)));
    }

    private Future<Reply> list(Call call) {
        CommandStore.Query query =
                new CommandStore.Query(call.list("status"), call.query("agent_id"), call.cursor(), call.limit());
        Project project = call.project();
        return commands.list(project.id(), project.shards(), query)
                .map(page ->
                        Reply.rawPage(page.items(), page.nextCursor(), ticket -> CommandJson.of(project.id(), ticket)));
    }

    private Future<CommandTicket> find(Project project, String id) {
        return commands.find(project.id(), project.shards(), id)
                .map(ticket -> ticket.orElseThrow(() ->
                        new GanglionException(ErrorCode.NOT_FOUND, "the project has no command with this id", "id")));
    }

    private static Place place(Project project, String agentId) {
        return new Place(project.id(), project.shards(), project.shardOf(agentId));
    }

    private Future<CommandFacts> facts(Call call, Verb verb, JsonObject body, CommandTargets.Target target) {
        Project project = call.project();
        AgentCapabilities capabilities = target.capabilities();
        String engine = target.engine();
        if (verb == Verb.RETRY_TASK && engine != null) {
            return call.readingPage(() -> tasks.facts(project, engine, body.getString("task_id")))
                    .map(task -> new CommandFacts(capabilities, engine, task, Map.of(), null));
        } else if (verb == Verb.BULK_RETRY && engine != null) {
            return call.readingPage(() -> tasks.all(project, engine, taskIds(body)))
                    .map(known -> new CommandFacts(capabilities, engine, TaskFacts.NONE, known, null));
        } else if (verb == Verb.PURGE_QUEUE && engine != null) {
            return confirmToken(project, body, engine)
                    .map(token -> new CommandFacts(capabilities, engine, token.orElse(null)));
        }
        return Future.succeededFuture(new CommandFacts(capabilities, engine, null));
    }

    /** Returns the distinct task ids of a filter. The agent evaluates all other members of the filter. */
    private static List<String> taskIds(JsonObject body) {
        JsonObject filter = body.getJsonObject("filter");
        if (filter == null || !(filter.getValue("task_ids") instanceof JsonArray ids)) {
            return List.of();
        }
        return ids.stream()
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .distinct()
                .limit(MAX_LOOKED_UP)
                .toList();
    }

    /**
     * Creates the confirmation token for the queue depth that is known now. The agent rejects the command if the queue
     * has another depth when the command arrives. Empty if no depth is known.
     */
    private Future<Optional<String>> confirmToken(Project project, JsonObject body, String engine) {
        String agentId = body.getString("agent_id");
        String queue = body.getString("queue");
        return commands.queueDepth(place(project, agentId), agentId, engine, queue)
                .map(depth -> depth.isEmpty()
                        ? Optional.empty()
                        : Optional.of(KeyDerivation.purgeToken(
                                masters.projectSecret(0, project.id()), queue, depth.getAsLong())));
    }
}
