package dev.ganglion.api.project;

import dev.ganglion.auth.AgentStore;
import dev.ganglion.auth.MasterSecrets;
import dev.ganglion.auth.ProjectStore;
import dev.ganglion.command.CommandIssuer;
import dev.ganglion.command.CommandStore;
import dev.ganglion.command.CommandWaits;
import dev.ganglion.event.EventStore;
import dev.ganglion.event.RejectedEventStore;
import dev.ganglion.journal.Journal;
import dev.ganglion.journal.Presence;
import dev.ganglion.projection.engine.EngineStore;
import dev.ganglion.projection.engine.RegistryStore;
import dev.ganglion.projection.run.TaskStore;

/**
 * The services that the operations of projects use.
 *
 * @param projects stores projects
 * @param agents services for agents
 * @param events services for stored events
 * @param projections services for the data that events and agents report
 * @param commands services for commands
 */
public record ProjectServices(
        ProjectStore projects, Agents agents, Events events, Projections projections, Commands commands) {

    /**
     * Services for agents.
     *
     * @param store stores agents
     * @param presence lists the connected workers of an agent
     * @param journal stores the connection history of agents
     * @param masters derives the secrets of projects and the hashes of tokens
     */
    public record Agents(AgentStore store, Presence presence, Journal journal, MasterSecrets masters) {}

    /**
     * Services for stored events.
     *
     * @param accepted stores events
     * @param rejected stores events that broke a rule
     */
    public record Events(EventStore accepted, RejectedEventStore rejected) {}

    /**
     * Services for the data that events and agents report.
     *
     * @param tasks stores projected tasks
     * @param engines stores engine workers, queues and counters
     * @param registry stores the task names that agents announced
     */
    public record Projections(TaskStore tasks, EngineStore engines, RegistryStore registry) {}

    /**
     * Services for commands.
     *
     * @param store stores commands
     * @param issuer issues new commands
     * @param waits lets callers wait for the end of a command
     */
    public record Commands(CommandStore store, CommandIssuer issuer, CommandWaits waits) {}
}
