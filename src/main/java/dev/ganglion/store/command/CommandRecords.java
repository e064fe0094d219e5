package dev.ganglion.store.command;

import dev.ganglion.command.CommandState;
import dev.ganglion.command.CommandTicket;
import dev.ganglion.command.Verb;
import dev.ganglion.protocol.json.Json;
import dev.ganglion.store.redis.HashFields;
import io.vertx.core.json.JsonArray;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Converts a command's hash in Redis to a {@link CommandTicket}. */
final class CommandRecords {
    private CommandRecords() {}

    static CommandTicket read(String id, HashFields hash) {
        Verb verb = Verb.ofRoute(hash.required("verb").replace('_', '-')).orElseThrow();
        CommandTicket.LibraryForm wire = new CommandTicket.LibraryForm(
                hash.required("action"),
                hash.required("target_type"),
                blankToNull(hash.text("target_id")),
                json(hash, "target"),
                json(hash, "parameters"),
                blankToNull(hash.text("engine")),
                blankToNull(hash.text("names")));
        CommandTicket.Order order = new CommandTicket.Order(
                hash.required("agent_id"),
                verb,
                json(hash, "args"),
                wire,
                Integer.parseInt(hash.required("timeout_seconds")),
                hash.required("issued_by"),
                texts(hash.required("dropped")));
        CommandTicket.Times times = new CommandTicket.Times(
                time(hash, "issued_at"),
                time(hash, "timeout_at"),
                hash.time("dispatched_at"),
                hash.time("acknowledged_at"));
        return new CommandTicket(id, order, state(hash), times);
    }

    private static CommandState state(HashFields hash) {
        return switch (hash.required("status")) {
            case "pending" -> new CommandState.Pending();
            case "dispatched" -> new CommandState.Dispatched();
            case "acknowledged" -> new CommandState.Acknowledged();
            case "completed" -> new CommandState.Completed(time(hash, "completed_at"), json(hash, "result"));
            case "failed" ->
                new CommandState.Failed(time(hash, "completed_at"), json(hash, "result"), json(hash, "error"));
            default ->
                new CommandState.TimedOut(
                        time(hash, "completed_at"), "1".equals(hash.text("may_have_run")), hash.time("late_result_at"));
        };
    }

    private static Instant time(HashFields hash, String field) {
        return Instant.ofEpochMilli(Long.parseLong(hash.required(field)));
    }

    private static Json json(HashFields hash, String field) {
        String text = hash.text(field);
        return text == null || text.isEmpty() ? Json.NULL : Json.ofCanonical(text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> texts(String array) {
        List<String> texts = new ArrayList<>();
        new JsonArray(array).forEach(text -> texts.add(String.valueOf(text)));
        return texts;
    }

    private static @Nullable String blankToNull(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }
}
