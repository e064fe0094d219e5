package dev.ganglion.api.project;

import dev.ganglion.api.request.Call;
import dev.ganglion.api.request.Operations;
import dev.ganglion.api.request.Reply;
import dev.ganglion.api.request.RestTimes;
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

/** REST operations for agents: enrolment, tokens, connected workers and connection history. */
final class AgentRoutes {
    private static final int DEFAULT_OVERLAP_SECONDS = 300;

    private final AgentStore agents;
    private final Presence presence;
    private final Journal journal;
    private final MasterSecrets masters;
    private final NodeBus nodes;
    private final Clock clock;

    AgentRoutes(ProjectServices.Agents services, NodeBus nodes, Clock clock) {
        this.agents = services.store();
        this.presence = services.presence();
        this.journal = services.journal();
        this.masters = services.masters();
        this.nodes = nodes;
        this.clock = clock;
    }

    void addTo(Operations operations) {
        operations.addPage("listAgents", this::list);
        operations.add("createAgent", this::create);
        operations.add("getAgent", this::get);
        operations.add("updateAgent", this::update);
        operations.add("revokeAgent", this::revoke);
        operations.add("rotateAgentToken", this::rotate);
        operations.addPage("listAgentWorkers", this::workers);
        operations.addPage("listAgentJournal", this::journal);
    }

    private Future<Reply> list(Call call) {
        String id = call.query("id");
        if (id != null) {
            return agents.find(call.project(), id)
                    .map(agent -> Reply.page(agent.stream().toList(), null, ProjectJson::agent));
        }
        return agents.list(call.project(), call.cursor(), call.limit())
                .map(page -> Reply.page(page.items(), page.nextCursor(), ProjectJson::agent));
    }

    private Future<Reply> create(Call call) {
        Project project = call.project();
        JsonObject body = call.body();
        Agent agent = new Agent(
                UUID.randomUUID().toString(),
                project.id(),
                body.getString("name"),
                body.getInteger("connection_cap"),
                clock.instant().truncatedTo(ChronoUnit.MILLIS));
        String token = KeyDerivation.newAgentToken();
        call.subject(agent.id());
        return agents.create(project, agent, masters.tokenHash(0, token)).map(done -> {
            notifyChanged(project);
            return Reply.created(credentials(project, agent, token));
        });
    }

    private Future<Reply> get(Call call) {
        return find(call).map(agent -> Reply.ok(ProjectJson.agent(agent)));
    }

    private Future<Reply> update(Call call) {
        Project project = call.project();
        JsonObject body = call.body();
        return find(call).compose(before -> {
            Agent after = before.withName(body.getString("name", before.name()))
                    .withConnectionCap(body.getInteger("connection_cap", before.connectionCap()));
            return agents.update(project, after).map(known -> {
                if (!known) {
                    throw unknown();
                }
                notifyChanged(project);
                return Reply.ok(ProjectJson.agent(after));
            });
        });
    }

    private Future<Reply> revoke(Call call) {
        String id = call.path("id");
        return agents.delete(call.project(), id).map(known -> {
            if (!known) {
                throw unknown();
            }
            nodes.broadcast(new NodeMessage.AgentRevoked(id));
            notifyChanged(call.project());
            return Reply.noContent();
        });
    }

    /**
     * Issues a new token. The reply also contains the secret that signs frames, because both change when the master
     * secret has changed.
     */
    private Future<Reply> rotate(Call call) {
        Project project = call.project();
        Duration overlap =
                Duration.ofSeconds(call.bodyOrEmpty().getInteger("overlap_seconds", DEFAULT_OVERLAP_SECONDS));
        return find(call).compose(agent -> {
            String token = KeyDerivation.newAgentToken();
            return agents.rotate(project, agent.id(), masters.tokenHash(0, token), overlap)
                    .map(expiry -> expiry.orElseThrow(AgentRoutes::unknown))
                    .map(expiry -> Reply.created(
                            credentials(project, agent, token).put("previous_valid_until", RestTimes.text(expiry))));
        });
    }

    private void notifyChanged(Project project) {
        nodes.changed(project.id(), ChangeNotice.Topic.AGENT);
    }

    /** Returns an agent with its new token and the secret that signs its frames. No other reply contains them. */
    private JsonObject credentials(Project project, Agent agent, String token) {
        return new JsonObject()
                .put("agent", ProjectJson.agent(agent))
                .put("token", token)
                .put("hmac_secret", KeyDerivation.secretText(masters.projectSecret(0, project.id())));
    }

    private Future<Reply> workers(Call call) {
        Project project = call.project();
        return find(call)
                .compose(agent -> presence.workers(project.id(), project.shardOf(agent.id()), agent.id()))
                .map(workers -> Reply.page(workers, null, ProjectJson::worker));
    }

    private Future<Reply> journal(Call call) {
        Project project = call.project();
        return find(call)
                .map(agent -> new JournalEntry.Agent(project.id(), project.shardOf(agent.id()), agent.id()))
                .compose(agent -> journal.read(agent, call.cursor(), call.limit()))
                .map(page -> Reply.rawPage(page.items(), page.nextCursor()));
    }

    private Future<Agent> find(Call call) {
        return agents.find(call.project(), call.path("id")).map(agent -> agent.orElseThrow(AgentRoutes::unknown));
    }

    private static GanglionException unknown() {
        return new GanglionException(ErrorCode.NOT_FOUND, "the project has no agent with this id", "id");
    }
}
