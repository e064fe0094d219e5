package dev.ganglion.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Records the metrics of the projects that this node projects. Thread-safe.
 *
 * <p>Only the node that projects a project records its metrics, so that sums over all nodes are correct.
 */
public final class ProjectionMetrics {
    private static final double MILLIS = 1_000;

    private record Measure(String name, Tags tags) {}

    /**
     * A gauge over the parts of a project that this node projects.
     *
     * @param maximum whether the gauge shows the maximum of the parts instead of their sum
     */
    private record ProjectGauge(String name, boolean maximum, String description) {}

    private static final ProjectGauge LAG_SECONDS = new ProjectGauge(
            "ganglion.projection.lag.seconds", true, "Age of the oldest batch that is not projected yet");
    private static final ProjectGauge LAG_ENTRIES =
            new ProjectGauge("ganglion.projection.lag.entries", false, "Batches that are not projected yet");
    private static final ProjectGauge CAUGHT_UP = new ProjectGauge(
            "ganglion.projection.caught.up.ratio",
            true,
            "Share of the stored batches that are projected while a projection is rebuilt or catches up; else 1");
    private static final ProjectGauge WORKERS_ONLINE =
            new ProjectGauge("z4j.workers.online", false, "Engine workers that are online");
    private static final ProjectGauge QUEUE_DEPTH =
            new ProjectGauge("z4j.queue.depth", true, "Tasks that wait in a queue, as the engine reports them");

    private final MeterRegistry registry;
    private final Set<Project> projects = new HashSet<>();
    private final Map<Measure, Meter> gauges = new HashMap<>();
    private final SeriesLimit depthLimit = new SeriesLimit(BrainMetrics.MAX_PROJECT_SERIES);
    private final Map<Measure, Timer> durations = new HashMap<>();
    private final SeriesLimit durationLimit = new SeriesLimit(BrainMetrics.MAX_PROJECT_SERIES);

    /** Creates the metrics in this registry. */
    public ProjectionMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Registers the gauge of the memory that tasks occupy on this node, in bytes. */
    public void memory(LongSupplier bytes) {
        Gauge.builder("ganglion.projection.memory.bytes", () -> bytes.getAsLong())
                .description("Heap of the tasks that this node keeps in memory to project events")
                .register(registry);
    }

    /**
     * Returns the metrics of one project.
     *
     * @param project slug of the project, which tags the metrics
     * @param name identifies the project in logs
     */
    public Project project(String project, String name) {
        return new Project(project, name);
    }

    /** The metrics of one project, for the time that this node projects it. */
    public final class Project {
        private final String project;
        private final String name;
        private long behindMs;
        private long waiting;
        private double caughtUp = 1;
        private Map<String, Long> depths = Map.of();
        private Map<String, Integer> workers = Map.of();

        private Project(String project, String name) {
            this.project = project;
            this.name = name;
            skipped(0); // so that monitoring sees the first increment
        }

        /**
         * Records the projection lag: the age of the oldest batch that is not projected yet, in ms, and the number of
         * such batches.
         */
        public void lag(long oldestMs, long batches) {
            synchronized (ProjectionMetrics.this) {
                behindMs = oldestMs;
                waiting = batches;
                if (projects.add(this)) {
                    Tags tags = Tags.of("project", project);
                    show(LAG_SECONDS, tags, each -> each.behindMs / MILLIS);
                    show(LAG_ENTRIES, tags, each -> each.waiting);
                    show(CAUGHT_UP, tags, each -> each.caughtUp);
                }
            }
        }

        /**
         * Records how far a projection is that has to catch up.
         *
         * @param share share of the batches that are projected, from 0 to 1; 1 if it has caught up
         */
        public void caughtUp(double share) {
            synchronized (ProjectionMetrics.this) {
                caughtUp = share;
            }
        }

        /**
         * Records the state of the project's engines. Once a project has {@link BrainMetrics#MAX_PROJECT_SERIES} queues
         * with a series, the depths of its further queues are summed up in one series.
         *
         * @param queueDepths number of waiting tasks by {@code engine|queue}
         * @param workersOnline number of engine workers by engine
         */
        public void engines(Map<String, Long> queueDepths, Map<String, Integer> workersOnline) {
            synchronized (ProjectionMetrics.this) {
                depths = Map.copyOf(queueDepths);
                workers = Map.copyOf(workersOnline);
                show(WORKERS_ONLINE, Tags.of("project", project), Project::online);
                prune(); // first, so that ended queues make room for new ones
                depths.keySet().forEach(queue -> showDepth(project, queue));
                prune(); // the series of the overflow may be empty now
            }
        }

        private double online() {
            return workers.values().stream().mapToInt(Integer::intValue).sum();
        }

        /** Counts bytes of events that were trimmed before they were projected. */
        public void skipped(long bytes) {
            Counter.builder("ganglion.projection.skipped.bytes")
                    .tag("project", project)
                    .description("Bytes of events that were deleted before they were projected")
                    .register(registry)
                    .increment((double) bytes);
        }

        /** Records the run time of a finished task, in ms; does nothing if the run time is null. */
        public void ended(String engine, String state, @Nullable Long runtimeMs) {
            if (runtimeMs != null) {
                duration(project, engine, state).record(runtimeMs, TimeUnit.MILLISECONDS);
            }
        }

        /** Removes the project, because another node now projects it. */
        public void remove() {
            synchronized (ProjectionMetrics.this) {
                if (projects.remove(this)) {
                    depths = Map.of();
                    workers = Map.of();
                    prune();
                }
            }
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** Registers a gauge over a project on this node. */
    private void show(ProjectGauge gauge, Tags tags, ToDoubleFunction<Project> value) {
        gauges.computeIfAbsent(
                new Measure(gauge.name(), tags),
                measure -> Gauge.builder(gauge.name(), () -> read(projectOf(tags), value, gauge.maximum()))
                        .tags(tags)
                        .description(gauge.description())
                        .register(registry));
    }

    private void showDepth(String project, String queue) {
        Tags tags = depthTags(project, queue);
        if (gauges.containsKey(new Measure(QUEUE_DEPTH.name(), tags))) {
            return;
        }
        Tags overflow = overflowTags(project);
        if (!tags.equals(overflow) && depthLimit.take(project)) {
            show(QUEUE_DEPTH, tags, each -> each.depths.getOrDefault(queue, 0L));
            return;
        }
        gauges.computeIfAbsent(
                new Measure(QUEUE_DEPTH.name(), overflow),
                measure -> Gauge.builder(QUEUE_DEPTH.name(), () -> overflowDepth(project))
                        .tags(overflow)
                        .description(QUEUE_DEPTH.description())
                        .register(registry));
    }

    private static Tags depthTags(String project, String queue) {
        int bar = queue.indexOf('|');
        return Tags.of("project", project, "engine", queue.substring(0, bar), "queue", queue.substring(bar + 1));
    }

    private static Tags overflowTags(String project) {
        return Tags.of("project", project, "engine", SeriesLimit.OVERFLOW, "queue", SeriesLimit.OVERFLOW);
    }

    /** Sums up the depths of the project's queues that have no series. Several parts may know the same queue. */
    private synchronized double overflowDepth(String project) {
        Map<String, Long> further = new HashMap<>();
        for (Project each : projects) {
            if (each.project.equals(project)) {
                each.depths.forEach((queue, depth) -> {
                    if (!gauges.containsKey(new Measure(QUEUE_DEPTH.name(), depthTags(project, queue)))) {
                        further.merge(queue, depth, Math::max);
                    }
                });
            }
        }
        return further.values().stream().mapToLong(Long::longValue).sum();
    }

    private static String projectOf(Tags tags) {
        return tags.stream()
                .filter(tag -> tag.getKey().equals("project"))
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    private synchronized double read(String project, ToDoubleFunction<Project> value, boolean maximum) {
        var values =
                projects.stream().filter(each -> each.project.equals(project)).mapToDouble(value);
        return maximum ? values.max().orElse(0) : values.sum();
    }

    /** Removes the gauges that no project of this node fills any more. */
    private void prune() {
        gauges.entrySet().removeIf(entry -> {
            boolean filled = isFilled(entry.getKey());
            if (!filled) {
                Meter removed = registry.remove(entry.getValue());
                assert removed != null;
                if (isDepth(entry.getKey())) {
                    depthLimit.release(projectOf(entry.getKey().tags()));
                }
            }
            return !filled;
        });
    }

    private static boolean isDepth(Measure measure) {
        return measure.name().equals(QUEUE_DEPTH.name()) && !isOverflow(measure);
    }

    private static boolean isOverflow(Measure measure) {
        return measure.tags().equals(overflowTags(projectOf(measure.tags())));
    }

    private boolean isFilled(Measure measure) {
        String project = projectOf(measure.tags());
        if (isOverflow(measure)) {
            return overflowDepth(project) > 0;
        }
        return projects.stream()
                .filter(each -> each.project.equals(project))
                .anyMatch(each -> !isDepth(measure) || each.depths.containsKey(queue(measure.tags())));
    }

    private static String queue(Tags tags) {
        String engine = "";
        String queue = "";
        for (var tag : tags) {
            engine = tag.getKey().equals("engine") ? tag.getValue() : engine;
            queue = tag.getKey().equals("queue") ? tag.getValue() : queue;
        }
        return engine + "|" + queue;
    }

    private synchronized Timer duration(String project, String engine, String state) {
        Tags wanted = Tags.of("project", project, "engine", engine, "state", state);
        Tags tags = durations.containsKey(new Measure("", wanted)) || durationLimit.take(project)
                ? wanted
                : Tags.of("project", project, "engine", SeriesLimit.OVERFLOW, "state", state);
        return durations.computeIfAbsent(
                new Measure("", tags),
                key -> Timer.builder("z4j.task.duration")
                        .tags(tags)
                        .description("Run time of tasks, as reported by their engine")
                        .serviceLevelObjectives(
                                Duration.ofMillis(10),
                                Duration.ofMillis(50),
                                Duration.ofMillis(100),
                                Duration.ofMillis(500),
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(10),
                                Duration.ofMinutes(1),
                                Duration.ofMinutes(5),
                                Duration.ofHours(1))
                        .register(registry));
    }
}
