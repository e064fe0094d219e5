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
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Records the metrics of the shards that this node projects. Thread-safe.
 *
 * <p>Only the node that projects a shard records its metrics, so that sums over all nodes are correct.
 */
public final class ProjectionMetrics {
    private static final double MILLIS = 1_000;

    private record Measure(String name, Tags tags) {}

    /**
     * A gauge over the shards of a project.
     *
     * @param maximum whether the gauge shows the maximum of the shards instead of their sum
     */
    private record ShardGauge(String name, boolean maximum, String description) {}

    private static final ShardGauge LAG_SECONDS = new ShardGauge(
            "ganglion.projection.lag.seconds", true, "Age of the oldest batch that is not projected yet");
    private static final ShardGauge LAG_ENTRIES =
            new ShardGauge("ganglion.projection.lag.entries", false, "Batches that are not projected yet");
    private static final ShardGauge WORKERS_ONLINE =
            new ShardGauge("z4j.workers.online", false, "Engine workers that are online");
    private static final ShardGauge QUEUE_DEPTH =
            new ShardGauge("z4j.queue.depth", true, "Tasks that wait in a queue, as the engine reports them");

    private final MeterRegistry registry;
    private final Set<Shard> shards = new HashSet<>();
    private final Map<Measure, Meter> gauges = new HashMap<>();
    private final SeriesLimit depthLimit = new SeriesLimit(BrainMetrics.MAX_PROJECT_SERIES);
    private final Map<Measure, Timer> durations = new HashMap<>();
    private final SeriesLimit durationLimit = new SeriesLimit(BrainMetrics.MAX_PROJECT_SERIES);

    /** Creates the metrics in this registry. */
    public ProjectionMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Returns the metrics of one shard. */
    public Shard shard(String project, String name) {
        return new Shard(project, name);
    }

    /** The metrics of one shard, for the time that this node projects it. */
    public final class Shard {
        private final String project;
        private final String name;
        private long behindMs;
        private long waiting;
        private Map<String, Long> depths = Map.of();
        private Map<String, Integer> workers = Map.of();

        private Shard(String project, String name) {
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
                if (shards.add(this)) {
                    Tags tags = Tags.of("project", project);
                    show(LAG_SECONDS, tags, each -> each.behindMs / MILLIS);
                    show(LAG_ENTRIES, tags, each -> each.waiting);
                }
            }
        }

        /**
         * Records the state of the shard's engines. Once a project has {@link BrainMetrics#MAX_PROJECT_SERIES} queues
         * with a series, the depths of its further queues are summed up in one series.
         *
         * @param queueDepths number of waiting tasks by {@code engine|queue}
         * @param workersOnline number of engine workers by engine
         */
        public void engines(Map<String, Long> queueDepths, Map<String, Integer> workersOnline) {
            synchronized (ProjectionMetrics.this) {
                depths = Map.copyOf(queueDepths);
                workers = Map.copyOf(workersOnline);
                show(WORKERS_ONLINE, Tags.of("project", project), Shard::online);
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

        /** Removes the shard, because another node now projects it. */
        public void remove() {
            synchronized (ProjectionMetrics.this) {
                if (shards.remove(this)) {
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

    /** Registers a gauge over the project's shards on this node. */
    private void show(ShardGauge gauge, Tags tags, ToDoubleFunction<Shard> value) {
        gauges.computeIfAbsent(
                new Measure(gauge.name(), tags),
                measure -> Gauge.builder(gauge.name(), () -> read(project(tags), value, gauge.maximum()))
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

    /** Sums up the depths of the project's queues that have no series. Several shards may know the same queue. */
    private synchronized double overflowDepth(String project) {
        Map<String, Long> further = new HashMap<>();
        for (Shard shard : shards) {
            if (shard.project.equals(project)) {
                shard.depths.forEach((queue, depth) -> {
                    if (!gauges.containsKey(new Measure(QUEUE_DEPTH.name(), depthTags(project, queue)))) {
                        further.merge(queue, depth, Math::max);
                    }
                });
            }
        }
        return further.values().stream().mapToLong(Long::longValue).sum();
    }

    private static String project(Tags tags) {
        return tags.stream()
                .filter(tag -> tag.getKey().equals("project"))
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    private synchronized double read(String project, ToDoubleFunction<Shard> value, boolean maximum) {
        var values =
                shards.stream().filter(shard -> shard.project.equals(project)).mapToDouble(value);
        return maximum ? values.max().orElse(0) : values.sum();
    }

    /** Removes the gauges that no shard of this node fills any more. */
    private void prune() {
        gauges.entrySet().removeIf(entry -> {
            boolean filled = isFilled(entry.getKey());
            if (!filled) {
                Meter removed = registry.remove(entry.getValue());
                assert removed != null;
                if (isDepth(entry.getKey())) {
                    depthLimit.release(project(entry.getKey().tags()));
                }
            }
            return !filled;
        });
    }

    private static boolean isDepth(Measure measure) {
        return measure.name().equals(QUEUE_DEPTH.name()) && !isOverflow(measure);
    }

    private static boolean isOverflow(Measure measure) {
        return measure.tags().equals(overflowTags(project(measure.tags())));
    }

    private boolean isFilled(Measure measure) {
        String project = project(measure.tags());
        if (isOverflow(measure)) {
            return overflowDepth(project) > 0;
        }
        return shards.stream()
                .filter(shard -> shard.project.equals(project))
                .anyMatch(shard -> !isDepth(measure) || shard.depths.containsKey(queue(measure.tags())));
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
