package dev.ganglion.api;

import dev.ganglion.api.request.PeopleServices;
import dev.ganglion.auth.AgentStore;
import dev.ganglion.auth.MasterSecrets;
import dev.ganglion.auth.ProjectStore;
import dev.ganglion.auth.people.AdminKey;
import dev.ganglion.bus.NodeBus;
import dev.ganglion.cluster.Membership;
import dev.ganglion.cluster.SlotDirectory;
import dev.ganglion.command.CommandIssuer;
import dev.ganglion.command.CommandStore;
import dev.ganglion.command.CommandWaits;
import dev.ganglion.config.AgentConfig;
import dev.ganglion.config.value.Secret;
import dev.ganglion.event.EventStore;
import dev.ganglion.event.RejectedEventStore;
import dev.ganglion.journal.Journal;
import dev.ganglion.journal.Presence;
import dev.ganglion.projection.engine.EngineStore;
import dev.ganglion.projection.engine.RegistryStore;
import dev.ganglion.projection.task.TaskStore;
import dev.ganglion.telemetry.BrainMetrics;
import dev.ganglion.telemetry.Readiness;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What REST works with.
 *
 * @param projects where projects are kept
 * @param agents where agents are kept
 * @param presence who is connected
 * @param events stored events
 * @param registry what agents announced
 * @param journal what happened to agents' connections
 * @param projected what projections show
 * @param commands where commands are kept
 * @param commandDesk takes new commands
 * @param commandWatch tells of commands' ends
 * @param masters the secrets that tokens and project secrets come from
 * @param adminKey the key that may do all
 * @param metricsToken a bearer that may read the metrics alone
 * @param readiness whether this node should get traffic
 * @param scrape renders the metrics for Prometheus
 * @param metrics what is counted
 * @param agentConfig how patient sockets are
 * @param nodes the way to all nodes
 * @param membership who they are
 * @param slots which of them holds what
 * @param people whom it knows, and where it writes down what they do
 * @param clock the time
 */
public record ApiServices(
        ProjectStore projects,
        AgentStore agents,
        Presence presence,
        EventStore events,
        RegistryStore registry,
        Journal journal,
        Projected projected,
        CommandStore commands,
        CommandIssuer commandDesk,
        CommandWaits commandWatch,
        MasterSecrets masters,
        AdminKey adminKey,
        Optional<Secret> metricsToken,
        Readiness readiness,
        Supplier<String> scrape,
        BrainMetrics metrics,
        AgentConfig agentConfig,
        NodeBus nodes,
        Membership membership,
        SlotDirectory slots,
        PeopleServices people,
        Clock clock) {

    /**
     * What projections show, and what could not be projected.
     *
     * @param tasks projected tasks
     * @param engines workers, queues and counters
     * @param deadLetters rejected events
     */
    public record Projected(TaskStore tasks, EngineStore engines, RejectedEventStore deadLetters) {}
}
