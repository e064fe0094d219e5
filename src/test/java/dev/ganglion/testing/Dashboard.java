package dev.ganglion.testing;

import dev.ganglion.testing.WireSocket.Arrival;
import dev.ganglion.testing.WireSocket.Opcode;
import io.vertx.core.json.JsonObject;
import java.io.EOFException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** A browser's end of a dashboard's socket. */
public final class Dashboard implements AutoCloseable {
    private static final String PATH = "/ws/dashboard";

    private final WireSocket socket;

    private Dashboard(WireSocket socket) {
        this.socket = socket;
    }

    /** An upgrade with these headers; how it was answered. */
    public static WireSocket.Answer ask(int port, Map<String, String> headers) {
        try (WireSocket socket = WireSocket.connect(port)) {
            return socket.upgrade(PATH, headers);
        }
    }

    /** Opens one with these headers. */
    public static Dashboard open(int port, Map<String, String> headers) {
        WireSocket socket = WireSocket.connect(port);
        WireSocket.Answer answer = socket.upgrade(PATH, headers);
        if (answer.status() != 101) {
            throw new AssertionError("the upgrade was refused: " + answer);
        }
        if (answer.headers().containsKey("sec-websocket-extensions")) {
            throw new AssertionError("an extension was agreed on: " + answer);
        }
        return new Dashboard(socket);
    }

    /** The headers of a browser that is logged in. */
    public static Map<String, String> headers(Login login) {
        Map<String, String> headers = new TreeMap<>();
        headers.put("Cookie", login.cookie());
        headers.put("Origin", login.origin());
        headers.put("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits");
        return headers;
    }

    /** Opens one for somebody who is logged in, at any node. */
    public static Dashboard open(int port, Login login) {
        return open(port, headers(login));
    }

    /** Subscribes, and waits for the answer. */
    public Dashboard watching(String projectId) {
        send(subscribe(projectId));
        expect("{\"type\":\"ready\"}");
        return this;
    }

    /** The first message. */
    public static String subscribe(String projectId) {
        return new JsonObject()
                .put("type", "subscribe")
                .put("project_id", projectId)
                .encode();
    }

    /** Sends a text. */
    public void send(String text) {
        socket.send(Opcode.TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** The socket itself. */
    public WireSocket socket() {
        return socket;
    }

    /** Waits for a message. */
    public void expect(String text) {
        String came = next();
        if (!came.equals(text)) {
            throw new AssertionError("not " + text + " came but " + came);
        }
    }

    /** Waits for an event of a topic, and passes over those of others. */
    public void event(String topic) {
        String wanted = "{\"type\":\"event\",\"topic\":\"" + topic + "\"}";
        long end = System.nanoTime() + WireSocket.PATIENCE.toNanos();
        while (!next().equals(wanted)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("no " + topic);
            }
        }
    }

    /** The next message. */
    public String next() {
        try {
            Arrival arrival = socket.receive();
            if (!arrival.is(Opcode.TEXT)) {
                throw new AssertionError("no message but a frame of another kind, " + code(arrival));
            }
            return arrival.text();
        } catch (EOFException e) {
            throw new AssertionError("the brain hung up", e);
        }
    }

    /** Waits for the close, and gives its code; -1 when the brain hung up without one. */
    public int closed() {
        try {
            while (true) {
                Arrival arrival = socket.receive();
                if (arrival.is(Opcode.CLOSE)) {
                    return code(arrival);
                }
            }
        } catch (EOFException e) {
            return -1;
        }
    }

    private static int code(Arrival arrival) {
        byte[] data = arrival.data();
        return arrival.is(Opcode.CLOSE) && data.length >= 2 ? ((data[0] & 0xFF) << 8) + (data[1] & 0xFF) : 0;
    }

    @Override
    public void close() {
        socket.close();
    }
}
