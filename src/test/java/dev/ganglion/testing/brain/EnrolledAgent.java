package dev.ganglion.testing.brain;

import dev.ganglion.protocol.HmacEncoding;
import dev.ganglion.protocol.KeyDerivation;
import dev.ganglion.testing.wire.Ending;
import dev.ganglion.testing.wire.WireAgent;
import dev.ganglion.testing.wire.WireFrames;
import dev.ganglion.testing.wire.WireSocket;
import dev.ganglion.testing.wire.WireSocket.Answer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An enrolled agent that is not yet connected.
 *
 * @param brain brain in which the agent is enrolled
 * @param slug slug of the agent's project
 * @param id id of the agent
 * @param token bearer token of the agent
 * @param secretText secret with which the agent signs its frames
 */
public record EnrolledAgent(BrainExtension brain, String slug, String id, String token, String secretText) {
    /** The documented path. */
    public static final String DOCUMENTED = "/ws";
    /** The path that released agents use. */
    public static final String LIBRARY = "/ws/agent";

    static EnrolledAgent of(BrainExtension brain, String slug, JsonObject minted) {
        return new EnrolledAgent(
                brain,
                slug,
                minted.getJsonObject("agent").getString("id"),
                minted.getString("token"),
                minted.getString("hmac_secret"));
    }

    private byte[] secret() {
        return KeyDerivation.secretBytes(secretText);
    }

    /** Connects on the documented path without a worker_id. */
    public WireAgent connect() {
        return connect(WireFrames.hello());
    }

    /** Connects with this worker_id. */
    public WireAgent connect(String workerId) {
        return connect(WireFrames.helloOf(workerId));
    }

    /** Connects with this hello. */
    public WireAgent connect(JsonObject hello) {
        return WireAgent.connectWithHello(openSocket(DOCUMENTED), secret(), hello, HmacEncoding.BASE64);
    }

    /** Connects like a released agent. */
    public WireAgent connectAsLibrary() {
        return connectAsLibrary(WireFrames.hello());
    }

    /** Connects like a released agent, with this hello. */
    public WireAgent connectAsLibrary(JsonObject hello) {
        return WireAgent.connectWithHello(openSocket(LIBRARY), secret(), hello, HmacEncoding.HEX);
    }

    /** Waits for hello_ack on a socket over which a hello was sent. */
    public WireAgent awaitHelloAck(WireSocket socket) {
        return WireAgent.awaitHelloAck(socket, secret(), HmacEncoding.BASE64);
    }

    /** Opens a WebSocket without sending anything over it. */
    public WireSocket openSocket() {
        return openSocket(DOCUMENTED);
    }

    /** Opens a WebSocket on this path without sending anything over it. */
    public WireSocket openSocket(String path) {
        WireSocket socket = WireSocket.connect(brain.port());
        Answer answer = socket.upgrade(path, Map.of("Authorization", "Bearer " + token));
        if (answer.status() != 101) {
            throw new AssertionError("the brain rejected the upgrade: " + answer);
        }
        return socket;
    }

    /** Opens a connection, sends this first message, and returns how the connection ends. */
    public Ending endingAfter(JsonObject hello) {
        try (WireSocket socket = openSocket()) {
            socket.send(WireSocket.Opcode.TEXT, hello.toBuffer().getBytes());
            return WireAgent.endingOf(socket);
        }
    }

    /** Returns the agent's path in REST. */
    public String path() {
        return "/projects/" + slug + "/agents/" + id;
    }

    /** Returns the agent as REST shows it. */
    public JsonObject view() {
        return brain.rest().get(path()).expect(200);
    }

    /** Returns the remote address of the agent's only worker process, as REST shows it. */
    public String remoteAddress() {
        return brain.rest()
                .get(path() + "/workers")
                .expect(200)
                .getJsonArray("items")
                .getJsonObject(0)
                .getString("remote_address");
    }

    /** Returns all events of the agent's project, newest first. */
    public List<JsonObject> events() {
        return events("limit=500");
    }

    /** Returns all events of the agent's project that match a query, from all pages. */
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
