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
 * What a node says of itself in the store, every second.
 *
 * @param id the node
 * @param address host and port where it serves
 * @param version of the brain
 * @param startedAt when it started
 * @param connections agents' sockets that it holds
 * @param slots slots that sessions of it hold
 * @param draining whether it is leaving
 * @param sees the nodes that it sees in the cluster, itself among them
 * @param clockOffsetMs how far its clock is before the store's, in milliseconds
 */
public record NodeRecord(
        String id,
        String address,
        String version,
        Instant startedAt,
        int connections,
        int slots,
        boolean draining,
        Set<String> sees,
        long clockOffsetMs) {

    /** As it is kept. */
    public String encode() {
        return new JsonObject()
                .put("address", address)
                .put("version", version)
                .put("started_at", startedAt.toString())
                .put("connections", connections)
                .put("slots", slots)
                .put("draining", draining)
                .put("sees", new JsonArray(List.copyOf(new TreeSet<>(sees))))
                .put("clock_offset_ms", clockOffsetMs)
                .encode();
    }

    /**
     * Reads what a node of this or the next version has written; what is not there has a default, and so has all of what
     * makes no sense: that the record stands says that the node lives.
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
                json.getInteger("connections", 0),
                json.getInteger("slots", 0),
                json.getBoolean("draining", false),
                Set.copyOf(sees),
                json.getLong("clock_offset_ms", 0L));
    }
}
