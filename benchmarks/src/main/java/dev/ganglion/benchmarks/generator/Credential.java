package dev.ganglion.benchmarks.generator;

import dev.ganglion.protocol.KeyDerivation;
import io.vertx.core.json.JsonObject;

/** The credentials of an agent. {@link #toString} prints only the agent's id. */
@SuppressWarnings("ArrayRecordComponent") // Credentials are never compared.
public record Credential(String agentId, String projectId, String token, byte[] secret) {
    /** Reads the fields {@code agent_id, project_id, token, hmac_secret}. */
    public static Credential of(JsonObject json) {
        return new Credential(
                json.getString("agent_id", ""),
                json.getString("project_id", ""),
                json.getString("token"),
                KeyDerivation.secretBytes(json.getString("hmac_secret")));
    }

    @Override
    public String toString() {
        return "Credential[" + agentId + "]";
    }
}
