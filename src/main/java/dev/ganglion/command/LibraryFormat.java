package dev.ganglion.command;

import dev.ganglion.command.CommandTicket.LibraryForm;
import dev.ganglion.protocol.json.Json;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Translates commands into the form that released z4j agents understand: action, target and parameters. */
final class LibraryFormat {
    private LibraryFormat() {}

    /**
     * The input of a translation besides the command's body.
     *
     * @param known facts about the agent and its tasks
     * @param now current time
     */
    record Input(CommandIssuer.CommandFacts known, Instant now) {}

    /** Translates a command. {@code body} has passed the route's schema. */
    static LibraryForm of(Verb verb, JsonObject body, Input given) {
        String engine = given.known().engine();
        return switch (verb) {
            case RETRY_TASK -> task(verb, body, engine, retry(body, given));
            case CANCEL_TASK, RECONCILE_TASK -> task(verb, body, engine, new JsonObject());
            case BULK_RETRY -> form("bulk_retry", new Target("bulk", null, engine), bulk(body, given), null);
            case PURGE_QUEUE ->
                form(
                        "purge_queue",
                        new Target("queue", body.getString("queue"), engine),
                        purge(body, given.known().confirmToken()),
                        null);
            case RESTART_WORKER -> worker("restart_worker", body, engine, copy(body, "worker_name"));
            case POOL_RESIZE -> resize(body, engine);
            case ADD_CONSUMER, CANCEL_CONSUMER ->
                worker(verb.wireName(), body, engine, copy(body, "worker_name", "queue"));
            // The library reads target.id as a worker's name even if the target is a task.
            case RATE_LIMIT ->
                form(
                        "rate_limit",
                        new Target("task", body.getString("worker_name"), engine),
                        copy(body, "task_name", "rate", "worker_name"),
                        body.getString("worker_name"));
        };
    }

    private record Target(
            String type, @Nullable String id, @Nullable String engine) {
        JsonObject json() {
            JsonObject json = new JsonObject().put("type", type).put("id", id);
            return engine == null ? json : json.put("engine", engine);
        }
    }

    /** Adds the brain's confirmation token if the operator sent neither a token nor {@code force}. */
    private static JsonObject purge(JsonObject body, @Nullable String confirmToken) {
        boolean force = body.getBoolean("force", false);
        JsonObject parameters = copy(body, "queue", "confirm_token").put("force", force);
        return force || parameters.containsKey("confirm_token") || confirmToken == null
                ? parameters
                : parameters.put("confirm_token", confirmToken);
    }

    /** Adds the names and priorities of the chosen tasks to the filter. The brain never sends their arguments. */
    private static JsonObject bulk(JsonObject body, Input given) {
        JsonObject parameters = copy(body, "filter", "max");
        JsonObject names = new JsonObject();
        JsonObject priorities = new JsonObject();
        given.known().tasks().forEach((id, task) -> {
            if (task.name() != null) {
                names.put(id, task.name());
            }
            if (task.priority() != null) {
                priorities.put(id, task.priority());
            }
        });
        if (parameters.getValue("filter") instanceof JsonObject chosen && !(names.isEmpty() && priorities.isEmpty())) {
            parameters.put("filter", chosen.copy().put("task_names", names).put("task_priorities", priorities));
        }
        return parameters;
    }

    private static JsonObject retry(JsonObject body, Input given) {
        JsonObject parameters = copy(body, "override_args", "override_kwargs", "eta_seconds");
        if (body.getInteger("eta_seconds") != null) {
            parameters.put("eta", given.now().getEpochSecond() + body.getInteger("eta_seconds"));
        }
        if (given.known().task().name() != null) {
            parameters.put("task_name", given.known().task().name());
        }
        if (given.known().task().priority() != null) {
            parameters.put("priority", given.known().task().priority());
        }
        return parameters;
    }

    private static LibraryForm task(Verb verb, JsonObject body, @Nullable String engine, JsonObject parameters) {
        String taskId = body.getString("task_id");
        parameters.put("task_id", taskId);
        return form(verb.wireName(), new Target("task", engine + ":" + taskId, engine), parameters, null);
    }

    private static LibraryForm resize(JsonObject body, @Nullable String engine) {
        int delta = body.getInteger("delta");
        JsonObject parameters = copy(body, "worker_name").put("delta", Math.abs(delta));
        return worker(delta > 0 ? "pool_grow" : "pool_shrink", body, engine, parameters);
    }

    private static LibraryForm worker(String action, JsonObject body, @Nullable String engine, JsonObject parameters) {
        String name = body.getString("worker_name");
        return form(action, new Target("worker", name, engine), parameters, name);
    }

    private static LibraryForm form(String action, Target target, JsonObject parameters, @Nullable String workerName) {
        if (target.engine() != null) {
            parameters.put("engine", target.engine());
        }
        return new LibraryForm(
                action,
                target.type(),
                target.id(),
                Json.parse(target.json().encode()),
                Json.parse(parameters.encode()),
                target.engine(),
                workerName);
    }

    private static JsonObject copy(JsonObject body, String... names) {
        JsonObject copy = new JsonObject();
        for (String name : names) {
            if (body.getValue(name) != null) {
                copy.put(name, body.getValue(name));
            }
        }
        return copy;
    }
}
