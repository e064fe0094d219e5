package dev.ganglion.testing.people;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.ganglion.testing.http.Rest;
import dev.ganglion.testing.wire.WireSocket;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Calls REST like a browser's page: with a cookie, an {@code Origin} header and a CSRF token. Tests may make each of
 * them wrong.
 */
public final class Browser {
    /** Default value of the {@code Origin} header. */
    public static final String ORIGIN = "http://brain.example";

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final int port;
    private final Map<String, String> headers = new LinkedHashMap<>();

    private Browser(int port, Map<String, String> headers) {
        this.port = port;
        this.headers.putAll(headers);
    }

    /** Returns a browser that is not logged in. */
    public static Browser at(int port) {
        return new Browser(port, Map.of("Origin", ORIGIN));
    }

    /** Returns a copy with another header, or without this header if the value is empty. */
    public Browser with(String header, String value) {
        Browser other = new Browser(port, headers);
        if (value.isEmpty()) {
            other.headers.remove(header);
        } else {
            other.headers.put(header, value);
        }
        return other;
    }

    /** Returns a copy that calls another brain. */
    public Browser onPort(int otherPort) {
        return new Browser(otherPort, headers);
    }

    /** Logs in and returns a copy with cookie and CSRF token. */
    @CanIgnoreReturnValue
    public Browser login(String email, String password) {
        Rest.Response answer = tryLogin(email, password);
        String token = answer.expect(200).getString("csrf_token");
        String cookie = answer.header("Set-Cookie").orElseThrow().split(";", 2)[0];
        return with("Cookie", cookie).with("X-CSRF-Token", token);
    }

    /** Tries to log in and returns the response. */
    public Rest.Response tryLogin(String email, String password) {
        return post("/auth/login", new JsonObject().put("email", email).put("password", password));
    }

    /** Sends a GET request; {@code path} is below {@code /api/v1}. */
    public Rest.Response get(String path) {
        return call("GET", path, null);
    }

    /** Sends a POST request with a JSON object. */
    public Rest.Response post(String path, JsonObject body) {
        return call("POST", path, body.encode());
    }

    /** Sends a DELETE request. */
    public Rest.Response delete(String path) {
        return call("DELETE", path, null);
    }

    /** Sends any request; {@code path} is below {@code /api/v1}, and a body is sent as JSON. */
    public Rest.Response call(String method, String path, @Nullable String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1" + path))
                .timeout(WireSocket.PATIENCE)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        headers.forEach(request::header);
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        try {
            HttpResponse<String> answer = CLIENT.send(request.build(), BodyHandlers.ofString());
            return new Rest.Response(answer.statusCode(), answer.headers(), answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
