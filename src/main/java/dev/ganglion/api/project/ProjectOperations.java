package dev.ganglion.api.project;

import dev.ganglion.api.request.Operations;
import dev.ganglion.api.request.WaitingCalls;
import dev.ganglion.bus.NodeBus;
import java.time.Clock;

/** Assembles the REST operations for projects and for everything in a project. */
public final class ProjectOperations {
    private ProjectOperations() {}

    /**
     * Adds the operations.
     *
     * @param waiting ends calls that wait when their callers lose the right to make them
     * @param nodes notifies other nodes of changes
     */
    public static void addTo(
            Operations operations, ProjectServices services, WaitingCalls waiting, NodeBus nodes, Clock clock) {
        ProjectServices.Agents agents = services.agents();
        TaskLookup lookup = new TaskLookup(
                services.events().accepted(), services.projections().tasks());
        new ProjectRoutes(services.projects(), agents.store(), nodes, clock).addTo(operations);
        new AgentRoutes(agents, nodes, clock).addTo(operations);
        new EventRoutes(services.events()).addTo(operations);
        new ProjectionRoutes(services.projections()).addTo(operations);
        new CommandRoutes(services.commands(), agents, lookup, waiting).addTo(operations);
    }
}
