package dev.ganglion.command;

import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The engines and actions that the sessions of an agent have together.
 *
 * @param engines names of the agent's engines; empty if they are unknown
 * @param capabilities actions that each engine supports in any session, by engine name
 */
public record AgentCapabilities(JsonArray engines, JsonObject capabilities) {

    /**
     * Chooses the engine of a command: the engine that the body names, or the agent's only engine, or the only one of
     * its engines that supports the verb. Returns null if the agent's engines are unknown and the verb concerns no
     * single task.
     *
     * @throws GanglionException {@code engine_required} if several engines qualify. Also if the engines are unknown and
     *     the verb concerns a task, since the task's full id contains its engine
     */
    public @Nullable String engine(Verb verb, JsonObject body) {
        String named = body.getString("engine");
        if (named != null) {
            return named;
        } else if (engines.isEmpty() && verb.namesTask()) {
            throw required("the agent has not reported its engines yet; set this field to the task's engine");
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
        throw required("the agent has several engines (" + engines.encode() + "); set this field to one of them");
    }

    /** Whether a session is sure to have this engine, or engines are unknown, so that no session needs to be asked. */
    public boolean hasEngine(@Nullable String engine) {
        return engine == null || engines.isEmpty() || engines.contains(engine);
    }

    /** Whether an engine's reported actions lack a verb. False if the engine's actions are unknown. */
    boolean lacksAction(@Nullable String engine, Verb verb) {
        JsonArray actions = engine == null ? null : capabilities.getJsonArray(engine);
        return actions != null && !actions.contains(verb.wireName());
    }

    private static GanglionException required(String why) {
        return new GanglionException(ErrorCode.ENGINE_REQUIRED, "engine: " + why, "engine");
    }
}
