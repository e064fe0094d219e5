package dev.ganglion.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** Calls REST with the admin key. Each call uses a new connection, so that a proxy chooses a node for each call. */
final class AdminRest {
    static final String ADMIN_KEY = "z4k_only-for-tests-of-faults";
    private static final int LIMIT_MILLIS = 10_000;

    private final Endpoint at;

    /** A response. */
    record Answer(int status, String body) {
        JsonObject expect(int wanted) {
            if (status != wanted) {
                throw new IllegalStateException("expected HTTP " + wanted + " but got " + status + ": " + body);
            }
            return new JsonObject(body);
        }
    }

    AdminRest(Endpoint at) {
        this.at = at;
    }

    /** Returns the endpoint that receives the calls. */
    Endpoint at() {
        return at;
    }

    Answer get(String path) throws IOException {
        return send("GET", path, null, LIMIT_MILLIS);
    }

    Answer get(String path, int limitMillis) throws IOException {
        return send("GET", path, null, limitMillis);
    }

    Answer post(String path, JsonObject body) throws IOException {
        return send("POST", path, body, LIMIT_MILLIS);
    }

    private Answer send(String method, String path, JsonObject body, int limitMillis) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create("http://" + at + path).toURL().openConnection();
        connection.setConnectTimeout(limitMillis);
        connection.setReadTimeout(limitMillis);
        connection.setRequestMethod(method);
        connection.setRequestProperty("Connection", "close");
        connection.setRequestProperty("Authorization", "Bearer " + ADMIN_KEY);
        if (body != null) {
            connection.setDoOutput(true);
            connection.setRequestProperty("Content-Type", "application/json");
            try (OutputStream out = connection.getOutputStream()) {
                out.write(body.encode().getBytes(UTF_8));
            }
        }
        int status = connection.getResponseCode();
        try (InputStream in = status >= 400 ? connection.getErrorStream() : connection.getInputStream()) {
            return new Answer(status, in == null ? "" : new String(in.readAllBytes(), UTF_8));
        }
    }

    /** Returns whether {@code /readyz} reports that the node is ready. */
    boolean ready() {
        try {
            return get("/readyz", 1_000).status() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns the text of {@code /readyz}, which is empty if there is no answer. */
    String readiness() {
        try {
            return get("/readyz", 1_000).body();
        } catch (IOException e) {
            return "";
        }
    }

    /** Returns the response of {@code GET /cluster}, or null if there is none. */
    JsonObject cluster() {
        try {
            Answer answer = get("/api/v1/cluster", 2_000);
            return answer.status() == 200 ? new JsonObject(answer.body()) : null;
        } catch (IOException e) {
            return null;
        }
    }

    /** Returns the sum of a metric over all its series. */
    double metric(String name) {
        try {
            return get("/metrics")
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns all items of a list, from all pages. */
    List<JsonObject> all(String path) throws IOException {
        List<JsonObject> all = new ArrayList<>();
        String cursor = null;
        do {
            String query =
                    path + (path.contains("?") ? "&" : "?") + "limit=500" + (cursor == null ? "" : "&cursor=" + cursor);
            JsonObject page = get(query).expect(200);
            JsonArray items = page.getJsonArray("items");
            for (int i = 0; i < items.size(); i++) {
                all.add(items.getJsonObject(i));
            }
            cursor = page.getString("next_cursor");
        } while (cursor != null);
        return all;
    }
}
