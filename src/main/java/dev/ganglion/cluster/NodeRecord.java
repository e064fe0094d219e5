package dev.ganglion.cluster;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The record that a node writes to the store every second. Immutable.
 *
 * @param id the node's id
 * @param address host and port on which the node serves
 * @param version version of the brain
 * @param startedAt time when the node started
 * @param load connections and slots on the node
 * @param draining whether the node is draining before it stops
 * @param sees nodes that this node sees in the cluster and exchanges messages with, including itself
 * @param clockOffsetMs how far the node's clock is ahead of the store's clock, in milliseconds; negative if it is
 *     behind
 */
public record NodeRecord(
        String id,
        String address,
        String version,
        Instant startedAt,
        Load load,
        boolean draining,
        Set<String> sees,
        long clockOffsetMs) {

    /**
     * The load of a node.
     *
     * @param connections number of agents' sockets on the node
     * @param slots number of slots that the node's sessions hold
     */
    public record Load(int connections, int slots) {
        /** The load of a node without agents. */
        public static final Load NONE = new Load(0, 0);
    }

    /** Encodes the record as JSON for the store. */
    public String encode() {
        return new JsonObject()
                .put("address", address)
                .put("version", version)
                .put("started_at", startedAt.toString())
                .put("connections", load.connections())
                .put("slots", load.slots())
                .put("draining", draining)
                .put("sees", new JsonArray(List.copyOf(new TreeSet<>(sees))))
                .put("clock_offset_ms", clockOffsetMs)
                .encode();
    }

    /**
     * Decodes a record that a node of this version or the next one wrote. Missing fields get a default value. If a
     * field is malformed, all fields get their default value: the existence of the record already shows that the node
     * is alive.
     */
    public static NodeRecord decode(String id, String text) {
        try {
            return decode(id, new JsonObject(text));
        } catch (DecodeException | ClassCastException | DateTimeException e) {
            return decode(id, new JsonObject());
        }
    }

    private static NodeRecord decode(String id, JsonObject json) {
        Set<String> sees = new TreeSet<>();
        json.getJsonArray("sees", new JsonArray()).forEach(node -> sees.add(String.valueOf(node)));
        return new NodeRecord(
                id,
                json.getString("address", ""),
                json.getString("version", ""),
                Instant.parse(json.getString("started_at", Instant.EPOCH.toString())),
                new Load(json.getInteger("connections", 0), json.getInteger("slots", 0)),
                json.getBoolean("draining", false),
                Set.copyOf(sees),
                json.getLong("clock_offset_ms", 0L));
    }
}
