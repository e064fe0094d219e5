package dev.ganglion.telemetry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Exposes the number of agents per project that are online on this node. Thread-safe.
 *
 * <p>An agent is online if it is connected to this node, or if the last request of one of its long-poll sessions came
 * to this node. An agent with several connections or sessions counts once.
 */
public final class OnlineGauges {
    private static final class Project {
        private final Map<String, Integer> connections = new HashMap<>();
        private int workers;
    }

    private final MeterRegistry registry;
    private final Map<String, Project> projects = new HashMap<>();
    private volatile Function<String, List<String>> pollingAgents = project -> List.of();

    /** Creates the gauges in this registry. */
    public OnlineGauges(MeterRegistry registry) {
        this.registry = registry;
    }

    /**
     * Sets the source of the agents with long-poll sessions. The function takes a project and returns one agent id per
     * session.
     */
    public void setPollingAgents(Function<String, List<String>> source) {
        pollingAgents = source;
    }

    /** Registers the gauges of a project that has a long-poll session. */
    public synchronized void registerProject(String project) {
        projects.computeIfAbsent(project, this::register);
    }

    /** Counts a new connection of an agent. */
    public synchronized void connected(String project, String agentId) {
        Project counts = projects.computeIfAbsent(project, this::register);
        counts.workers++;
        counts.connections.merge(agentId, 1, Integer::sum);
    }

    /** Removes a connection that was counted by {@link #connected}. */
    public synchronized void disconnected(String project, String agentId) {
        Project counts = projects.computeIfAbsent(project, this::register);
        counts.workers--;
        counts.connections.computeIfPresent(agentId, (id, count) -> count == 1 ? null : count - 1);
    }

    /** Returns the number of connections to this node by project, for projects that have any. */
    public synchronized Map<String, Long> connections() {
        Map<String, Long> counts = new HashMap<>();
        projects.forEach((project, online) -> {
            if (online.workers > 0 && counts.size() < OverviewCounts.MAX_PROJECTS) {
                counts.put(project, (long) online.workers);
            }
        });
        return counts;
    }

    /** Calls the source outside of this lock, because the source has a lock of its own. */
    private int agents(String name, Project project) {
        List<String> polling = pollingAgents.apply(name);
        synchronized (this) {
            Set<String> agents = new HashSet<>(polling);
            agents.addAll(project.connections.keySet());
            return agents.size();
        }
    }

    private synchronized int workers(Project project) {
        return project.workers;
    }

    private Project register(String name) {
        Project project = new Project();
        Gauge.builder("z4j.agents.online", () -> agents(name, project))
                .tag("project", name)
                .description("Agents that are connected to this node or polled it in the last 90 s, each counted once")
                .register(registry);
        Gauge.builder("ganglion.agent.connections", () -> workers(project))
                .tag("project", name)
                .description("Agent connections to this node")
                .register(registry);
        Gauge.builder("ganglion.poll.sessions", () -> pollingAgents.apply(name).size())
                .tag("project", name)
                .description("Long-poll sessions whose last request came to this node within the last 90 s")
                .register(registry);
        return project;
    }
}
