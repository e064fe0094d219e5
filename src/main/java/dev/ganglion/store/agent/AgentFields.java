package dev.ganglion.store.agent;

import dev.ganglion.auth.Agent;
import dev.ganglion.protocol.frame.Hello;
import dev.ganglion.protocol.json.Json;
import dev.ganglion.store.redis.HashFields;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Converts the parts of a hello frame that describe an agent to fields of the agent's record, and back. */
public final class AgentFields {
    /** Prefix of the record fields that name an engine which the agent mentioned without a hello frame. */
    public static final String MENTIONED = "told:";

    private AgentFields() {}

    static List<String> mentionedEngines(HashFields record) {
        return record.fields().keySet().stream()
                .filter(field -> field.startsWith(MENTIONED))
                .map(field -> field.substring(MENTIONED.length()))
                .sorted()
                .toList();
    }

    public static Map<String, String> of(Hello hello) {
        JsonObject capabilities = new JsonObject();
        hello.features().capabilities().forEach((engine, names) -> capabilities.put(engine, new JsonArray(names)));
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("protocol_version", hello.protocolVersion());
        fields.put("agent_version", hello.agentVersion());
        fields.put("framework", hello.framework());
        fields.put("engines", new JsonArray(hello.features().engines()).encode());
        fields.put("schedulers", new JsonArray(hello.features().schedulers()).encode());
        fields.put("capabilities", capabilities.encode());
        fields.put("host", hello.host().text());
        return fields;
    }

    /**
     * Reads the description of an agent: the record holds the last hello, the sessions hold the rest.
     *
     * @param sessions what the agent's sessions state; if that is nothing, the record's last hello stands for them
     */
    static Agent.@Nullable About about(HashFields record, AgentFeatures sessions) {
        if (record.text("protocol_version") == null) {
            return null;
        }
        String framework = record.required("framework");
        boolean stated = sessions.isStated();
        return new Agent.About(
                record.required("protocol_version"),
                record.required("agent_version"),
                framework,
                sessions.frameworks().isEmpty() ? List.of(framework) : List.copyOf(sessions.frameworks()),
                stated ? json(new JsonArray(List.copyOf(sessions.engines()))) : json(record, "engines"),
                stated ? json(new JsonArray(List.copyOf(sessions.schedulers()))) : json(record, "schedulers"),
                capabilities(record, sessions),
                json(record, "host"));
    }

    /** The actions of the sessions; those of the last hello if it has the same engines and no session states actions. */
    private static Json capabilities(HashFields record, AgentFeatures sessions) {
        Set<String> engines = new HashSet<>();
        new JsonArray(record.required("engines")).forEach(engine -> engines.add(String.valueOf(engine)));
        boolean fromLastHello =
                !sessions.isStated() || (sessions.actionsJson().isEmpty() && engines.equals(sessions.engines()));
        return fromLastHello ? json(record, "capabilities") : json(sessions.actionsJson());
    }

    private static Json json(JsonArray array) {
        return Json.ofCanonical(array.encode().getBytes(StandardCharsets.UTF_8));
    }

    private static Json json(JsonObject object) {
        return Json.ofCanonical(object.encode().getBytes(StandardCharsets.UTF_8));
    }

    private static Json json(HashFields record, String field) {
        return Json.ofCanonical(record.required(field).getBytes(StandardCharsets.UTF_8));
    }
}
