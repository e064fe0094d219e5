package dev.ganglion.store.agent;

import dev.ganglion.protocol.frame.Hello;
import dev.ganglion.store.redis.HashFields;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Collects the engines, schedulers, actions and frameworks that the sessions of an agent state: the union of those that
 * are connected, or of those that ended last if none is. Not thread-safe.
 */
final class AgentFeatures {
    /** Sessions that ended within this time of the last one count as having ended together with it. */
    private static final long TOGETHER_MS = 600_000;
    /** Time in which a worker process that restarts should be back. {@code dispatch.lua} has the same. */
    static final Duration COMES_BACK = Duration.ofMinutes(10);

    private static final String ENGINE = "e|";
    private static final String UNKNOWN = "?";

    private final Set<String> engines = new TreeSet<>();
    private final Set<String> schedulers = new TreeSet<>();
    private final Set<String> frameworks = new TreeSet<>();
    private final Map<String, Set<String>> actions = new TreeMap<>();
    private final Set<String> enginesOfUnknownActions = new TreeSet<>();
    private boolean stated;

    /** Adds what the hello of a connection states. */
    void add(SessionFeatures session) {
        Hello.Features features = session.stated();
        stated = true;
        if (session.framework() != null) {
            frameworks.add(session.framework());
        }
        engines.addAll(features.engines());
        schedulers.addAll(features.schedulers());
        features.capabilities().forEach(this::addActions);
        features.engines().stream()
                .filter(engine -> !features.capabilities().containsKey(engine))
                .forEach(enginesOfUnknownActions::add);
    }

    /** Adds the engines and schedulers of the connections that ended last. */
    void addEnded(HashFields ended) {
        long last = ended.fields().values().stream()
                .mapToLong(AgentFeatures::endedAt)
                .max()
                .orElse(0);
        ended.fields().forEach((field, text) -> {
            if (endedAt(text) < last - TOGETHER_MS) {
                return;
            }
            stated = true;
            String name = field.substring(ENGINE.length());
            if (!field.startsWith(ENGINE)) {
                schedulers.add(name);
                return;
            }
            engines.add(name);
            String names = text.substring(text.indexOf('|') + 1);
            if (!names.equals(UNKNOWN)) {
                addActions(name, names.isEmpty() ? List.of() : List.of(names.split(",")));
            }
        });
    }

    /** The engines of connections that ended after a time. */
    static Set<String> enginesEndedSince(Instant time, HashFields ended) {
        Set<String> engines = new TreeSet<>();
        ended.fields().forEach((field, text) -> {
            if (field.startsWith(ENGINE) && endedAt(text) > time.toEpochMilli()) {
                engines.add(field.substring(ENGINE.length()));
            }
        });
        return engines;
    }

    private static long endedAt(String text) {
        return Long.parseLong(text.substring(0, text.indexOf('|')));
    }

    private void addActions(String engine, List<String> names) {
        actions.computeIfAbsent(engine, key -> new TreeSet<>()).addAll(names);
    }

    /** Whether any session stated its features. Sessions of earlier brains did not. */
    boolean isStated() {
        return stated;
    }

    Set<String> engines() {
        return engines;
    }

    Set<String> schedulers() {
        return schedulers;
    }

    Set<String> frameworks() {
        return frameworks;
    }

    /** The actions by engine, without the engines whose actions one of the sessions does not state. */
    JsonObject actionsJson() {
        JsonObject json = new JsonObject();
        actions.forEach((engine, names) -> {
            if (!enginesOfUnknownActions.contains(engine)) {
                json.put(engine, new JsonArray(new ArrayList<>(names)));
            }
        });
        return json;
    }
}
