package dev.ganglion.store.projection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.projection.ProjectionChanges;
import dev.ganglion.projection.ProjectionChanges.ChangedTask;
import dev.ganglion.projection.ProjectionEngine.Lease;
import dev.ganglion.projection.run.Task;
import dev.ganglion.projection.segment.IdHash;
import dev.ganglion.projection.segment.SegmentLimits;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Measures what a projection costs Redis: memory per task, and the time for which a step's script occupies it. */
@Timeout(120)
class EngineCostTest extends EngineTests {
    private static final Logger LOG = LoggerFactory.getLogger(EngineCostTest.class);
    private static final SegmentLimits LARGE = SegmentLimits.of(Duration.ofDays(7), 1_000_000, 1L << 40);
    private static final int STEP = 2_000;
    private static final int FEWER = 500;
    private static final int TASKS = 100_000;
    private static final int MOST_BYTES_PER_TASK = 450;
    private static final double MOST_SCRIPT_MS = 5;
    private static final Pattern SCRIPT_MICROS = Pattern.compile("(\\d+)\nEVALSHA\n", Pattern.CASE_INSENSITIVE);
    private static final Pattern USED_MEMORY = Pattern.compile("used_memory:(\\d+)");

    private final Random random = new Random(4);
    private final RedisProjectionEngine engine = engine("node-1", LARGE, IdHash::of);

    @AfterEach
    void dropTheProjection() {
        store.await(engine.drop(place));
    }

    private static String id(int number) {
        return UUID.nameUUIDFromBytes(("task" + number).getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    /** A task as an agent of Celery reports it; one in 25 fails. */
    private Task task(int number, boolean ended) {
        String id = id(number);
        Task task = new Task();
        apply(
                task,
                id,
                "received",
                "task_name",
                "shop.orders.tasks.step_" + number % 40,
                "queue",
                "queue-" + number % 5,
                "worker",
                "celery@host-" + number % 8,
                "args",
                "(" + number + ", 'customer')",
                "kwargs",
                "{}");
        apply(task, id, "started", "worker", "celery@host-" + number % 8);
        if (ended) {
            end(task, id, number);
        }
        return task;
    }

    private void end(Task task, String id, int number) {
        if (number % 25 == 0) {
            apply(
                    task,
                    id,
                    "failed",
                    "exception",
                    "ValueError",
                    "exception_message",
                    "order " + number + " has no customer",
                    "traceback",
                    "  File \"/srv/shop/orders/tasks.py\", line 12, in step\n".repeat(8));
        } else {
            apply(task, id, "succeeded", "result", "{'ok': " + number + "}", "runtime", 0.25);
        }
    }

    private Lease add(Lease lease, int from, int to, boolean ended) {
        ProjectionChanges changes = at("5-0");
        for (int number = from; number < to; number++) {
            changes.put(subject(id(number)), new ChangedTask(task(number, ended), true, NOW + number / 100));
        }
        return step(engine, lease, changes);
    }

    private static long usedMemory() {
        Matcher matcher = USED_MEMORY.matcher(redis.call("INFO", "memory"));
        assertThat(matcher.find()).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    private static void watchScripts() {
        redis.call("CONFIG", "SET", "slowlog-log-slower-than", "0");
        redis.call("SLOWLOG", "RESET");
    }

    /** The longest time that a script took since {@link #watchScripts}, in milliseconds. */
    private static double longestScript() {
        Matcher matcher = SCRIPT_MICROS.matcher(redis.call("SLOWLOG", "GET", "20"));
        long longest = 0;
        while (matcher.find()) {
            longest = Math.max(longest, Long.parseLong(matcher.group(1)));
        }
        assertThat(longest).isPositive();
        return longest / 1_000.0;
    }

    /** Ends some tasks. Returns the time of the script in milliseconds. */
    private Timed end(Lease lease, List<Integer> numbers) {
        ProjectionChanges changes = at("6-0");
        for (int number : numbers) {
            Task task = task(number, false);
            end(task, id(number), number);
            changes.put(subject(id(number)), new ChangedTask(task, false, NOW));
        }
        watchScripts();
        Lease next = step(engine, lease, changes);
        return new Timed(next, longestScript());
    }

    private record Timed(Lease lease, double millis) {}

    @Test
    void aTaskNeedsNoMoreMemoryThanPromised() {
        long before = usedMemory();
        Lease lease = acquire(engine);
        for (int from = 0; from < TASKS; from += STEP) {
            lease = add(lease, from, from + STEP, false);
            lease = end(lease, range(from, from + STEP)).lease();
        }
        double perTask = (usedMemory() - before) / (double) TASKS;
        double held = engine.heldBytes() / (double) TASKS;
        double counted =
                segments().stream().mapToLong(segment -> segment.bytes()).sum() / (double) TASKS;
        LOG.info("Redis needs {} bytes per task, the segments count {}, the node holds {}", perTask, counted, held);
        assertThat(perTask).isLessThanOrEqualTo(MOST_BYTES_PER_TASK);
        assertThat(counted).isBetween(perTask * 0.85, perTask * 1.15);
        assertThat(held).isLessThan(30);
    }

    private static List<Integer> range(int from, int to) {
        List<Integer> numbers = new ArrayList<>();
        for (int number = from; number < to; number++) {
            numbers.add(number);
        }
        return numbers;
    }

    /** The best of several steps counts, since other processes may take the processor from Redis. */
    @Test
    void noStepOccupiesRedisForLong() {
        Lease lease = acquire(engine);
        double added = Double.MAX_VALUE;
        double recent = Double.MAX_VALUE;
        for (int from = 0; from < 40_000; from += STEP) {
            watchScripts();
            lease = add(lease, from, from + STEP, false);
            added = Math.min(added, longestScript());
            Timed timed = end(lease, range(from, from + STEP));
            lease = timed.lease();
            recent = Math.min(recent, timed.millis());
        }
        List<Integer> scattered = range(0, 30_000);
        Collections.shuffle(scattered, random);
        double old = Double.MAX_VALUE;
        for (int from = 0; from < 20_000; from += FEWER) {
            Timed timed = end(lease, scattered.subList(from, from + FEWER));
            lease = timed.lease();
            old = Math.min(old, timed.millis());
        }
        LOG.info(
                "Redis is occupied by {} new tasks {} ms, by their ends {} ms, by {} tasks of many segments {} ms",
                STEP,
                added,
                recent,
                FEWER,
                old);
        assertThat(added).isLessThan(MOST_SCRIPT_MS);
        assertThat(recent).isLessThan(MOST_SCRIPT_MS);
        assertThat(old).isLessThan(MOST_SCRIPT_MS);
    }
}
