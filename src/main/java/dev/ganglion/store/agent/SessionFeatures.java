package dev.ganglion.store.agent;

import dev.ganglion.protocol.error.ProtocolLimits;
import dev.ganglion.protocol.frame.Hello;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The features of a session, which Redis keeps as a text while the session holds its slot. Sessions with equal features
 * have equal texts.
 *
 * @param framework framework that the hello names; null for a session of an earlier brain
 * @param stated what the hello states
 */
public record SessionFeatures(@Nullable String framework, Hello.Features stated) {
    /** Longest text of the actions, in characters. Longer ones are left out, and count as unknown. */
    private static final int MAX_ACTIONS = 4_096;

    private static final String FRAMEWORK = "framework";
    private static final String ENGINES = "engines";
    private static final String SCHEDULERS = "schedulers";
    private static final String ACTIONS = "actions";
    private static final String RUNTIME = "runtime";

    public static String encode(Hello hello) {
        Hello.Features features = hello.features();
        JsonObject json = new JsonObject()
                .put(FRAMEWORK, hello.framework())
                .put(ENGINES, named(features.engines()))
                .put(SCHEDULERS, named(features.schedulers()))
                .put(RUNTIME, named(features.runtimeFeatures()));
        JsonObject actions = new JsonObject();
        new TreeMap<>(features.capabilities())
                .forEach((engine, names) -> actions.put(engine, new JsonArray(new ArrayList<>(names))));
        return (actions.encode().length() > MAX_ACTIONS ? json : json.put(ACTIONS, actions)).encode();
    }

    /** Sorts the names, and drops those that no command can name: they are empty or longer than an engine's name. */
    private static JsonArray named(Collection<String> names) {
        TreeSet<String> sorted = new TreeSet<>(names);
        sorted.removeIf(name -> name.isEmpty() || name.codePointCount(0, name.length()) > ProtocolLimits.MAX_ENGINE);
        return new JsonArray(new ArrayList<>(sorted));
    }

    /** Reads the text of a session; null, for a session of an earlier brain, reads as unknown. */
    public static SessionFeatures decode(@Nullable String text) {
        if (text == null) {
            return new SessionFeatures(null, Hello.Features.UNKNOWN);
        }
        JsonObject json = new JsonObject(text);
        Map<String, List<String>> actions = new LinkedHashMap<>();
        json.getJsonObject(ACTIONS, new JsonObject())
                .forEach(member -> actions.put(member.getKey(), texts((JsonArray) member.getValue())));
        Hello.Features features = new Hello.Features(
                texts(json.getJsonArray(ENGINES)),
                texts(json.getJsonArray(SCHEDULERS)),
                actions,
                texts(json.getJsonArray(RUNTIME)));
        return new SessionFeatures(json.getString(FRAMEWORK), features);
    }

    private static List<String> texts(JsonArray array) {
        return array.stream().map(String::valueOf).toList();
    }
}
