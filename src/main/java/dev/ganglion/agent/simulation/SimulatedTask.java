package dev.ganglion.agent.simulation;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A simulated task that is never executed.
 *
 * @param name name of the task
 * @param queue queue of the task
 * @param seconds median of the run time, in seconds
 * @param attempt number of retries so far
 * @param started whether the current attempt has started
 */
record SimulatedTask(String name, String queue, double seconds, int attempt, boolean started) {
    private static final int FAILURES_PER_THOUSAND = 40;
    private static final int RETRIES_PER_THOUSAND = 30;
    private static final int MAX_RETRIES = 3;
    private static final double SPREAD = 0.6;
    private static final List<SimulatedTask> CATALOGUE = List.of(
            of("shop.mail.send_receipt", "mail", 0.12),
            of("shop.orders.charge_card", "payments", 0.8),
            of("shop.orders.reserve_stock", "default", 0.03),
            of("shop.catalogue.resize_image", "media", 1.7),
            of("shop.search.index_product", "default", 0.015),
            of("shop.reports.daily_revenue", "reports", 12.0));

    /**
     * The next step of a task: the event's kind, its data, and the task after the step; {@code next} is null if the
     * task is finished.
     */
    record Step(String kind, JsonObject data, @Nullable SimulatedTask next) {}

    static SimulatedTask draw(RandomGenerator random) {
        return CATALOGUE.get(random.nextInt(CATALOGUE.size()));
    }

    JsonObject received(String worker, RandomGenerator random) {
        return commonData(worker)
                .put("args", new JsonArray().add(random.nextInt(1_000_000)).encode())
                .put("kwargs", "{}")
                .put("priority", random.nextInt(10));
    }

    Step step(String worker, RandomGenerator random) {
        if (!started) {
            return new Step("task.started", commonData(worker), new SimulatedTask(name, queue, seconds, attempt, true));
        }
        double runtime = seconds * Math.exp(SPREAD * random.nextGaussian());
        int outcome = random.nextInt(1000);
        if (outcome < FAILURES_PER_THOUSAND) {
            JsonObject failure = commonData(worker)
                    .put("runtime", runtime)
                    .put("exception", "TimeoutError('upstream did not answer')")
                    .put("traceback", "Traceback (most recent call last):\n  File \"tasks.py\", line 42, in " + name);
            return new Step("task.failed", failure, null);
        }
        if (outcome < FAILURES_PER_THOUSAND + RETRIES_PER_THOUSAND && attempt < MAX_RETRIES) {
            JsonObject retry = commonData(worker).put("exception", "ConnectionResetError('try again')");
            return new Step("task.retried", retry, new SimulatedTask(name, queue, seconds, attempt + 1, false));
        }
        return new Step(
                "task.succeeded", commonData(worker).put("runtime", runtime).put("result", "None"), null);
    }

    private JsonObject commonData(String worker) {
        return new JsonObject()
                .put("task_name", name)
                .put("queue", queue)
                .put("worker", worker)
                .put("retries", attempt);
    }

    private static SimulatedTask of(String name, String queue, double seconds) {
        return new SimulatedTask(name, queue, seconds, 0, false);
    }
}
