package dev.ganglion.telemetry;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Keeps the counts for the overview since the start of the node. Thread-safe. */
public final class OverviewCounts {
    /** Upper bounds of the latency buckets, in milliseconds. One more bucket takes all longer times. */
    public static final List<Long> BOUNDS_MS =
            List.of(1L, 2L, 5L, 10L, 20L, 50L, 100L, 200L, 500L, 1_000L, 5_000L, 30_000L);
    /** Maximum number of projects that are counted. Further projects are not shown. */
    static final int MAX_PROJECTS = 500;

    private final Map<String, LongAdder> events = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> commands = new ConcurrentHashMap<>();
    private final LongAdder[] latencies = new LongAdder[BOUNDS_MS.size() + 1];

    OverviewCounts() {
        for (int i = 0; i < latencies.length; i++) {
            latencies[i] = new LongAdder();
        }
    }

    void events(String project, int count) {
        add(events, project, count);
    }

    void command(String project) {
        add(commands, project, 1);
    }

    void acked(long nanos) {
        int bucket = 0;
        while (bucket < BOUNDS_MS.size() && nanos > TimeUnit.MILLISECONDS.toNanos(BOUNDS_MS.get(bucket))) {
            bucket++;
        }
        latencies[bucket].increment();
    }

    /** The number of stored events, by project. */
    public Map<String, Long> events() {
        return sums(events);
    }

    /** The number of finished commands, by project. */
    public Map<String, Long> commands() {
        return sums(commands);
    }

    /**
     * The number of frames per latency bucket: one count for each of {@link #BOUNDS_MS}, and one for all longer times.
     */
    public List<Long> ackBuckets() {
        Long[] counts = new Long[latencies.length];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = latencies[i].sum();
        }
        return List.of(counts);
    }

    private static void add(Map<String, LongAdder> counts, String project, int count) {
        LongAdder counter = counts.get(project);
        if (counter == null) {
            if (counts.size() >= MAX_PROJECTS) {
                return;
            }
            counter = counts.computeIfAbsent(project, name -> new LongAdder());
        }
        counter.add(count);
    }

    private static Map<String, Long> sums(Map<String, LongAdder> counts) {
        Map<String, Long> sums = new LinkedHashMap<>();
        counts.forEach((project, count) -> sums.put(project, count.sum()));
        return sums;
    }
}
