package dev.ganglion.event;

import io.vertx.core.json.JsonObject;

/**
 * What an agent's heartbeat told of one worker or queue of an engine.
 *
 * @param agentId whose heartbeat
 * @param atMs when it came, in ms since 1970
 * @param value a queue's depth, or what is known of a worker
 */
public record EngineReport(String agentId, long atMs, Object value) {

    /** As it is kept. */
    public String encode() {
        return new JsonObject()
                .put("agent", agentId)
                .put("at", atMs)
                .put("v", value)
                .encode();
    }

    /** Reads one back. */
    public static EngineReport decode(String text) {
        JsonObject json = new JsonObject(text);
        return new EngineReport(json.getString("agent"), json.getLong("at"), json.getValue("v"));
    }
}
