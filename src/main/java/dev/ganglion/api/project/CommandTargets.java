package dev.ganglion.api.project;

import dev.ganglion.auth.Agent;
import dev.ganglion.auth.Project;
import dev.ganglion.command.AgentCapabilities;
import dev.ganglion.command.AgentSessions;
import dev.ganglion.command.Verb;
import dev.ganglion.journal.Presence;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds the engine of a command, and checks that the agent has sessions for the engine and the named worker. */
final class CommandTargets {
    private final Presence presence;

    CommandTargets(Presence presence) {
        this.presence = presence;
    }

    /**
     * What a command is for.
     *
     * @param capabilities engines and actions of the agent
     * @param engine the engine of the command; null if the agent's engines are unknown
     */
    record Target(AgentCapabilities capabilities, @Nullable String engine) {}

    /**
     * Finds the target of a command. Reads the agent's sessions only if its record cannot tell that one of them fits.
     *
     * @throws dev.ganglion.protocol.error.GanglionException (also in the future) {@code engine_required}, or {@code
     *     validation_failed} if no session could ever receive the command
     */
    Future<Target> check(Project project, Agent agent, Verb verb, JsonObject body) {
        AgentCapabilities capabilities = capabilities(agent);
        String engine = capabilities.engine(verb, body);
        String worker = verb.namesWorker() ? body.getString("worker_name") : null;
        Target target = new Target(capabilities, engine);
        if (worker == null && capabilities.hasEngine(engine)) {
            return Future.succeededFuture(target);
        }
        return presence.workers(project.id(), project.shardOf(agent.id()), agent.id())
                .map(workers -> {
                    AgentSessions sessions = sessions(agent, workers);
                    if (!capabilities.hasEngine(engine)) {
                        sessions.checkEngine(engine);
                    }
                    if (worker != null) {
                        sessions.checkWorker(engine, worker);
                    }
                    return target;
                });
    }

    private static AgentSessions sessions(Agent agent, List<Presence.Worker> workers) {
        Set<String> others = new TreeSet<>(agent.connectivity().recentEngines());
        if (workers.isEmpty()) {
            StoredJson.engines(agent).forEach(engine -> others.add(String.valueOf(engine)));
        }
        return new AgentSessions(
                workers.stream()
                        .map(worker -> new AgentSessions.Session(
                                worker.workerId(),
                                worker.longPoll(),
                                worker.process().host(),
                                worker.process().features().engines(),
                                worker.process().reportedWorkers()))
                        .toList(),
                others);
    }

    private static AgentCapabilities capabilities(Agent agent) {
        Agent.About about = agent.about();
        JsonArray engines = StoredJson.engines(agent);
        return new AgentCapabilities(
                engines, about == null ? new JsonObject() : StoredJson.object(about.capabilities()));
    }
}
