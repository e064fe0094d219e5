package dev.ganglion.testing;

import dev.ganglion.protocol.HmacEncoding;
import dev.ganglion.protocol.Keys;
import dev.ganglion.testing.WireSocket.Answer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An agent that is enrolled and not yet connected.
 *
 * @param brain where it is enrolled
 * @param slug its project's
 * @param id its own
 * @param token its bearer
 * @param secretText what its frames are signed with
 */
public record Enrolled(BrainExtension brain, String slug, String id, String token, String secretText) {
    /** The documented path. */
    public static final String DOCUMENTED = "/ws";
    /** The path of released agents. */
    public static final String LIBRARY = "/ws/agent";

    static Enrolled of(BrainExtension brain, String slug, JsonObject minted) {
        return new Enrolled(
                brain,
                slug,
                minted.getJsonObject("agent").getString("id"),
                minted.getString("token"),
                minted.getString("hmac_secret"));
    }

    private byte[] secret() {
        return Keys.secretBytes(secretText);
    }

    /** Connects as the nameless worker on the documented path. */
    public WireAgent connect() {
        return connect(Wire.hello());
    }

    /** Connects as a named worker. */
    public WireAgent connect(String workerId) {
        return connect(Wire.helloOf(workerId));
    }

    /** Connects with this hello. */
    public WireAgent connect(JsonObject hello) {
        return WireAgent.greet(knock(DOCUMENTED), secret(), hello, HmacEncoding.BASE64);
    }

    /** Connects as released agents do. */
    public WireAgent connectAsLibrary() {
        return WireAgent.greet(knock(LIBRARY), secret(), Wire.hello(), HmacEncoding.HEX);
    }

    /** Waits for hello_ack on a socket over which a hello was sent. */
    public WireAgent greeted(WireSocket socket) {
        return WireAgent.greeted(socket, secret(), HmacEncoding.BASE64);
    }

    /** An open WebSocket over which nothing was said. */
    public WireSocket knock() {
        return knock(DOCUMENTED);
    }

    /** An open WebSocket on a path of choice. */
    public WireSocket knock(String path) {
        WireSocket socket = WireSocket.connect(brain.port());
        Answer answer = socket.upgrade(path, Map.of("Authorization", "Bearer " + token));
        if (answer.status() != 101) {
            throw new AssertionError("the upgrade was refused: " + answer);
        }
        return socket;
    }

    /** How a connection with this first message ends. */
    public Ending endingAfter(JsonObject hello) {
        try (WireSocket socket = knock()) {
            socket.send(WireSocket.Opcode.TEXT, hello.toBuffer().getBytes());
            return WireAgent.endingOf(socket);
        }
    }

    /** Its address over REST. */
    public String path() {
        return "/projects/" + slug + "/agents/" + id;
    }

    /** What REST says of it. */
    public JsonObject view() {
        return brain.rest().get(path()).expect(200);
    }

    /** The address of its only worker, as REST shows it. */
    public String remoteAddress() {
        return brain.rest()
                .get(path() + "/workers")
                .expect(200)
                .getJsonArray("items")
                .getJsonObject(0)
                .getString("remote_address");
    }

    /** All of its project's events, newest first. */
    public List<JsonObject> events() {
        return events("limit=500");
    }

    /** All of its project's events that a query finds, page by page. */
    public List<JsonObject> events(String query) {
        List<JsonObject> events = new ArrayList<>();
        String cursor = "";
        while (cursor != null) {
            JsonObject page = brain.rest()
                    .get("/projects/" + slug + "/events?" + query + (cursor.isEmpty() ? "" : "&cursor=" + cursor))
                    .expect(200);
            page.getJsonArray("items").forEach(item -> events.add((JsonObject) item));
            cursor = page.getString("next_cursor");
        }
        return events;
    }
}
