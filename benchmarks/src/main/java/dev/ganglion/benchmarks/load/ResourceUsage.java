package dev.ganglion.benchmarks.load;

import dev.ganglion.benchmarks.host.MetricsPage;
import dev.ganglion.benchmarks.host.ProcessFigures;
import dev.ganglion.benchmarks.host.ThreadCpu;
import io.vertx.core.json.JsonObject;

/**
 * Cumulative resource usage of the brain, Redis and the generator at one moment. The difference of two readings is the
 * cost of the load between them.
 *
 * <p>CPU time comes from {@code /proc} if the process runs on this machine, else from the brain's own metrics.
 * Allocation and pauses come from the metrics that the JVM updates at garbage collections, so an interval without a
 * collection shows none.
 */
public record ResourceUsage(
        double seconds,
        double brainCpu,
        ThreadCpu brainThreads,
        double redisCpu,
        double ownCpu,
        Collections collections) {
    private static final double MICROS = 1e6;

    /**
     * Allocation and garbage collection of all nodes, since their start.
     *
     * @param allocated allocated bytes
     * @param pauses number of pauses
     * @param pauseSeconds sum of the pauses
     * @param longestPause longest recent pause, in seconds
     */
    record Collections(double allocated, double pauses, double pauseSeconds, double longestPause) {}

    /** Reads all figures. */
    public static ResourceUsage of(ServerUnderTest underTest) {
        double cpu = underTest.brainPids().stream()
                .mapToDouble(ProcessFigures::treeCpuSeconds)
                .sum();
        ThreadCpu threads = underTest.brainPids().stream().map(ThreadCpu::of).reduce(ThreadCpu.NONE, ThreadCpu::plus);
        double redis = underTest.redisPid().isPresent()
                ? ProcessFigures.of(underTest.redisPid().getAsLong()).cpuSeconds()
                : 0;
        double own = ProcessFigures.own().cpuSeconds();
        double at = System.nanoTime() / 1e9;
        double allocated = 0;
        double pauses = 0;
        double pauseSeconds = 0;
        double longest = 0;
        double reported = 0;
        for (Rest node : underTest.nodes()) {
            MetricsPage page = MetricsPage.parse(node.metrics());
            allocated += page.sum("jvm_gc_memory_allocated_bytes_total").orElse(0.0);
            pauses += page.sum("jvm_gc_pause_seconds_count").orElse(0.0);
            pauseSeconds += page.sum("jvm_gc_pause_seconds_sum").orElse(0.0);
            longest = Math.max(longest, page.sum("jvm_gc_pause_seconds_max").orElse(0.0));
            reported += page.sum("process_cpu_time_ns_total").orElse(0.0) / 1e9;
        }
        return new ResourceUsage(
                at,
                underTest.brainPids().isEmpty() ? reported : cpu,
                threads,
                redis,
                own,
                new Collections(allocated, pauses, pauseSeconds, longest));
    }

    /** Cost per unit of work since an earlier reading, for the given number of units. */
    public JsonObject cost(ResourceUsage before, long units, String unit) {
        double each = Math.max(1, units);
        Collections earlier = before.collections;
        return new JsonObject()
                .put("brain_us_per_" + unit, (brainCpu - before.brainCpu) * MICROS / each)
                .put("brain_loops_us_per_" + unit, (brainThreads.loops() - before.brainThreads.loops()) * MICROS / each)
                .put(
                        "brain_workers_us_per_" + unit,
                        (brainThreads.workers() - before.brainThreads.workers()) * MICROS / each)
                .put(
                        "brain_collector_us_per_" + unit,
                        (brainThreads.collector() - before.brainThreads.collector()) * MICROS / each)
                .put(
                        "brain_compiler_us_per_" + unit,
                        (brainThreads.compiler() - before.brainThreads.compiler()) * MICROS / each)
                .put("redis_us_per_" + unit, (redisCpu - before.redisCpu) * MICROS / each)
                .put("generator_us_per_" + unit, (ownCpu - before.ownCpu) * MICROS / each)
                .put("allocated_bytes_per_" + unit, (collections.allocated() - earlier.allocated()) / each)
                .put("brain_cores", (brainCpu - before.brainCpu) / (seconds - before.seconds))
                .put("redis_cores", (redisCpu - before.redisCpu) / (seconds - before.seconds))
                .put("generator_cores", (ownCpu - before.ownCpu) / (seconds - before.seconds))
                .put("gc_pauses", collections.pauses() - earlier.pauses())
                .put("gc_pause_ms", (collections.pauseSeconds() - earlier.pauseSeconds()) * 1e3)
                .put("gc_longest_ms_lately", collections.longestPause() * 1e3);
    }
}
