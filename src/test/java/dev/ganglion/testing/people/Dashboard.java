package dev.ganglion.testing.people;

import dev.ganglion.testing.wire.WireSocket;
import dev.ganglion.testing.wire.WireSocket.Opcode;
import dev.ganglion.testing.wire.WireSocket.ReceivedFrame;
import io.vertx.core.json.JsonObject;
import java.io.EOFException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** The browser's end of a dashboard socket. */
public final class Dashboard implements AutoCloseable {
    private static final String PATH = "/ws/dashboard";

    private final WireSocket socket;

    private Dashboard(WireSocket socket) {
        this.socket = socket;
    }

    /** Requests an upgrade with these headers and returns the response. */
    public static WireSocket.Answer ask(int port, Map<String, String> headers) {
        try (WireSocket socket = WireSocket.connect(port)) {
            return socket.upgrade(PATH, headers);
        }
    }

    /** Opens a dashboard socket with these headers. */
    public static Dashboard open(int port, Map<String, String> headers) {
        WireSocket socket = WireSocket.connect(port);
        WireSocket.Answer answer = socket.upgrade(PATH, headers);
        if (answer.status() != 101) {
            throw new AssertionError("the brain rejected the upgrade: " + answer);
        }
        if (answer.headers().containsKey("sec-websocket-extensions")) {
            throw new AssertionError("the brain accepted an extension: " + answer);
        }
        return new Dashboard(socket);
    }

    /** Returns the headers of a logged-in browser. */
    public static Map<String, String> headers(Login login) {
        Map<String, String> headers = new TreeMap<>();
        headers.put("Cookie", login.cookie());
        headers.put("Origin", login.origin());
        headers.put("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits");
        return headers;
    }

    /** Opens a dashboard socket to any node for a logged-in user. */
    public static Dashboard open(int port, Login login) {
        return open(port, headers(login));
    }

    /** Subscribes to a project and waits for the confirmation. */
    public Dashboard watching(String projectId) {
        send(subscribe(projectId));
        expect("{\"type\":\"ready\"}");
        return this;
    }

    /** Returns the first message, which subscribes to a project. */
    public static String subscribe(String projectId) {
        return new JsonObject()
                .put("type", "subscribe")
                .put("project_id", projectId)
                .encode();
    }

    /** Sends a text message. */
    public void send(String text) {
        socket.send(Opcode.TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the underlying socket. */
    public WireSocket socket() {
        return socket;
    }

    /** Waits for the next message, which must be this text. */
    public void expect(String text) {
        String received = next();
        if (!received.equals(text)) {
            throw new AssertionError("expected " + text + " but received " + received);
        }
    }

    /** Waits for an event of a topic, and ignores events of other topics. */
    public void event(String topic) {
        String wanted = "{\"type\":\"event\",\"topic\":\"" + topic + "\"}";
        long end = System.nanoTime() + WireSocket.PATIENCE.toNanos();
        while (!next().equals(wanted)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("no event of topic " + topic);
            }
        }
    }

    /** Waits for the next message. */
    public String next() {
        try {
            ReceivedFrame arrival = socket.receive();
            if (!arrival.is(Opcode.TEXT)) {
                throw new AssertionError("expected a message but received another frame, code " + code(arrival));
            }
            return arrival.text();
        } catch (EOFException e) {
            throw new AssertionError("the brain closed the connection", e);
        }
    }

    /** Waits for the close and returns its code, or -1 if the brain closed the connection without a code. */
    public int closed() {
        try {
            while (true) {
                ReceivedFrame arrival = socket.receive();
                if (arrival.is(Opcode.CLOSE)) {
                    return code(arrival);
                }
            }
        } catch (EOFException e) {
            return -1;
        }
    }

    private static int code(ReceivedFrame arrival) {
        byte[] data = arrival.data();
        return arrival.is(Opcode.CLOSE) && data.length >= 2 ? ((data[0] & 0xFF) << 8) + (data[1] & 0xFF) : 0;
    }

    @Override
    public void close() {
        socket.close();
    }
}
