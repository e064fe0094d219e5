package dev.ganglion.api.project;

import dev.ganglion.api.request.Call;
import dev.ganglion.api.request.Operations;
import dev.ganglion.api.request.Reply;
import dev.ganglion.auth.Agent;
import dev.ganglion.auth.AgentStore;
import dev.ganglion.auth.Project;
import dev.ganglion.auth.ProjectStore;
import dev.ganglion.auth.people.Principal;
import dev.ganglion.bus.NodeBus;
import dev.ganglion.bus.NodeMessage;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/** REST operations for projects. */
final class ProjectRoutes {
    private static final int DELETE_PAGE = 100;

    private final ProjectStore projects;
    private final AgentStore agents;
    private final NodeBus nodes;
    private final Clock clock;

    ProjectRoutes(ProjectStore projects, AgentStore agents, NodeBus nodes, Clock clock) {
        this.projects = projects;
        this.agents = agents;
        this.nodes = nodes;
        this.clock = clock;
    }

    void addTo(Operations operations) {
        operations.addPage("listProjects", this::list);
        operations.add("createProject", this::create);
        operations.add("getProject", this::get);
        operations.add("updateProject", this::update);
        operations.add("deleteProject", this::delete);
    }

    /** Lists the projects that the caller may see. */
    private Future<Reply> list(Call call) {
        Principal caller = call.principal();
        return (caller.seesAll()
                        ? projects.list(call.cursor(), call.limit())
                        : projects.listOf(caller.roles().keySet(), call.cursor(), call.limit()))
                .map(page -> Reply.page(page.items(), page.nextCursor(), ProjectJson::project));
    }

    private Future<Reply> create(Call call) {
        JsonObject body = call.body();
        Project project = new Project(
                UUID.randomUUID().toString(),
                body.getString("slug"),
                body.getString("name"),
                body.getInteger("connection_cap"),
                body.getInteger("shards", 1),
                clock.instant().truncatedTo(ChronoUnit.MILLIS));
        call.subject(project.slug());
        return projects.create(project).map(made -> Reply.created(ProjectJson.project(made)));
    }

    private Future<Reply> get(Call call) {
        return Future.succeededFuture(Reply.ok(ProjectJson.project(call.project())));
    }

    private Future<Reply> update(Call call) {
        JsonObject body = call.body();
        Project before = call.project();
        Project after = before.withName(body.getString("name", before.name()))
                .withConnectionCap(body.getInteger("connection_cap", before.connectionCap()));
        return projects.update(after).map(done -> Reply.ok(ProjectJson.project(after)));
    }

    private Future<Reply> delete(Call call) {
        Project project = call.project();
        return revokeAgents(project)
                .compose(revoked -> projects.delete(project))
                .map(done -> {
                    nodes.broadcast(new NodeMessage.AccessChanged(project.id()));
                    return Reply.noContent();
                });
    }

    private Future<Void> revokeAgents(Project project) {
        return agents.list(project, null, DELETE_PAGE).compose(page -> {
            if (page.items().isEmpty()) {
                return Future.succeededFuture();
            }
            Future<Void> all = Future.succeededFuture();
            for (Agent agent : page.items()) {
                all = all.compose(done -> agents.delete(project, agent.id()).map(deleted -> {
                    nodes.broadcast(new NodeMessage.AgentRevoked(agent.id()));
                    return null;
                }));
            }
            return all.compose(done -> revokeAgents(project));
        });
    }
}
