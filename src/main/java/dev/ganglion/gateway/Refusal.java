package dev.ganglion.gateway;

import dev.ganglion.protocol.ErrorCode;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An agent's request that is refused.
 *
 * @param status HTTP status
 * @param code why, for programs
 * @param message why, in a sentence that names the fix
 * @param retryAfter seconds after which to try again; 0 says nothing
 */
record Refusal(int status, ErrorCode code, String message, int retryAfter) {
    private static final Logger LOG = LoggerFactory.getLogger(Refusal.class);
    private static final int RETRY_AFTER_SECONDS = 5;

    /** With the status that the code has everywhere. */
    static Refusal of(ErrorCode code, String message) {
        int status = code.httpStatus();
        return new Refusal(status, code, message, status == 503 ? RETRY_AFTER_SECONDS : 0);
    }

    static Refusal storeAway() {
        return of(ErrorCode.STORE_UNAVAILABLE, "the store is away");
    }

    static Refusal cutOff() {
        return of(ErrorCode.CUT_OFF, "this node is cut off from the larger part of its cluster");
    }

    static Refusal unauthorized() {
        return of(ErrorCode.UNAUTHORIZED, "the bearer is missing or not an agent's token");
    }

    /** Answers, unless that was done or the agent is gone. */
    void answer(HttpServerRequest request) {
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
                .onFailure(failure -> LOG.trace("the peer was gone", failure));
    }
}
