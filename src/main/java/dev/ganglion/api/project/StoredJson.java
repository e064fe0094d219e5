package dev.ganglion.api.project;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ganglion.auth.Agent;
import dev.ganglion.protocol.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

/**
 * Converts stored JSON that came from agents. The brain validated this JSON when it arrived, and the frame bounds its
 * size. Jackson's default limits are lower than those of the protocol (numbers of 1,000 digits, keys of 50,000
 * characters) and would fail the request.
 */
final class StoredJson {
    private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build());

    private StoredJson() {}

    @SuppressWarnings("unchecked")
    static JsonObject object(Json json) {
        return new JsonObject((Map<String, Object>) read(json, Map.class));
    }

    static JsonArray array(Json json) {
        return new JsonArray(read(json, List.class));
    }

    /**
     * Returns the engines of the agent's connections. If it has none but polls, or if it never sent a hello frame, adds the
     * engines that the frames of its long-poll sessions mentioned.
     */
    static JsonArray engines(Agent agent) {
        Agent.About about = agent.about();
        if (about == null) {
            return new JsonArray(agent.mentionedEngines());
        }
        JsonArray engines = array(about.engines());
        if (agent.connectivity().connections() == 0 && agent.connectivity().polls() > 0) {
            agent.mentionedEngines().stream()
                    .filter(engine -> !engines.contains(engine))
                    .forEach(engines::add);
        }
        return engines;
    }

    private static <T> T read(Json json, Class<T> type) {
        try {
            return MAPPER.readValue(json.text(), type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the stored JSON of an agent is invalid or has an unexpected type", e);
        }
    }
}
