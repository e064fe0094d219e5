package dev.ganglion.cli;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** Describes the outcome of a command in words. */
final class CommandOutcomeText {
    private CommandOutcomeText() {}

    static String of(JsonObject command, String agent) {
        String head = command.getString("verb") + " on " + agent + ": ";
        return switch (command.getString("status")) {
            case "completed" -> head + "completed after " + time(command) + result(command) + dropped(command);
            case "failed" -> head + "failed after " + time(command) + ": " + error(command) + result(command);
            case "timeout" ->
                head + "timed out after " + time(command)
                        + (command.getBoolean("may_have_run", false)
                                ? "; an agent received it, so it may have run"
                                : "; no agent received it");
            default -> head + command.getString("status") + ", with id " + command.getString("id") + dropped(command);
        };
    }

    private static String time(JsonObject command) {
        Duration took = Duration.between(
                Instant.parse(command.getString("issued_at")), Instant.parse(command.getString("completed_at")));
        return String.format(Locale.ROOT, "%.3f s", took.toMillis() / 1000.0);
    }

    private static String result(JsonObject command) {
        Object result = command.getValue("result");
        return result == null ? "" : System.lineSeparator() + Json.encodePrettily(result);
    }

    private static String error(JsonObject command) {
        JsonObject error = command.getJsonObject("error", new JsonObject());
        String code = error.getString("code");
        String message = error.getString("message");
        String reason = message == null ? "the agent gave no reason" : message;
        return code == null ? reason : reason + " (" + code + ")";
    }

    private static String dropped(JsonObject command) {
        JsonArray dropped = command.getJsonArray("dropped_arguments", new JsonArray());
        return dropped.isEmpty()
                ? ""
                : System.lineSeparator() + "omitted arguments that clients may not set: " + dropped;
    }
}
