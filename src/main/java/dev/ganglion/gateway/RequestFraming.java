package dev.ganglion.gateway;

import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.socket.DecoderFault;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Refuses requests whose end or host another server might read differently, such as a proxy in front of this node. An
 * attacker could hide a second request in the difference. Each refusal closes the connection, since what follows on it
 * cannot be trusted.
 *
 * <p>The decoder refuses most of them itself: a Transfer-Encoding that does not end with {@code chunked}, one beside a
 * Content-Length, one before HTTP/1.1, a repeated Content-Length, and an invalid size of a chunk.
 */
final class RequestFraming {
    private RequestFraming() {}

    /** Answers an ambiguous request with 400 and closes its connection. Returns whether it did. */
    static boolean refused(HttpServerRequest request) {
        Optional<String> fault = fault(request);
        fault.ifPresent(message -> refuse(request, 400, message));
        return fault.isPresent();
    }

    private static Optional<String> fault(HttpServerRequest request) {
        List<String> codings = request.headers().getAll(HttpHeaders.TRANSFER_ENCODING);
        if (codings.size() > 1 || (codings.size() == 1 && !codings.get(0).equalsIgnoreCase("chunked"))) {
            return Optional.of("Transfer-Encoding: only the single value chunked is accepted; remove other codings");
        }
        if (request.headers().getAll(HttpHeaders.HOST).size() > 1) {
            return Optional.of("Host: the header is given more than once; send it once");
        }
        if (isWebSocket(request) && hasBody(request, codings)) {
            return Optional.of("Upgrade: a WebSocket request must not have a body; remove its Content-Length or"
                    + " Transfer-Encoding");
        }
        return Optional.empty();
    }

    /** Other protocols are never accepted: clients that offer HTTP/2 get an answer in HTTP/1.1, with or without a body. */
    private static boolean isWebSocket(HttpServerRequest request) {
        return request.headers().getAll(HttpHeaders.UPGRADE).stream()
                .anyMatch(protocol -> protocol.toLowerCase(Locale.ROOT).contains("websocket"));
    }

    private static boolean hasBody(HttpServerRequest request, List<String> codings) {
        String length = request.headers().get(HttpHeaders.CONTENT_LENGTH);
        return !codings.isEmpty() || (length != null && !length.equals("0"));
    }

    /** Answers a request that the decoder could not read, and closes its connection. */
    static void undecodable(HttpServerRequest request) {
        switch (DecoderFault.of(request)) {
            case LINE_TOO_LONG ->
                refuse(request, 414, "the request line is longer than 8 KiB; shorten the path or the query");
            case HEADERS_TOO_LONG ->
                refuse(request, 431, "the headers are longer than 16 KiB; remove or shorten some of them");
            case INVALID ->
                refuse(
                        request,
                        400,
                        "the request is not valid HTTP/1.1: check its request line, header names and values,"
                                + " Content-Length and Transfer-Encoding, which exclude each other");
        }
    }

    private static void refuse(HttpServerRequest request, int status, String message) {
        request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        new AgentHttpError(status, ErrorCode.INVALID_REQUEST, message, 0).answer(request);
        request.connection().close();
    }
}
