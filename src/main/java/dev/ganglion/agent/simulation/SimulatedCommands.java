package dev.ganglion.agent.simulation;

import dev.ganglion.agent.AgentHost;
import dev.ganglion.agent.CommandHandler;
import dev.ganglion.agent.CommandOutcome;
import dev.ganglion.protocol.frame.Command;
import dev.ganglion.protocol.json.Json;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Simulates a worker that carries out commands. The simulation keeps the state that commands change, takes time, and
 * fails where a real worker would.
 *
 * <p>The same random source gives the same outcomes. Each agent needs its own instance, which runs on the agent's
 * context.
 */
public final class SimulatedCommands implements CommandHandler {
    private static final int BROKER_UNREACHABLE_PER_THOUSAND = 30;
    private static final int UNKNOWN_TASK_PER_THOUSAND = 60;
    private static final int SLOW_PER_THOUSAND = 100;
    private static final int QUICK_MILLIS = 120;
    private static final int SLOW_MILLIS = 1000;
    private static final int MAX_POOL = 64;
    private static final List<String> QUEUES = List.of("default", "mail", "media", "payments", "reports");

    private final AgentHost host;
    private final String worker;
    private final RandomGenerator random;
    private final Set<String> consumed = new TreeSet<>(QUEUES);
    private final Map<String, String> rates = new HashMap<>();
    private int pool = 8;

    /**
     * Creates the simulation of one worker.
     *
     * @param worker name of the worker
     */
    public SimulatedCommands(AgentHost host, String worker, RandomGenerator random) {
        this.host = host;
        this.worker = worker;
        this.random = random;
    }

    @Override
    public Future<CommandOutcome> handle(Command command) {
        boolean slow = Set.of("restart_worker", "bulk_retry").contains(command.action())
                || random.nextInt(1000) < SLOW_PER_THOUSAND;
        int millis = 1 + random.nextInt(QUICK_MILLIS) + (slow ? SLOW_MILLIS + random.nextInt(SLOW_MILLIS) : 0);
        CommandOutcome outcome = outcome(command);
        return host.vertx().timer(millis, TimeUnit.MILLISECONDS).map(over -> outcome);
    }

    private CommandOutcome outcome(Command command) {
        JsonObject arguments = new JsonObject(command.args().text())
                .mergeIn(new JsonObject(command.parameters().text()));
        String workerName = arguments.getString("worker_name");
        if (random.nextInt(1000) < BROKER_UNREACHABLE_PER_THOUSAND) {
            return CommandOutcome.failed("broker_unreachable", "the broker did not answer: connection refused");
        } else if (workerName != null && !isOwnName(workerName)) {
            return CommandOutcome.failed(
                    "worker_unknown", "the worker " + workerName + " does not exist; this agent has only " + worker);
        }
        return switch (command.action()) {
            case "retry_task" -> retry(arguments);
            case "cancel_task" -> cancel(arguments);
            case "reconcile_task" ->
                done(new JsonObject()
                        .put("task_id", arguments.getString("task_id"))
                        .put("engine_state", "unknown"));
            case "bulk_retry" -> bulkRetry(arguments);
            case "purge_queue" -> purge(arguments);
            case "restart_worker" -> done(new JsonObject().put("worker", worker).put("pool_size", pool));
            case "pool_grow" -> resize(arguments.getInteger("delta", 0));
            case "pool_shrink" -> resize(-arguments.getInteger("delta", 0));
            case "pool_resize" -> resize(arguments.getInteger("delta", 0));
            case "add_consumer" -> consume(arguments.getString("queue", ""), true);
            case "cancel_consumer" -> consume(arguments.getString("queue", ""), false);
            case "rate_limit" -> limit(arguments);
            default -> CommandOutcome.failed("unsupported", "this agent does not support " + command.action());
        };
    }

    private CommandOutcome retry(JsonObject arguments) {
        if (random.nextInt(1000) < UNKNOWN_TASK_PER_THOUSAND) {
            return CommandOutcome.failed(
                    "task_unknown", "the result backend does not know task " + arguments.getString("task_id"));
        }
        return done(new JsonObject()
                .put("task_id", arguments.getString("task_id"))
                .put("new_task_id", new UUID(random.nextLong(), random.nextLong()).toString())
                .put("task_name", arguments.getString("task_name")));
    }

    private CommandOutcome cancel(JsonObject arguments) {
        if (random.nextInt(1000) < UNKNOWN_TASK_PER_THOUSAND) {
            return CommandOutcome.failed("already_finished", "the task finished before it could be revoked");
        }
        return done(new JsonObject()
                .put("task_id", arguments.getString("task_id"))
                .put("terminated", random.nextBoolean()));
    }

    private CommandOutcome bulkRetry(JsonObject arguments) {
        int requested = random.nextInt(1 + Math.min(250, arguments.getInteger("max", 1000)));
        int failed = requested == 0 ? 0 : random.nextInt(1 + requested / 20);
        return done(new JsonObject()
                .put("requested", requested)
                .put("succeeded", requested - failed)
                .put("failed", failed));
    }

    private CommandOutcome purge(JsonObject arguments) {
        String queue = arguments.getString("queue", "");
        if (!QUEUES.contains(queue) && !consumed.contains(queue)) {
            return CommandOutcome.failed("queue_unknown", "the broker has no queue " + queue);
        }
        return done(new JsonObject().put("queue", queue).put("purged", random.nextInt(500)));
    }

    private CommandOutcome resize(int delta) {
        int newSize = pool + delta;
        if (newSize < 1 || newSize > MAX_POOL) {
            return CommandOutcome.failed(
                    "pool_limit", "the pool has " + pool + " processes; its size must stay between 1 and " + MAX_POOL);
        }
        pool = newSize;
        return done(new JsonObject().put("worker", worker).put("pool_size", pool));
    }

    private CommandOutcome consume(String queue, boolean wanted) {
        if (!wanted && !consumed.contains(queue)) {
            return CommandOutcome.failed("not_consuming", worker + " does not consume from " + queue);
        }
        boolean changed = wanted ? consumed.add(queue) : consumed.remove(queue);
        return done(new JsonObject()
                .put("worker", worker)
                .put("changed", changed)
                .put("queues", new JsonArray(List.copyOf(consumed))));
    }

    private CommandOutcome limit(JsonObject arguments) {
        String task = arguments.getString("task_name", "");
        String rate = arguments.getString("rate", "0");
        String before = rates.put(task, rate);
        return done(new JsonObject().put("task_name", task).put("rate", rate).put("before", before));
    }

    private boolean isOwnName(String workerName) {
        return workerName.equals(worker) || worker.endsWith("@" + workerName);
    }

    private static CommandOutcome done(JsonObject result) {
        return CommandOutcome.done(Json.parse(result.encode()));
    }
}
