package dev.ganglion.projection.engine;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * A report about one engine worker or queue that is not an event of its own: of a heartbeat, or of a process that runs
 * tasks of an engine that names no workers.
 *
 * @param agentId agent that sent the report
 * @param atMs time when the report arrived, in milliseconds since 1970
 * @param value depth of the queue, or details of the engine worker
 * @param process {@code worker_id} of the process that is the engine worker; null for a report of a heartbeat
 */
public record EngineReport(
        String agentId, long atMs, Object value, @Nullable String process) {

    /** Creates the report of a heartbeat. */
    public EngineReport(String agentId, long atMs, Object value) {
        this(agentId, atMs, value, null);
    }

    /** Encodes the report as JSON for the store. */
    public String encode() {
        JsonObject json = new JsonObject().put("agent", agentId).put("at", atMs).put("v", value);
        return (process == null ? json : json.put("w", process)).encode();
    }

    /** Decodes a stored report. */
    public static EngineReport decode(String text) {
        JsonObject json = new JsonObject(text);
        return new EngineReport(json.getString("agent"), json.getLong("at"), json.getValue("v"), json.getString("w"));
    }
}
