package dev.ganglion.benchmarks.projection;

import dev.ganglion.benchmarks.host.MetricsPage;
import dev.ganglion.benchmarks.load.BenchProject;
import dev.ganglion.benchmarks.load.Latency;
import dev.ganglion.benchmarks.load.Rest;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Measures the lag of a projection as users see it: the time from the ack of a task's first event until REST returns the
 * task. It also samples the metric {@code ganglion_projection_lag_seconds} once per second.
 *
 * <p>A project's events are projected in about the order in which they were acknowledged. So it polls for the oldest
 * task only. When REST returns that task, it bisects the others for the youngest visible one, and takes all tasks before
 * that one as visible. This needs few requests, however many tasks become visible at once.
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
    /** Tasks that were not visible when the poller last asked, oldest first. Only the poller uses it. */
    private final List<Acked> pending = new ArrayList<>();

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
        while (!stopped) {
            take();
            if (!recordVisible()) {
                long oldest = pending.isEmpty() ? 0 : age(pending.get(0), System.nanoTime());
                pauseMicros(Math.min(MOST_POLL_MICROS, Math.max(LEAST_POLL_MICROS, oldest / POLL_PART)));
            }
        }
        take();
        boolean unused = recordVisible();
        unseen = pending.size();
        record(pending.size(), System.nanoTime());
    }

    private void take() {
        int unused = waiting.drainTo(pending);
    }

    /** Records and removes the visible tasks. Returns whether there were any. */
    private boolean recordVisible() {
        if (pending.isEmpty() || !exists(pending.get(0))) {
            return false;
        }
        long seenAt = System.nanoTime();
        int visible = 1;
        int invisible = pending.size() + 1;
        int asked = pending.size();
        while (invisible - visible > 1) {
            if (exists(pending.get(asked - 1))) {
                visible = asked;
                seenAt = System.nanoTime();
            } else {
                invisible = asked;
            }
            asked = (visible + invisible) / 2;
        }
        record(visible, seenAt);
        return true;
    }

    /** Records the lag of the oldest tasks and removes them. */
    private void record(int count, long seenAt) {
        List<Acked> oldest = pending.subList(0, count);
        oldest.forEach(task -> lag.recordValue(Math.min(MAX_MICROS, age(task, seenAt))));
        oldest.clear();
    }

    private static long age(Acked task, long at) {
        return Math.max(0, at - task.at) / 1_000;
    }

    /** Asks for the task. A user who gets an error does not see the task either. */
    private boolean exists(Acked task) {
        try {
            return rest.exists("/projects/" + project.slug() + "/tasks/celery/" + task.task);
        } catch (IllegalStateException e) {
            failedPolls++;
            return false;
        }
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
