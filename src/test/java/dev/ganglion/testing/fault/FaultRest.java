package dev.ganglion.testing.fault;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A REST client for fault tests that shares no code with the brain. */
public final class FaultRest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final int port;
    private final String adminKey;

    /** The credentials of an enrolled agent. */
    public record Enrolled(String id, String token, String hmacSecret) {}

    /** Creates a client for the brain on a port of the loopback address. */
    public FaultRest(int port, String adminKey) {
        this.port = port;
        this.adminKey = adminKey;
    }

    /** Returns the URL for agents. */
    public String url() {
        return "ws://127.0.0.1:" + port;
    }

    /** Creates a project. */
    public void project(String slug) {
        HttpResponse<String> reply = send(
                "POST", "/api/v1/projects", new JsonObject().put("slug", slug).put("name", slug));
        require(reply, 201);
    }

    /** Enrols an agent; a cap of -1 means the default cap. */
    public Enrolled agent(String project, String name, int cap) {
        JsonObject body = new JsonObject().put("name", name);
        if (cap >= 0) {
            body.put("connection_cap", cap);
        }
        JsonObject made = new JsonObject(require(send("POST", "/api/v1/projects/" + project + "/agents", body), 201));
        return new Enrolled(
                made.getJsonObject("agent").getString("id"), made.getString("token"), made.getString("hmac_secret"));
    }

    /** Returns the ids of all stored events of a project. */
    public List<String> storedIds(String project) {
        return all(project, "events").stream()
                .map(event -> event.getString("id"))
                .toList();
    }

    /** Returns the counters of a project. */
    public JsonObject stats(String project) {
        return new JsonObject(require(send("GET", "/api/v1/projects/" + project + "/stats", null), 200));
    }

    /** Returns all items of a list of a project, such as {@code tasks} or {@code events}. */
    public List<JsonObject> all(String project, String list) {
        List<JsonObject> all = new ArrayList<>();
        @Nullable String cursor = null;
        do {
            String path = "/api/v1/projects/" + project + "/" + list + "?limit=500"
                    + (cursor == null ? "" : "&cursor=" + cursor);
            JsonObject page = new JsonObject(require(send("GET", path, null), 200));
            JsonArray items = page.getJsonArray("items");
            for (int i = 0; i < items.size(); i++) {
                all.add(items.getJsonObject(i));
            }
            cursor = page.getString("next_cursor");
        } while (cursor != null);
        return all;
    }

    /** Returns the status and body of {@code /readyz}; the status is 0 if no brain listens. */
    public String ready() {
        try {
            HttpResponse<String> reply = send("GET", "/readyz", null);
            return reply.statusCode() + " " + reply.body();
        } catch (UncheckedIOException e) {
            return "0 " + e.getMessage();
        }
    }

    /** Returns the start of the response to an agent's upgrade request. */
    public String upgrade(String token) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) LIMIT.toMillis());
            String request = "GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                    + "Authorization: Bearer " + token + "\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(UTF_8));
            byte[] head = new byte[4096];
            int length = socket.getInputStream().read(head);
            return new String(head, 0, Math.max(0, length), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @CanIgnoreReturnValue
    private static String require(HttpResponse<String> reply, int status) {
        if (reply.statusCode() != status) {
            throw new IllegalStateException(reply.statusCode() + " " + reply.body());
        }
        return reply.body();
    }

    private HttpResponse<String> send(String method, String path, @Nullable JsonObject body) {
        HttpRequest.BodyPublisher publisher =
                body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body.encode());
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(LIMIT)
                .header("Authorization", "Bearer " + adminKey)
                .header("Content-Type", "application/json")
                .method(method, publisher)
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
