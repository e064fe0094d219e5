package dev.ganglion.agent;

import dev.ganglion.protocol.CloseCode;
import dev.ganglion.protocol.ErrorCode;
import io.vertx.core.http.UpgradeRejectedException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the end of a connection asks of the agent: to come back, or to give up. */
sealed interface Ending {
    /** What the log says of it; never holds a secret. */
    String reason();

    /** Come back after the backoff, and not before the time that the brain asked for. */
    record Retry(String reason, Duration retryAfter) implements Ending {}

    /** Give up: the same hello would be refused again. */
    record Refused(AgentRefusedException cause) implements Ending {
        @Override
        public String reason() {
            return String.valueOf(cause.getMessage());
        }
    }

    /** The rule of a close code; null is a connection that ended without one. Unknown codes are worth another try. */
    static Ending ofClose(@Nullable Short code, @Nullable String text) {
        if (code == null) {
            return retry("the connection broke (1006)");
        }
        return switch (code) {
            case 4401 ->
                new Refused(new AgentRefusedException(
                        CloseCode.UNAUTHORIZED,
                        "the brain does not know the token (4401): mint a new one for this agent"));
            case 4003 ->
                new Refused(new AgentRefusedException(
                        CloseCode.REVOKED, "the token was revoked (4003): mint a new one for this agent"));
            case 4426 ->
                new Refused(new AgentRefusedException(
                        CloseCode.UNSUPPORTED_VERSION,
                        "the brain does not speak protocol version 2 (4426): use a brain and an agent of one version"));
            case 4429 ->
                new Refused(new AgentRefusedException(
                        CloseCode.CAP_REACHED,
                        "the agent has as many connections as it may (4429): stop one, or raise its connection_cap"));
            default -> retry("closed " + code + (text == null || text.isEmpty() ? "" : " (" + text + ")"));
        };
    }

    /** The rule of an upgrade that did not come about. */
    static Ending ofFailure(Throwable failure) {
        if (!(failure instanceof UpgradeRejectedException rejected)) {
            return retry("no connection: " + failure.getClass().getSimpleName() + ": " + failure.getMessage());
        }
        int status = rejected.getStatus();
        if (status == 401) {
            return new Refused(new AgentRefusedException(
                    status,
                    ErrorCode.UNAUTHORIZED,
                    "the brain does not know the token (HTTP 401): mint a new one for this agent"));
        }
        boolean busy = status == 429 || status == 503;
        return new Retry(
                "the upgrade was answered with HTTP " + status,
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
