package dev.ganglion.agent;

import dev.ganglion.protocol.error.CloseCode;
import dev.ganglion.protocol.error.ErrorCode;
import io.vertx.core.http.UpgradeRejectedException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Decides what an agent does after its connection ended: retry or stop. */
sealed interface ConnectionEnd {
    /** The reason for the log; never contains a secret. */
    String reason();

    /** The agent retries after the back-off, but not before the time that the brain requested. */
    record Retry(String reason, Duration retryAfter) implements ConnectionEnd {}

    /** The agent stops, because the brain would refuse the same hello again. */
    record Refused(AgentRefusedException cause) implements ConnectionEnd {
        @Override
        public String reason() {
            return String.valueOf(cause.getMessage());
        }
    }

    /**
     * Returns the reaction to a close code; null means that the connection ended without one. After an unknown code the
     * agent retries.
     */
    static ConnectionEnd ofClose(@Nullable Short code, @Nullable String text) {
        if (code == null) {
            return retry("the connection was lost (1006)");
        }
        return switch (code) {
            case 4401 ->
                new Refused(new AgentRefusedException(
                        CloseCode.UNAUTHORIZED,
                        "the brain rejected the token (4401): create a new token for this agent"));
            case 4003 ->
                new Refused(new AgentRefusedException(
                        CloseCode.REVOKED, "the token was revoked (4003): create a new token for this agent"));
            case 4426 ->
                new Refused(new AgentRefusedException(
                        CloseCode.UNSUPPORTED_VERSION,
                        "the brain does not support protocol version 2 (4426):"
                                + " use the same version of brain and agent"));
            case 4429 ->
                new Refused(new AgentRefusedException(
                        CloseCode.CAP_REACHED,
                        "the agent has reached its connection cap (4429):"
                                + " close a connection, or raise connection_cap"));
            default ->
                retry("the brain closed the connection with code " + code
                        + (text == null || text.isEmpty() ? "" : " (" + text + ")"));
        };
    }

    /** Returns the reaction to a failed upgrade. */
    static ConnectionEnd ofFailure(Throwable failure) {
        if (!(failure instanceof UpgradeRejectedException rejected)) {
            return retry("cannot connect: " + failure.getClass().getSimpleName() + ": " + failure.getMessage());
        }
        int status = rejected.getStatus();
        if (status == 401) {
            return new Refused(new AgentRefusedException(
                    status,
                    ErrorCode.UNAUTHORIZED,
                    "the brain rejected the token (HTTP 401): create a new token for this agent"));
        }
        boolean busy = status == 429 || status == 503;
        return new Retry(
                "the brain rejected the upgrade with HTTP " + status,
                busy ? seconds(rejected.getHeaders().get("Retry-After")) : Duration.ZERO);
    }

    static Retry retry(String reason) {
        return new Retry(reason, Duration.ZERO);
    }

    private static Duration seconds(@Nullable String retryAfter) {
        String digits = retryAfter == null ? "" : retryAfter.strip();
        return digits.matches("\\d{1,9}") ? Duration.ofSeconds(Long.parseLong(digits)) : Duration.ZERO;
    }
}
