package dev.ganglion.store.agent;

import dev.ganglion.auth.Agent;
import dev.ganglion.protocol.error.ProtocolLimits;
import dev.ganglion.protocol.frame.Hello;
import dev.ganglion.protocol.json.CutText;
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

    /** Largest size of what an agent's record keeps of its capabilities and of its host, each. */
    private static final int MAX_BYTES = 16 << 10;

    /** Fields of the record whose size the agent chooses. */
    static final List<String> LARGE = List.of("engines", "schedulers", "capabilities", "host");

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
        int[] room = {MAX_BYTES};
        hello.features().capabilities().forEach((engine, names) -> {
            JsonArray list = new JsonArray(names);
            room[0] -= engine.length() + list.encode().length();
            if (room[0] >= 0) {
                capabilities.put(engine, list);
            }
        });
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("protocol_version", hello.protocolVersion());
        fields.put("agent_version", hello.agentVersion());
        fields.put("framework", hello.framework());
        fields.put("engines", names(hello.features().engines()));
        fields.put("schedulers", names(hello.features().schedulers()));
        fields.put("capabilities", capabilities.encode());
        fields.put("host", host(hello.host()));
        return fields;
    }

    private static String names(List<String> names) {
        return new JsonArray(names.stream()
                        .map(name -> CutText.cut(name, ProtocolLimits.MAX_HOST_NAME))
                        .toList())
                .encode();
    }

    /** Returns the facts about a host. If they are too large, only its names remain. */
    private static String host(Json host) {
        if (host.size() <= MAX_BYTES) {
            return host.text();
        }
        JsonObject names = new JsonObject();
        for (String key : List.of("hostname", "name", "host")) {
            String name = host.textOf(key);
            if (name != null) {
                names.put(key, CutText.cut(name, ProtocolLimits.MAX_HOST_NAME));
            }
        }
        return names.put("cut", true).encode();
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
