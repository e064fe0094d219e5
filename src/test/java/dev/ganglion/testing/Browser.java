package dev.ganglion.testing;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
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

/** Calls REST as a browser's page does: with a cookie, an {@code Origin} and a CSRF token, each of which may be wrong. */
public final class Browser {
    /** Where the page comes from, unless said otherwise. */
    public static final String ORIGIN = "http://brain.example";

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final int port;
    private final Map<String, String> headers = new LinkedHashMap<>();

    private Browser(int port, Map<String, String> headers) {
        this.port = port;
        this.headers.putAll(headers);
    }

    /** One that has not logged in. */
    public static Browser at(int port) {
        return new Browser(port, Map.of("Origin", ORIGIN));
    }

    /** The same with another header; without it when the value is empty. */
    public Browser with(String header, String value) {
        Browser other = new Browser(port, headers);
        if (value.isEmpty()) {
            other.headers.remove(header);
        } else {
            other.headers.put(header, value);
        }
        return other;
    }

    /** The same before another brain. */
    public Browser before(int otherPort) {
        return new Browser(otherPort, headers);
    }

    /** Logged in, with cookie and CSRF token. */
    @CanIgnoreReturnValue
    public Browser login(String email, String password) {
        Rest.Response answer = tryLogin(email, password);
        String token = answer.expect(200).getString("csrf_token");
        String cookie = answer.header("Set-Cookie").orElseThrow().split(";", 2)[0];
        return with("Cookie", cookie).with("X-CSRF-Token", token);
    }

    /** What a login is answered with. */
    public Rest.Response tryLogin(String email, String password) {
        return post("/auth/login", new JsonObject().put("email", email).put("password", password));
    }

    /** Reads; {@code path} below {@code /api/v1}. */
    public Rest.Response get(String path) {
        return call("GET", path, null);
    }

    /** Posts an object. */
    public Rest.Response post(String path, JsonObject body) {
        return call("POST", path, body.encode());
    }

    /** Deletes. */
    public Rest.Response delete(String path) {
        return call("DELETE", path, null);
    }

    /** Any request; {@code path} below {@code /api/v1}, a body is JSON. */
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
