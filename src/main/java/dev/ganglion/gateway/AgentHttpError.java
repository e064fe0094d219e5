package dev.ganglion.gateway;

import dev.ganglion.protocol.error.ErrorCode;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An HTTP error response to a request of an agent.
 *
 * @param status HTTP status
 * @param code error code for programs
 * @param message explanation for people, one sentence that names the fix
 * @param retryAfter value of the Retry-After header in seconds; 0 to omit the header
 */
public record AgentHttpError(int status, ErrorCode code, String message, int retryAfter) {
    private static final Logger LOG = LoggerFactory.getLogger(AgentHttpError.class);
    private static final int RETRY_AFTER_SECONDS = 5;

    /**
     * Creates an error response with the HTTP status of its error code. A 503 response has a Retry-After header of 5
     * seconds.
     */
    public static AgentHttpError of(ErrorCode code, String message) {
        int status = code.httpStatus();
        return new AgentHttpError(status, code, message, status == 503 ? RETRY_AFTER_SECONDS : 0);
    }

    public static AgentHttpError storeUnavailable() {
        return of(ErrorCode.STORE_UNAVAILABLE, "the store is unavailable; retry later");
    }

    public static AgentHttpError cutOff() {
        return of(
                ErrorCode.CUT_OFF,
                "this node is cut off from the larger part of its cluster; connect to another node or retry later");
    }

    public static AgentHttpError unauthorized() {
        return of(ErrorCode.UNAUTHORIZED, "Authorization: the bearer token is missing, invalid or revoked");
    }

    /** Sends the response, unless one was sent before or the agent disconnected. */
    public void answer(HttpServerRequest request) {
        if (request.response().ended() || request.response().closed()) {
            return;
        }
        request.resume();
        if (retryAfter > 0) {
            request.response().putHeader(HttpHeaders.RETRY_AFTER, Integer.toString(retryAfter));
        }
        if (status == 401) {
            request.response().putHeader("WWW-Authenticate", "Bearer");
        }
        JsonObject body = new JsonObject()
                .put("error", code.code())
                .put("message", message)
                .put("details", new JsonObject())
                .put("request_id", UUID.randomUUID().toString());
        request.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(body.toBuffer())
                .onFailure(failure -> LOG.trace("The agent disconnected before the response was sent", failure));
    }
}
