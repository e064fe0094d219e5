package dev.ganglion.api;

import dev.ganglion.api.request.Call;
import dev.ganglion.api.request.Reply;
import dev.ganglion.auth.Agent;
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
    /** Largest number of tasks of a bulk_retry whose names and priorities are looked up. */
    private static final int MAX_LOOKED_UP = 1_000;

    private final ProjectRoutes projects;
    private final AgentStore agents;
    private final CommandStore commands;
    private final CommandIssuer desk;
    private final CommandWaits watch;
    private final TaskLookup tasks;
    private final MasterSecrets masters;

    CommandRoutes(ProjectRoutes projects, ApiServices services) {
        this.projects = projects;
        this.agents = services.agents();
        this.commands = services.commands();
        this.desk = services.commandDesk();
        this.watch = services.commandWatch();
        this.masters = services.masters();
        this.tasks = new TaskLookup(services.events(), services.projected().tasks());
    }

    /** Issues a command. It reads agents and tasks while the audit registers the call. */
    Future<Reply> issue(Verb verb, Call call) {
        JsonObject body = CommandBody.of(call);
        return projects.ofPath(call)
                .compose(project -> desk.findRepeated(place(project, body.getString("agent_id")), verb, body)
                        .compose(earlier -> earlier.isPresent()
                                ? Future.succeededFuture(earlier.get())
                                : issue(project, verb, body, call))
                        .map(ticket -> {
                            call.subject(ticket.id());
                            return new Reply(202, CommandView.of(project.id(), ticket));
                        }));
    }

    private Future<CommandTicket> issue(Project project, Verb verb, JsonObject body, Call call) {
        String agentId = body.getString("agent_id");
        return agents.find(project, agentId)
                .map(found -> found.orElseThrow(() -> new GanglionException(
                        ErrorCode.NOT_FOUND, "agent_id: the project has no agent with this id", "agent_id")))
                .compose(agent -> known(project, verb, body, abilities(agent)))
                .compose(known -> call.registered()
                        .compose(noted -> desk.issue(
                                place(project, agentId),
                                verb,
                                body,
                                known,
                                call.principal().name())));
    }

    Future<Reply> get(Call call) {
        String id = call.path("id");
        int seconds = call.number("wait", 0);
        return projects.ofPath(call).compose(project -> {
            // Register the wait before reading the state, so that an end in between is not missed.
            CommandWaits.Wait end = watch.await(id, Duration.ofSeconds(seconds));
            return found(project, id)
                    .compose(ticket -> ticket.state().isFinal() || seconds == 0
                            ? Future.succeededFuture(ticket)
                            : end.done().compose(over -> found(project, id)))
                    .onComplete(done -> end.cancel())
                    .map(ticket -> Reply.ok(CommandView.of(project.id(), ticket)));
        });
    }

    Future<Reply> list(Call call) {
        CommandStore.Query query =
                new CommandStore.Query(call.query("status"), call.query("agent_id"), call.cursor(), call.limit());
        return projects.ofPath(call)
                .compose(project -> commands.list(project.id(), project.shards(), query)
                        .map(page -> Reply.ok(CommandView.page(project.id(), page))));
    }

    private Future<CommandTicket> found(Project project, String id) {
        return commands.find(project.id(), project.shards(), id)
                .map(ticket -> ticket.orElseThrow(() ->
                        new GanglionException(ErrorCode.NOT_FOUND, "the project has no command with this id", "id")));
    }

    private static Place place(Project project, String agentId) {
        return new Place(project.id(), project.shards(), project.shardOf(agentId));
    }

    private Future<CommandFacts> known(Project project, Verb verb, JsonObject body, AgentCapabilities abilities) {
        String engine = abilities.engine(verb, body);
        if (verb == Verb.RETRY_TASK && engine != null) {
            return tasks.facts(project, engine, body.getString("task_id"))
                    .map(task -> new CommandFacts(abilities, engine, task, Map.of(), null));
        } else if (verb == Verb.BULK_RETRY && engine != null) {
            return tasks.all(project, engine, taskIds(body))
                    .map(known -> new CommandFacts(abilities, engine, TaskFacts.NONE, known, null));
        } else if (verb == Verb.PURGE_QUEUE && engine != null) {
            return confirmToken(project, body, engine)
                    .map(token -> new CommandFacts(abilities, engine, token.orElse(null)));
        }
        return Future.succeededFuture(new CommandFacts(abilities, engine, null));
    }

    /** Returns the distinct task ids of a filter. The agent judges all other members of the filter. */
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

    private static AgentCapabilities abilities(Agent agent) {
        Agent.About about = agent.about();
        return new AgentCapabilities(
                AgentJson.engines(agent), about == null ? new JsonObject() : AgentJson.object(about.capabilities()));
    }
}
