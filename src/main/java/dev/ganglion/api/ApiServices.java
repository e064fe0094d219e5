package dev.ganglion.api;

import dev.ganglion.api.people.PeopleServices;
import dev.ganglion.api.project.ProjectServices;
import dev.ganglion.api.request.RequestServices;
import dev.ganglion.auth.people.AdminKey;
import dev.ganglion.bus.NodeBus;
import dev.ganglion.cluster.Membership;
import dev.ganglion.cluster.SlotDirectory;
import dev.ganglion.config.AgentConfig;
import dev.ganglion.config.value.Durability;
import dev.ganglion.config.value.Secret;
import dev.ganglion.telemetry.BrainMetrics;
import dev.ganglion.telemetry.Readiness;
import dev.ganglion.telemetry.StoreCondition;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The services that the REST interface and the dashboard use, grouped by the routes that need them.
 *
 * @param request services that authenticate, authorize and audit requests
 * @param project services for projects and everything in them
 * @param people services for users, logins, API keys and the audit log
 * @param cluster services for the nodes of the cluster
 * @param management services for orchestrators and scrapers
 * @param metrics counters of this node
 * @param agentConfig time-outs of agent sockets, which also apply to dashboard sockets
 * @param clock wall clock
 */
public record ApiServices(
        RequestServices request,
        ProjectServices project,
        PeopleServices people,
        Cluster cluster,
        Management management,
        BrainMetrics metrics,
        AgentConfig agentConfig,
        Clock clock) {

    /**
     * Services for the nodes of the cluster.
     *
     * @param membership lists the nodes
     * @param slots finds the node that holds a slot, and counts the online agents
     * @param nodes sends messages to other nodes
     * @param store describes Redis as this node sees it
     */
    public record Cluster(Membership membership, SlotDirectory slots, NodeBus nodes, Store store) {}

    /**
     * Describes Redis as this node sees it.
     *
     * @param id returns the identity of the data that this node serves; empty until it is known
     * @param durability required durability
     * @param condition knows why Redis cannot be used
     */
    public record Store(Supplier<Optional<String>> id, Durability durability, StoreCondition condition) {}

    /**
     * Services for orchestrators and scrapers.
     *
     * @param readiness decides whether this node should receive traffic
     * @param scrape renders the metrics for Prometheus
     * @param adminKey key that may read the metrics
     * @param metricsToken bearer token that may only read the metrics; empty if none is configured
     */
    public record Management(
            Readiness readiness, Supplier<String> scrape, AdminKey adminKey, Optional<Secret> metricsToken) {}
}
