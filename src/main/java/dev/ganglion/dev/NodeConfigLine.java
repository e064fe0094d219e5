package dev.ganglion.dev;

import dev.ganglion.config.source.ConfigSources;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the configuration that a supervisor sends to a node, in addition to the environment that they share.
 *
 * <p>The configuration travels as one line of JSON over the node's standard input, because it contains secrets and all
 * users of the machine can read command lines.
 */
public final class NodeConfigLine {
    private NodeConfigLine() {}

    static String line(ConfigSources sources) {
        return new JsonObject()
                .put("presets", new JsonObject(new LinkedHashMap<>(sources.presets())))
                .put("file", sources.file().map(Path::toString).orElse(null))
                .put("flags", new JsonObject(new LinkedHashMap<>(sources.flags())))
                .encode();
    }

    public static ConfigSources sources(String line, Map<String, String> environment) {
        JsonObject object = new JsonObject(line);
        @Nullable String file = object.getString("file");
        return new ConfigSources(
                texts(object.getJsonObject("presets")),
                Optional.ofNullable(file).map(Path::of),
                environment,
                texts(object.getJsonObject("flags")));
    }

    private static Map<String, String> texts(JsonObject object) {
        Map<String, String> texts = new LinkedHashMap<>();
        object.forEach(entry -> texts.put(entry.getKey(), entry.getValue().toString()));
        return texts;
    }
}
