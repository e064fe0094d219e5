package dev.ganglion.agent;

import dev.ganglion.config.Secret;
import dev.ganglion.protocol.Dialect;
import dev.ganglion.protocol.Keys;
import dev.ganglion.protocol.ProtocolLimits;
import io.vertx.core.net.ClientSSLOptions;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How one agent reaches its brain and what it says there. Both secrets print as a mask.
 *
 * @param token the bearer of the upgrade
 * @param hmacSecret the project's secret, in url-safe or standard base64
 * @param projectId when given, a hello_ack for another project is refused
 * @param tls trust for {@code wss://}, null for the JVM's own
 */
public record AgentOptions(
        BrainAddress brain,
        Secret token,
        Secret hmacSecret,
        @Nullable String projectId,
        Dialect dialect,
        AgentProfile profile,
        Batching batching,
        BackoffRange backoff,
        @Nullable ClientSSLOptions tls) {
    public AgentOptions {
        byte[] checked = Keys.secretBytes(hmacSecret.value());
        Arrays.fill(checked, (byte) 0);
        checkBearer(token);
    }

    /** The documented dialect, a simulated nameless worker, default batching and backoff. */
    public static AgentOptions of(String url, Secret token, Secret hmacSecret) {
        return new AgentOptions(
                BrainAddress.parse(url),
                token,
                hmacSecret,
                null,
                Dialect.DOCUMENTED,
                AgentProfile.simulated(null),
                Batching.DEFAULT,
                BackoffRange.DEFAULT,
                null);
    }

    public AgentOptions withProjectId(@Nullable String id) {
        return new AgentOptions(brain, token, hmacSecret, id, dialect, profile, batching, backoff, tls);
    }

    public AgentOptions withDialect(Dialect spoken) {
        return new AgentOptions(brain, token, hmacSecret, projectId, spoken, profile, batching, backoff, tls);
    }

    public AgentOptions withProfile(AgentProfile said) {
        return new AgentOptions(brain, token, hmacSecret, projectId, dialect, said, batching, backoff, tls);
    }

    public AgentOptions withBatching(Batching gathered) {
        return new AgentOptions(brain, token, hmacSecret, projectId, dialect, profile, gathered, backoff, tls);
    }

    public AgentOptions withBackoff(BackoffRange waits) {
        return new AgentOptions(brain, token, hmacSecret, projectId, dialect, profile, batching, waits, tls);
    }

    public AgentOptions withTls(@Nullable ClientSSLOptions trust) {
        return new AgentOptions(brain, token, hmacSecret, projectId, dialect, profile, batching, backoff, trust);
    }

    private static void checkBearer(Secret token) {
        String text = token.value();
        if (text.isEmpty()
                || text.length() > ProtocolLimits.MAX_BEARER
                || !text.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException(
                    "a token is 1 to " + ProtocolLimits.MAX_BEARER + " visible ASCII characters");
        }
    }
}
