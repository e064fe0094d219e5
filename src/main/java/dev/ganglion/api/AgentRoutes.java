package dev.ganglion.api;

import dev.ganglion.api.request.Call;
import dev.ganglion.api.request.Reply;
import dev.ganglion.auth.Agent;
import dev.ganglion.auth.AgentStore;
import dev.ganglion.auth.MasterSecrets;
import dev.ganglion.auth.Project;
import dev.ganglion.bus.ChangeNotice;
import dev.ganglion.bus.NodeBus;
import dev.ganglion.bus.NodeMessage;
import dev.ganglion.journal.Journal;
import dev.ganglion.journal.JournalEntry;
import dev.ganglion.journal.Presence;
import dev.ganglion.protocol.KeyDerivation;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/** Agents over REST. */
final class AgentRoutes {
    private static final int DEFAULT_OVERLAP_SECONDS = 300;

    private final ProjectRoutes projects;
    private final AgentStore agents;
    private final Presence presence;
    private final Journal journal;
    private final MasterSecrets masters;
    private final NodeBus nodes;
    private final Clock clock;

    AgentRoutes(ProjectRoutes projects, ApiServices services) {
        this.projects = projects;
        this.agents = services.agents();
        this.presence = services.presence();
        this.journal = services.journal();
        this.masters = services.masters();
        this.nodes = services.nodes();
        this.clock = services.clock();
    }

    Future<Reply> list(Call call) {
        return projects.ofPath(call)
                .compose(project -> agents.list(project, call.cursor(), call.limit()))
                .map(page -> Reply.ok(ProjectJson.page(page.items(), page.nextCursor(), ProjectJson::agent)));
    }

    Future<Reply> create(Call call) {
        JsonObject body = call.body();
        return projects.ofPath(call).compose(project -> {
            Agent agent = new Agent(
                    UUID.randomUUID().toString(),
                    project.id(),
                    body.getString("name"),
                    body.getInteger("connection_cap"),
                    clock.instant().truncatedTo(ChronoUnit.MILLIS));
            String token = KeyDerivation.newAgentToken();
            call.subject(agent.id());
            return agents.create(project, agent, masters.tokenHash(0, token))
                    .map(done -> changed(project, Reply.created(minted(project, agent, token))));
        });
    }

    Future<Reply> get(Call call) {
        return projects.ofPath(call)
                .compose(project -> found(project, call))
                .map(agent -> Reply.ok(ProjectJson.agent(agent)));
    }

    Future<Reply> update(Call call) {
        JsonObject body = call.body();
        return projects.ofPath(call)
                .compose(project -> found(project, call).compose(before -> {
                    Agent after = before.withName(body.getString("name", before.name()))
                            .withConnectionCap(body.getInteger("connection_cap", before.connectionCap()));
                    return agents.update(project, after).map(known -> {
                        if (!known) {
                            throw unknown();
                        }
                        return changed(project, Reply.ok(ProjectJson.agent(after)));
                    });
                }));
    }

    Future<Reply> revoke(Call call) {
        return projects.ofPath(call)
                .compose(project -> agents.delete(project, call.path("id")).map(known -> {
                    if (!known) {
                        throw unknown();
                    }
                    nodes.broadcast(new NodeMessage.AgentRevoked(call.path("id")));
                    return changed(project, Reply.noContent());
                }));
    }

    /** The secret goes with the token: after a change of the master secret both are new. */
    Future<Reply> rotate(Call call) {
        Duration overlap =
                Duration.ofSeconds(call.bodyOrEmpty().getInteger("overlap_seconds", DEFAULT_OVERLAP_SECONDS));
        return projects.ofPath(call)
                .compose(project -> found(project, call).compose(agent -> {
                    String token = KeyDerivation.newAgentToken();
                    return agents.rotate(project, agent.id(), masters.tokenHash(0, token), overlap)
                            .map(end -> Reply.created(minted(project, agent, token)
                                    .put(
                                            "previous_valid_until",
                                            ProjectJson.time(end.orElseThrow(AgentRoutes::unknown)))));
                }));
    }

    private Reply changed(Project project, Reply reply) {
        nodes.changed(project.id(), ChangeNotice.Topic.AGENT);
        return reply;
    }

    private JsonObject minted(Project project, Agent agent, String token) {
        return new JsonObject()
                .put("agent", ProjectJson.agent(agent))
                .put("token", token)
                .put("hmac_secret", KeyDerivation.secretText(masters.projectSecret(0, project.id())));
    }

    Future<Reply> workers(Call call) {
        return projects.ofPath(call)
                .compose(project -> found(project, call)
                        .compose(agent -> presence.workers(project.id(), project.shardOf(agent.id()), agent.id())))
                .map(workers -> Reply.ok(ProjectJson.page(workers, null, ProjectJson::worker)));
    }

    Future<Reply> journal(Call call) {
        return projects.ofPath(call)
                .compose(project -> found(project, call)
                        .compose(agent -> journal.read(
                                new JournalEntry.Agent(project.id(), project.shardOf(agent.id()), agent.id()),
                                call.cursor(),
                                call.limit())))
                .map(page -> Reply.ok(EventRoutes.page(page.items(), page.nextCursor())));
    }

    private Future<Agent> found(Project project, Call call) {
        return agents.find(project, call.path("id")).map(agent -> agent.orElseThrow(AgentRoutes::unknown));
    }

    private static GanglionException unknown() {
        return new GanglionException(ErrorCode.NOT_FOUND, "the project has no agent with this id", "id");
    }
}
