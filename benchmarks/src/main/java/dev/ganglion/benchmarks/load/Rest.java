package dev.ganglion.benchmarks.load;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A client of a brain's REST API with the admin key. Every call blocks. An answer other than 2xx throws an exception.
 */
public final class Rest {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    /** Deleting a project with millions of batches takes minutes. */
    private static final Duration DELETE_LIMIT = Duration.ofMinutes(10);

    private static final int BAD = 300;
    private static final int NOT_FOUND = 404;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final URI base;
    private final String key;

    /** Creates a client for the brain at this base address. */
    public Rest(URI base, String key) {
        this.base = base;
        this.key = key;
    }

    /** Sends a GET under {@code /api/v1}. */
    public JsonObject get(String path) {
        return new JsonObject(ask("GET", "/api/v1" + path, null));
    }

    /** Sends a GET under {@code /api/v1} and returns whether the object exists, which 404 denies. */
    public boolean exists(String path) {
        HttpResponse<String> answer = send("GET", "/api/v1" + path, null);
        return answer.statusCode() != NOT_FOUND
                && !accepted("GET", path, answer).isEmpty();
    }

    /** Sends a POST under {@code /api/v1}. */
    public JsonObject post(String path, JsonObject body) {
        return new JsonObject(ask("POST", "/api/v1" + path, body));
    }

    /** Sends a DELETE under {@code /api/v1}. */
    public void delete(String path) {
        String unused = ask("DELETE", "/api/v1" + path, null);
    }

    /** Reads the metrics page. */
    public String metrics() {
        return ask("GET", "/metrics", null);
    }

    private String ask(String method, String path, @Nullable JsonObject body) {
        return accepted(method, path, send(method, path, body));
    }

    private static String accepted(String method, String path, HttpResponse<String> answer) {
        if (answer.statusCode() >= BAD) {
            throw new IllegalStateException(
                    method + " " + path + " answered " + answer.statusCode() + ": " + answer.body());
        }
        return answer.body();
    }

    private HttpResponse<String> send(String method, String path, @Nullable JsonObject body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(method.equals("DELETE") ? DELETE_LIMIT : LIMIT)
                .header("Authorization", "Bearer " + key)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.encode()));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(method + " " + path + " failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
