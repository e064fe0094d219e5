package dev.ganglion.testing.http;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.ganglion.testing.wire.WireSocket;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Calls the REST interface of a brain. */
public final class Rest {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final int port;
    private final String authorization;

    /**
     * An HTTP response.
     *
     * @param status HTTP status
     * @param headers HTTP headers
     * @param text body
     */
    public record Response(int status, HttpHeaders headers, String text) {
        /** Returns the body as a JSON object. */
        public JsonObject json() {
            return new JsonObject(text);
        }

        /** Asserts the status and returns the body. */
        @CanIgnoreReturnValue
        public JsonObject expect(int wanted) {
            if (status != wanted) {
                throw new AssertionError("expected HTTP " + wanted + " but got " + status + ": " + text);
            }
            return text.isEmpty() ? new JsonObject() : json();
        }

        /** Returns the field that an error response names, or null if it names none. */
        public @Nullable String field() {
            return json().getJsonObject("details").getString("field");
        }

        /** Returns the first value of a header. */
        public Optional<String> header(String name) {
            return headers.firstValue(name);
        }
    }

    private Rest(int port, String authorization) {
        this.port = port;
        this.authorization = authorization;
    }

    /** Returns a client with this Authorization header, or without the header if the text is empty. */
    public static Rest at(int port, String authorization) {
        return new Rest(port, authorization);
    }

    /** Sends a GET request; {@code path} is below {@code /api/v1}. */
    public Response get(String path) {
        return call("GET", "/api/v1" + path, null);
    }

    /** Sends a POST request with a JSON object. */
    public Response post(String path, JsonObject body) {
        return call("POST", "/api/v1" + path, body.encode());
    }

    /** Sends a PATCH request with a JSON object. */
    public Response patch(String path, JsonObject body) {
        return call("PATCH", "/api/v1" + path, body.encode());
    }

    /** Sends a DELETE request. */
    public Response delete(String path) {
        return call("DELETE", "/api/v1" + path, null);
    }

    /** Sends any request; {@code path} starts at the root, and a body is sent as JSON. */
    public Response call(String method, String path, @Nullable String body) {
        return call(method, path, body, "application/json");
    }

    /** Sends any request with a body of any content type. */
    public Response call(String method, String path, @Nullable String body, String contentType) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(WireSocket.PATIENCE)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (body != null && !contentType.isEmpty()) {
            request.header("Content-Type", contentType);
        }
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        try {
            HttpResponse<String> answer = CLIENT.send(request.build(), BodyHandlers.ofString());
            return new Response(answer.statusCode(), answer.headers(), answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
