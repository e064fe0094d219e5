package dev.ganglion.command;

import dev.ganglion.protocol.ErrorCode;
import dev.ganglion.protocol.GanglionException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an agent last said it can do.
 *
 * @param engines its engines; empty when it never connected
 * @param capabilities the actions of each engine
 */
public record Abilities(JsonArray engines, JsonObject capabilities) {

    /**
     * The engine that a body names, else the agent's only one (with that capability); null while no engine is known.
     *
     * @throws GanglionException {@code engine_required} when there are several, or when none is known and the verb is
     *     about a task, whose id says its engine
     */
    public @Nullable String engine(Verb verb, JsonObject body) {
        String named = body.getString("engine");
        if (named != null) {
            return named;
        } else if (engines.isEmpty() && (verb == Verb.RETRY_TASK || verb == Verb.CANCEL_TASK)) {
            throw required("the agent has not said yet which it has, name the task's");
        } else if (engines.isEmpty()) {
            return null;
        } else if (engines.size() == 1) {
            return engines.getString(0);
        }
        List<String> able = new ArrayList<>();
        for (Object engine : engines) {
            JsonArray actions = capabilities.getJsonArray(String.valueOf(engine));
            if (actions != null && verb.actions().stream().anyMatch(actions::contains)) {
                able.add(String.valueOf(engine));
            }
        }
        if (able.size() == 1) {
            return able.get(0);
        }
        throw required("the agent has several (" + engines.encode() + "), name one");
    }

    /** Whether an engine is known to lack a verb. */
    boolean lacks(@Nullable String engine, Verb verb) {
        JsonArray actions = engine == null ? null : capabilities.getJsonArray(engine);
        return actions != null && !actions.contains(verb.wireName());
    }

    private static GanglionException required(String why) {
        return new GanglionException(ErrorCode.ENGINE_REQUIRED, "engine: " + why, "engine");
    }
}
