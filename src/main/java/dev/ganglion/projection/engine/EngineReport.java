package dev.ganglion.projection.engine;

import io.vertx.core.json.JsonObject;

/**
 * A heartbeat's report about one engine worker or queue.
 *
 * @param agentId agent that sent the heartbeat
 * @param atMs time when the heartbeat arrived, in milliseconds since 1970
 * @param value depth of the queue, or details of the engine worker
 */
public record EngineReport(String agentId, long atMs, Object value) {

    /** Encodes the report as JSON for the store. */
    public String encode() {
        return new JsonObject()
                .put("agent", agentId)
                .put("at", atMs)
                .put("v", value)
                .encode();
    }

    /** Decodes a stored report. */
    public static EngineReport decode(String text) {
        JsonObject json = new JsonObject(text);
        return new EngineReport(json.getString("agent"), json.getLong("at"), json.getValue("v"));
    }
}
