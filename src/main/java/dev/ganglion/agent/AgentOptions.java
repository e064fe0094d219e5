package dev.ganglion.agent;

import dev.ganglion.agent.outbox.Batching;
import dev.ganglion.config.value.Secret;
import dev.ganglion.protocol.Dialect;
import dev.ganglion.protocol.KeyDerivation;
import dev.ganglion.protocol.error.ProtocolLimits;
import io.vertx.core.net.ClientSSLOptions;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The connection options of one agent.
 *
 * @param projectId expected project, or null; the agent rejects a hello_ack for another project
 * @param tls trust settings for {@code wss://}; null for those of the JVM
 */
public record AgentOptions(
        BrainAddress brain,
        Credentials credentials,
        @Nullable String projectId,
        Dialect dialect,
        AgentProfile profile,
        Batching batching,
        BackoffRange backoff,
        @Nullable ClientSSLOptions tls) {
    /**
     * The secrets of an agent. Both are masked when printed.
     *
     * @param token bearer token of the WebSocket upgrade
     * @param hmacSecret the project's secret, in URL-safe or standard base64
     */
    public record Credentials(Secret token, Secret hmacSecret) {
        public Credentials {
            byte[] secret = KeyDerivation.secretBytes(hmacSecret.value());
            Arrays.fill(secret, (byte) 0);
            checkBearer(token);
        }

        private static void checkBearer(Secret token) {
            String text = token.value();
            if (text.isEmpty()
                    || text.length() > ProtocolLimits.MAX_BEARER
                    || !text.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
                throw new IllegalArgumentException(
                        "the token must have 1 to " + ProtocolLimits.MAX_BEARER + " visible ASCII characters");
            }
        }
    }

    /**
     * Creates options with the documented dialect, a simulated agent without a worker id, and default batching and
     * back-off.
     */
    public static AgentOptions of(String url, Secret token, Secret hmacSecret) {
        return new AgentOptions(
                BrainAddress.parse(url),
                new Credentials(token, hmacSecret),
                null,
                Dialect.DOCUMENTED,
                AgentProfile.simulated(null),
                Batching.DEFAULT,
                BackoffRange.DEFAULT,
                null);
    }

    public AgentOptions withProjectId(@Nullable String id) {
        return new AgentOptions(brain, credentials, id, dialect, profile, batching, backoff, tls);
    }

    public AgentOptions withDialect(Dialect newDialect) {
        return new AgentOptions(brain, credentials, projectId, newDialect, profile, batching, backoff, tls);
    }

    public AgentOptions withProfile(AgentProfile newProfile) {
        return new AgentOptions(brain, credentials, projectId, dialect, newProfile, batching, backoff, tls);
    }

    public AgentOptions withBatching(Batching newBatching) {
        return new AgentOptions(brain, credentials, projectId, dialect, profile, newBatching, backoff, tls);
    }

    public AgentOptions withBackoff(BackoffRange newBackoff) {
        return new AgentOptions(brain, credentials, projectId, dialect, profile, batching, newBackoff, tls);
    }

    public AgentOptions withTls(@Nullable ClientSSLOptions trust) {
        return new AgentOptions(brain, credentials, projectId, dialect, profile, batching, backoff, trust);
    }
}
