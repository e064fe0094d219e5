package dev.ganglion.benchmarks.projection;

import dev.ganglion.benchmarks.host.MetricsPage;
import dev.ganglion.benchmarks.load.BenchProject;
import dev.ganglion.benchmarks.load.Latency;
import dev.ganglion.benchmarks.load.Rest;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Measures the lag of a projection as users see it: the time from the ack of a task's first event until REST returns the
 * task. It looks at one task at a time, the oldest first. It also samples the metric {@code
 * ganglion_projection_lag_seconds} once per second.
 *
 * <p>A thread of its own polls. {@link #acked} may be called from any thread, all other methods from one thread.
 */
final class LagWatch implements AutoCloseable {
    private static final long MAX_MICROS = 600_000_000;
    private static final long LEAST_POLL_MICROS = 4_000;
    private static final long MOST_POLL_MICROS = 250_000;
    /** A poll waits for this part of the task's age, so that it adds at most that much to the lag. */
    private static final int POLL_PART = 20;

    private static final long METRIC_NANOS = 1_000_000_000;
    private static final long END_LIMIT_MS = 30_000;

    private record Acked(String task, long at) {}

    private final Rest rest;
    private final BenchProject project;
    private final BlockingQueue<Acked> waiting = new LinkedBlockingQueue<>();
    private final Histogram lag = new Histogram(MAX_MICROS, 3);
    private final Thread poller = new Thread(this::poll, "lag watch");
    private final Thread sampler = new Thread(this::sampleMetric, "lag metric");
    private volatile boolean counting;
    private volatile boolean stopped;
    private volatile double mostMetricSeconds;
    private long unseen;
    private long failedPolls;

    /** Starts to watch. The tasks of the time before {@link #begin} do not count. */
    LagWatch(Rest rest, BenchProject project) {
        this.rest = rest;
        this.project = project;
        poller.setDaemon(true);
        poller.start();
        sampler.setDaemon(true);
        sampler.start();
    }

    /** Takes note of a new task whose first event was acknowledged at this {@link System#nanoTime()}. */
    void acked(String task, long at) {
        if (counting) {
            boolean unused = waiting.add(new Acked(task, at));
        }
    }

    /** Counts the tasks that are acknowledged from now on. */
    void begin() {
        counting = true;
    }

    /** Ignores the tasks that are acknowledged from now on. */
    void end() {
        counting = false;
    }

    private void poll() {
        while (!stopped || !waiting.isEmpty()) {
            Acked next = next();
            if (next != null) {
                watch(next);
            }
        }
    }

    private @Nullable Acked next() {
        try {
            return waiting.poll(LEAST_POLL_MICROS, TimeUnit.MICROSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Polls until the task exists. A task that does not exist in the end counts with its age. */
    private void watch(Acked task) {
        String path = "/projects/" + project.slug() + "/tasks/celery/" + task.task;
        boolean seen = exists(path);
        while (!seen && !stopped) {
            pauseMicros(Math.min(MOST_POLL_MICROS, Math.max(LEAST_POLL_MICROS, age(task) / POLL_PART)));
            seen = exists(path);
        }
        if (!seen) {
            unseen++;
        }
        lag.recordValue(Math.min(MAX_MICROS, age(task)));
    }

    /** Asks for the task. A user who gets an error does not see the task either. */
    private boolean exists(String path) {
        try {
            return rest.exists(path);
        } catch (IllegalStateException e) {
            failedPolls++;
            return false;
        }
    }

    private static long age(Acked task) {
        return (System.nanoTime() - task.at) / 1_000;
    }

    private static void pauseMicros(long micros) {
        try {
            TimeUnit.MICROSECONDS.sleep(micros);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void sampleMetric() {
        long next = System.nanoTime();
        while (!stopped) {
            long now = System.nanoTime();
            if (counting && now >= next) {
                next = now + METRIC_NANOS;
                double seconds = MetricsPage.parse(rest.metrics())
                        .sum("ganglion_projection_lag_seconds")
                        .orElse(0.0);
                mostMetricSeconds = Math.max(mostMetricSeconds, seconds);
            }
            pauseMicros(LEAST_POLL_MICROS);
        }
    }

    /**
     * Stops watching and returns the lag in milliseconds, the number of tasks that were not visible until now, and the
     * highest value of the metric.
     */
    JsonObject result() {
        close();
        return new JsonObject()
                .put("lag_ms", Latency.of(lag))
                .put("unseen_tasks", unseen)
                .put("failed_polls", failedPolls)
                .put("metric_lag_max_ms", mostMetricSeconds * 1e3);
    }

    @Override
    public void close() {
        stopped = true;
        try {
            poller.join(END_LIMIT_MS);
            sampler.join(END_LIMIT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
