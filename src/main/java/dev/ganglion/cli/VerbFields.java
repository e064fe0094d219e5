package dev.ganglion.cli;

import dev.ganglion.command.Verb;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Defines the command-line options of each verb: one option for each field of the REST body. */
final class VerbFields {
    private static final Field WORKER =
            Field.required("--worker", "worker_name", String.class, "NAME", "name of the engine worker");
    private static final Field QUEUE = Field.required("--queue", "queue", String.class, "NAME", "name of the queue");
    private static final Field TASK_ID =
            Field.required("--task-id", "task_id", String.class, "ID", "id of the task in its engine");

    private static final Map<Verb, Shape> SHAPES = Map.of(
            Verb.RETRY_TASK,
            new Shape(
                    "Run a task again.",
                    TASK_ID,
                    Field.optional(
                            "--args",
                            "override_args",
                            JsonArray.class,
                            "JSON",
                            "array that replaces the task's arguments"),
                    Field.optional(
                            "--kwargs",
                            "override_kwargs",
                            JsonObject.class,
                            "JSON",
                            "object that replaces the task's keyword arguments"),
                    Field.optional("--eta", "eta_seconds", Integer.class, "SECONDS", "delay before the task runs")),
            Verb.CANCEL_TASK,
            new Shape("Cancel a task, even if it is running.", TASK_ID),
            Verb.RECONCILE_TASK,
            new Shape("Ask a task's engine for the state of the task.", TASK_ID),
            Verb.BULK_RETRY,
            new Shape(
                    "Run all tasks that match a filter again.",
                    Field.required("--filter", "filter", JsonObject.class, "JSON", "object that selects the tasks"),
                    Field.required("--max", "max", Integer.class, "N", "largest number of tasks, 1 to 10000")),
            Verb.PURGE_QUEUE,
            new Shape(
                    "Delete all tasks that wait in a queue.",
                    QUEUE,
                    Field.optional(
                            "--confirm-token",
                            "confirm_token",
                            String.class,
                            "TOKEN",
                            "confirmation token that the agent requires"),
                    Field.optional(
                            "--force", "force", Boolean.class, "", "purge without a token, however many tasks wait")),
            Verb.RESTART_WORKER,
            new Shape("Restart a worker.", WORKER),
            Verb.POOL_RESIZE,
            new Shape(
                    "Add processes to a worker's pool, or remove some.",
                    WORKER,
                    Field.required(
                            "--delta", "delta", Integer.class, "N", "number of processes to add, negative to remove")),
            Verb.ADD_CONSUMER,
            new Shape("Make a worker consume from a queue.", WORKER, QUEUE),
            Verb.CANCEL_CONSUMER,
            new Shape("Make a worker stop consuming from a queue.", WORKER, QUEUE),
            Verb.RATE_LIMIT,
            new Shape(
                    "Limit how often a task runs.",
                    Field.required("--task", "task_name", String.class, "NAME", "name of the task"),
                    Field.required(
                            "--rate", "rate", String.class, "RATE", "limit such as 10/s or 100/m; 0 for no limit"),
                    Field.optional("--worker", "worker_name", String.class, "NAME", "limit only this worker")));

    private VerbFields() {}

    private record Field(
            String option, String name, Class<?> type, String label, String description, boolean isRequired) {
        static Field required(String option, String name, Class<?> type, String label, String description) {
            return new Field(option, name, type, label, description, true);
        }

        static Field optional(String option, String name, Class<?> type, String label, String description) {
            return new Field(option, name, type, label, description, false);
        }

        OptionSpec spec() {
            String asInRest = "--" + name.replace('_', '-');
            OptionSpec.Builder builder =
                    option.equals(asInRest) ? OptionSpec.builder(option) : OptionSpec.builder(option, asInRest);
            builder.type(type).required(isRequired).description(description);
            return (type == Boolean.class ? builder.arity("0") : builder.paramLabel(label)).build();
        }
    }

    private record Shape(String summary, List<Field> fields) {
        Shape(String summary, Field... fields) {
            this(summary, List.of(fields));
        }
    }

    /** Adds the description and the options of a verb to its command. */
    static void describe(Verb verb, CommandSpec spec) {
        Shape shape = shape(verb);
        spec.name(verb.route()).usageMessage().description(shape.summary());
        for (Field field : shape.fields()) {
            spec.addOption(field.spec());
        }
    }

    /** Returns a REST body with the fields that were given on the command line. */
    static JsonObject body(Verb verb, ParseResult parsed) {
        JsonObject body = new JsonObject();
        for (Field field : shape(verb).fields()) {
            if (parsed.hasMatchedOption(field.option())) {
                body.put(field.name(), parsed.matchedOptionValue(field.option(), null));
            }
        }
        return body;
    }

    private static Shape shape(Verb verb) {
        Shape shape = SHAPES.get(verb);
        if (shape == null) {
            throw new IllegalStateException("no options for " + verb);
        }
        return shape;
    }
}
