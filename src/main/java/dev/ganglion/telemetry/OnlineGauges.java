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
 * How many agents of each project are connected to this node, or made the last request of a long-poll session to it.
 * An agent that is here in several ways counts once. Thread-safe.
 */
public final class OnlineGauges {
    private static final class Project {
        private final Map<String, Integer> connections = new HashMap<>();
        private int workers;
    }

    private final MeterRegistry registry;
    private final Map<String, Project> projects = new HashMap<>();
    private volatile Function<String, List<String>> pollers = project -> List.of();

    /** Gauges in this registry. */
    public OnlineGauges(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Where the agents of a project's long-poll sessions are found, one for each session. */
    public void pollers(Function<String, List<String>> found) {
        pollers = found;
    }

    /** A long-poll session of this project is there. */
    public synchronized void polled(String project) {
        projects.computeIfAbsent(project, this::register);
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

    /** Asked outside of the lock: who is found has one of its own. */
    private int agents(String name, Project project) {
        List<String> polling = pollers.apply(name);
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
                .description("Agents connected to this node, or that polled it in the last 90 s; each once")
                .register(registry);
        Gauge.builder("ganglion.agent.connections", () -> workers(project))
                .tag("project", name)
                .description("Connections of agents to this node")
                .register(registry);
        Gauge.builder("ganglion.poll.sessions", () -> pollers.apply(name).size())
                .tag("project", name)
                .description(
                        "Long-poll sessions that this node counts: their requests come to it, the last one within 90 s")
                .register(registry);
        return project;
    }
}
