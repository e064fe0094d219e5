package dev.ganglion.api.people;

import dev.ganglion.api.request.AuditedCalls;
import dev.ganglion.api.request.Operations;
import dev.ganglion.api.request.RequestSource;
import dev.ganglion.bus.NodeBus;
import java.time.Clock;

/** Assembles the REST operations for users, logins, API keys and the audit log. */
public final class PeopleOperations {
    private PeopleOperations() {}

    /**
     * Adds the operations.
     *
     * @param source determines the origin of a login
     * @param audited records logins
     * @param nodes notifies other nodes of sessions that ended
     */
    public static void addTo(
            Operations operations,
            PeopleServices services,
            RequestSource source,
            AuditedCalls audited,
            NodeBus nodes,
            Clock clock) {
        ProjectSlugs slugs = new ProjectSlugs(services.projects());
        new SessionRoutes(services.logins(), slugs, source, audited, nodes, services.metrics()).addTo(operations);
        new UserRoutes(services.logins(), slugs, source, nodes, clock).addTo(operations);
        new ApiKeyRoutes(services.apiKeys(), slugs, nodes, clock).addTo(operations);
        new AuditRoutes(services.audit()).addTo(operations);
    }
}
