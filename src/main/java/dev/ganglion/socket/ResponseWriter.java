package dev.ganglion.socket;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/**
 * Writes HTTP responses, and disconnects clients that do not read them. A large body is written in parts, so that only a
 * small part of it waits in the connection. Confined to the context of the request.
 */
public final class ResponseWriter {
    /** Time in which a client must read something, in milliseconds. */
    public static final long STALL_MS = 10_000;

    private static final int PART_BYTES = 64 << 10;
    /** Time between two checks of the progress, in milliseconds. */
    private static final long CHECK_MS = STALL_MS / 2;
    /** Number of checks by which a client must have read the whole response: 60 s. */
    private static final int MAX_CHECKS = 12;

    private final Vertx vertx;
    private final HttpServerRequest request;
    private final Buffer body;
    private final Promise<Void> sent = Promise.promise();
    private int written;
    private int writtenBefore = -1;
    private int checks;
    private int checksWithoutProgress;

    private ResponseWriter(Vertx vertx, HttpServerRequest request, Buffer body) {
        this.vertx = vertx;
        this.request = request;
        this.body = body;
    }

    /**
     * Handles a request once the client has read enough of the responses to its earlier requests on this connection. A
     * client that sends request after request and reads no response is disconnected.
     */
    public static void whenRead(Vertx vertx, HttpServerRequest request, Runnable handler) {
        HttpServerResponse response = request.response();
        if (!response.writeQueueFull()) {
            handler.run();
            return;
        }
        request.pause();
        long timer = vertx.setTimer(STALL_MS, late -> cut(request));
        response.drainHandler(read -> {
            if (vertx.cancelTimer(timer)) {
                response.drainHandler(null);
                request.resume();
                handler.run();
            }
        });
    }

    /**
     * Writes the body and ends the response. The future completes when the client has received it, or else fails because
     * the connection was closed. A client that reads nothing for 10 s, or needs more than 60 s, is disconnected.
     */
    public static Future<Void> end(Vertx vertx, HttpServerRequest request, Buffer body) {
        if (body.length() > PART_BYTES && !request.method().equals(HttpMethod.HEAD)) {
            return new ResponseWriter(vertx, request, body).inParts();
        }
        return guarded(vertx, request, request.response().end(body));
    }

    /** Disconnects the client if it has not received the response after 10 s. */
    private static Future<Void> guarded(Vertx vertx, HttpServerRequest request, Future<Void> ended) {
        if (ended.isComplete()) {
            return ended;
        }
        long timer = vertx.setTimer(STALL_MS, late -> cut(request));
        return ended.onComplete(done -> vertx.cancelTimer(timer));
    }

    /** Closes the connection of a request and discards its output. */
    public static void cut(HttpServerRequest request) {
        SocketChannel.of(request).cut();
    }

    private Future<Void> inParts() {
        HttpServerResponse response = request.response();
        response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
        response.drainHandler(read -> writeParts());
        long timer = vertx.setPeriodic(CHECK_MS, late -> checkProgress());
        writeParts();
        return sent.future().onComplete(done -> vertx.cancelTimer(timer));
    }

    private void writeParts() {
        HttpServerResponse response = request.response();
        while (written < body.length() && !sent.future().isComplete() && !response.writeQueueFull()) {
            int end = Math.min(body.length(), written + PART_BYTES);
            Buffer part = body.slice(written, end);
            written = end;
            if (end == body.length()) {
                response.end(part).onSuccess(sent::tryComplete).onFailure(sent::tryFail);
            } else {
                response.write(part).onFailure(sent::tryFail);
            }
        }
    }

    private void checkProgress() {
        checksWithoutProgress = written == writtenBefore ? checksWithoutProgress + 1 : 0;
        if (checksWithoutProgress * CHECK_MS >= STALL_MS || ++checks >= MAX_CHECKS) {
            cut(request);
            sent.tryFail("the client does not read");
        }
        writtenBefore = written;
    }
}
