package dev.ganglion.bus;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Encodes change notices, node statistics and the load of projectors as JSON for {@link NodeCodec}. */
final class StatisticsCodec {
    private StatisticsCodec() {}

    /** Encodes each change as a pair of project id and topic name. */
    static JsonArray encode(Set<ChangeNotice> changes) {
        JsonArray all = new JsonArray();
        changes.forEach(change -> all.add(
                new JsonArray().add(change.projectId()).add(change.topic().wireName())));
        return all;
    }

    /** Decodes changes and skips topics that only a later version knows. */
    static Set<ChangeNotice> changes(JsonArray json) {
        Set<ChangeNotice> changes = new LinkedHashSet<>();
        for (int i = 0; i < json.size(); i++) {
            JsonArray pair = json.getJsonArray(i);
            String project = Objects.requireNonNull(pair.getString(0), "project_id");
            ChangeNotice.Topic.ofWireName(Objects.requireNonNull(pair.getString(1), "topic"))
                    .ifPresent(topic -> changes.add(new ChangeNotice(project, topic)));
        }
        return Set.copyOf(changes);
    }

    static JsonObject encode(NodeStatistics pulse) {
        return new JsonObject()
                .put("node_id", pulse.nodeId())
                .put("started_at", pulse.startedAt())
                .put("events", new JsonObject(new LinkedHashMap<>(pulse.events())))
                .put("commands", new JsonObject(new LinkedHashMap<>(pulse.commands())))
                .put("connections", new JsonObject(new LinkedHashMap<>(pulse.connections())))
                .put("ack_buckets", new JsonArray(pulse.ackBuckets()));
    }

    static NodeStatistics pulse(JsonObject json) {
        JsonArray buckets = json.getJsonArray("ack_buckets");
        Long[] counts = new Long[buckets.size()];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = buckets.getLong(i);
        }
        return new NodeStatistics(
                Objects.requireNonNull(json.getString("node_id"), "node_id"),
                json.getLong("started_at"),
                counts(json.getJsonObject("events")),
                counts(json.getJsonObject("commands")),
                counts(json.getJsonObject("connections")),
                List.of(counts));
    }

    static JsonObject encode(ProjectorLoad load) {
        return new JsonObject()
                .put("node_id", load.nodeId())
                .put("leases", load.leases())
                .put("behind_ms", load.behindMs())
                .put("busy_percent", load.busyPercent())
                .put("accepting", load.accepting())
                .put("freed", new JsonArray(List.copyOf(load.freed())));
    }

    static ProjectorLoad load(JsonObject json) {
        Set<String> freed = new LinkedHashSet<>();
        JsonArray names = json.getJsonArray("freed");
        for (int i = 0; i < names.size(); i++) {
            freed.add(Objects.requireNonNull(names.getString(i), "freed"));
        }
        return new ProjectorLoad(
                Objects.requireNonNull(json.getString("node_id"), "node_id"),
                json.getInteger("leases"),
                json.getLong("behind_ms"),
                json.getInteger("busy_percent"),
                json.getBoolean("accepting"),
                freed);
    }

    private static Map<String, Long> counts(JsonObject json) {
        Map<String, Long> counts = new LinkedHashMap<>();
        json.fieldNames().forEach(name -> counts.put(name, json.getLong(name)));
        return Map.copyOf(counts);
    }
}
