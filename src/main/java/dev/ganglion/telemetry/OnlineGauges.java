package dev.ganglion.telemetry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;

/** How many agents and workers of each project are connected to this node. Thread-safe. */
public final class OnlineGauges {
    private static final class Project {
        private final Map<String, Integer> connections = new HashMap<>();
        private int workers;
    }

    private final MeterRegistry registry;
    private final Map<String, Project> projects = new HashMap<>();

    /** Gauges in this registry. */
    public OnlineGauges(MeterRegistry registry) {
        this.registry = registry;
    }

    /** A connection of an agent is there. */
    public synchronized void connected(String project, String agentId) {
        Project counts = projects.computeIfAbsent(project, this::register);
        counts.workers++;
        counts.connections.merge(agentId, 1, Integer::sum);
    }

    /** A connection that was {@link #connected} is gone. */
    public synchronized void disconnected(String project, String agentId) {
        Project counts = projects.computeIfAbsent(project, this::register);
        counts.workers--;
        counts.connections.computeIfPresent(agentId, (id, count) -> count == 1 ? null : count - 1);
    }

    /** Connections to this node, by project, of those that have any. */
    public synchronized Map<String, Long> connections() {
        Map<String, Long> counts = new HashMap<>();
        projects.forEach((project, online) -> {
            if (online.workers > 0 && counts.size() < VitalCounts.MAX_PROJECTS) {
                counts.put(project, (long) online.workers);
            }
        });
        return counts;
    }

    private synchronized int agents(Project project) {
        return project.connections.size();
    }

    private synchronized int workers(Project project) {
        return project.workers;
    }

    private Project register(String name) {
        Project project = new Project();
        Gauge.builder("z4j.agents.online", () -> agents(project))
                .tag("project", name)
                .description("Agents connected to this node")
                .register(registry);
        Gauge.builder("ganglion.agent.connections", () -> workers(project))
                .tag("project", name)
                .description("Connections of agents to this node")
                .register(registry);
        return project;
    }
}
