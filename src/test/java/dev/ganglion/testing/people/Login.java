package dev.ganglion.testing.people;

import dev.ganglion.testing.brain.BrainExtension;
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
import java.util.Map;

/**
 * A user who is logged in with a browser.
 *
 * @param port port of the brain
 * @param userId id of the user
 * @param cookie cookie that the browser sends
 * @param csrf CSRF token that write requests must repeat
 * @param origin origin of the page
 */
public record Login(int port, String userId, String cookie, String csrf, String origin) {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final String PASSWORD = "a password of the tests";

    /** Creates a user with these roles (by project slug) and logs in at the brain on this port. */
    public static Login as(BrainExtension brain, int port, boolean admin, Map<String, Object> roles) {
        return as(brain.rest(), brain.uniqueName("user") + "@example.org", port, admin, roles);
    }

    /** Creates a user with this email and these roles, and logs in at the brain on this port. */
    public static Login as(Rest rest, String email, int port, boolean admin, Map<String, Object> roles) {
        JsonObject user = new JsonObject()
                .put("email", email)
                .put("password", PASSWORD)
                .put("is_admin", admin)
                .put("roles", new JsonObject(roles));
        String id = rest.post("/users", user).expect(201).getString("id");
        String origin = "http://127.0.0.1:" + port;
        JsonObject body = new JsonObject().put("email", email).put("password", PASSWORD);
        HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create(origin + "/api/v1/auth/login"))
                .header("Origin", origin)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.encode())));
        if (answer.statusCode() != 200) {
            throw new AssertionError("login failed: " + answer.body());
        }
        String cookie = answer.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
        return new Login(port, id, cookie, new JsonObject(answer.body()).getString("csrf_token"), origin);
    }

    /** Logs out at any node. */
    public void logout(int at) {
        HttpResponse<String> answer =
                send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + at + "/api/v1/auth/logout"))
                        .header("Origin", origin)
                        .header("Cookie", cookie)
                        .header("X-CSRF-Token", csrf)
                        .POST(BodyPublishers.noBody()));
        if (answer.statusCode() >= 300) {
            throw new AssertionError("logout failed: " + answer.statusCode() + " " + answer.body());
        }
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return CLIENT.send(request.timeout(WireSocket.PATIENCE).build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
