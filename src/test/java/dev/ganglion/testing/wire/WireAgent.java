package dev.ganglion.testing.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.ganglion.protocol.FrameReader;
import dev.ganglion.protocol.FrameVerifier;
import dev.ganglion.protocol.HmacEncoding;
import dev.ganglion.protocol.ProjectKey;
import dev.ganglion.protocol.SessionBinding;
import dev.ganglion.protocol.error.ProtocolLimits;
import dev.ganglion.protocol.frame.AgentStatus;
import dev.ganglion.protocol.frame.ErrorFrame;
import dev.ganglion.protocol.frame.EventBatchAck;
import dev.ganglion.protocol.frame.Frame;
import dev.ganglion.testing.wire.WireSocket.Opcode;
import dev.ganglion.testing.wire.WireSocket.ReceivedFrame;
import io.vertx.core.json.JsonObject;
import java.io.EOFException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * An agent that controls every frame: signs whatever a test gives it, and verifies the signature and seq of every frame
 * from the brain. Not thread-safe.
 */
public final class WireAgent implements AutoCloseable {
    private static final int FIRST_CODE_OF_FAULTS = 4400;

    private final WireSocket socket;
    private final byte[] secret;
    private final JsonObject helloAck;
    private final SessionBinding binding;
    private final FrameVerifier verifier;
    private final FrameReader reader = new FrameReader(64 * ProtocolLimits.MAX_FRAME_BYTES);
    private HmacEncoding encoding;
    private long seq;

    private WireAgent(WireSocket socket, byte[] secret, JsonObject helloAck, HmacEncoding encoding) {
        JsonObject ack = helloAck.getJsonObject("payload");
        this.socket = socket;
        this.secret = secret;
        this.helloAck = helloAck;
        this.encoding = encoding;
        this.binding =
                new SessionBinding(ack.getString("agent_id"), ack.getString("project_id"), ack.getString("session_id"));
        this.verifier = new FrameVerifier(new ProjectKey(secret), binding, encoding);
    }

    /** Sends a hello over an open WebSocket and waits for hello_ack. */
    public static WireAgent connectWithHello(
            WireSocket socket, byte[] secret, JsonObject hello, HmacEncoding encoding) {
        socket.send(Opcode.TEXT, hello.toBuffer().getBytes());
        return awaitHelloAck(socket, secret, encoding);
    }

    /** Waits for hello_ack over a WebSocket on which a hello was sent. */
    public static WireAgent awaitHelloAck(WireSocket socket, byte[] secret, HmacEncoding encoding) {
        try {
            ReceivedFrame arrival = socket.receive();
            if (!arrival.is(Opcode.TEXT)) {
                throw end("expected hello_ack but received ", arrival);
            }
            return new WireAgent(socket, secret, new JsonObject(arrival.text()), encoding);
        } catch (EOFException e) {
            throw new LostConnection("no hello_ack: " + e.getMessage(), e);
        }
    }

    /** Close codes from 4400 report a fault in what the agent sent, so they are not treated as a lost connection. */
    private static AssertionError end(String message, ReceivedFrame arrival) {
        Ending ending = closing(arrival, List.of(), 0);
        return arrival.is(Opcode.CLOSE) && ending.code() < FIRST_CODE_OF_FAULTS
                ? new LostConnection(message + ending)
                : new AssertionError(message + ending);
    }

    /** Returns the hello_ack as received. */
    public JsonObject helloAck() {
        return helloAck;
    }

    /** Returns the id of this session. */
    public String sessionId() {
        return binding.sessionId();
    }

    /** Returns the underlying socket. */
    public WireSocket socket() {
        return socket;
    }

    /** Returns the encoding of the signature of the last frame from the brain. */
    public HmacEncoding lastEncoding() {
        return verifier.encoding();
    }

    /** Sets the encoding of this agent's signatures. */
    @CanIgnoreReturnValue
    public WireAgent signingIn(HmacEncoding other) {
        encoding = other;
        return this;
    }

    /** Returns an unsigned envelope with the next seq. */
    public JsonObject envelope(String type, JsonObject payload) {
        seq++;
        return new JsonObject()
                .put("v", 2)
                .put("type", type)
                .put("id", UUID.randomUUID().toString())
                .put("ts", WireFrames.now())
                .put("nonce", UUID.randomUUID().toString().replace("-", ""))
                .put("seq", seq)
                .put("payload", payload);
    }

    /** Returns the text of an envelope with its signature. */
    public String sign(JsonObject envelope) {
        return sign(envelope.encode());
    }

    /** Returns this text of an envelope, unchanged, with its signature. */
    public String sign(String envelope) {
        return WireFrames.signed(envelope, secret, binding, encoding);
    }

    /** Signs and sends an envelope. Later envelopes get higher seqs. */
    @CanIgnoreReturnValue
    public JsonObject send(JsonObject envelope) {
        seq = Math.max(seq, envelope.getLong("seq", 0L));
        sendText(sign(envelope));
        return envelope;
    }

    /** Signs and sends a frame and returns its id. */
    @CanIgnoreReturnValue
    public String send(String type, JsonObject payload) {
        return send(envelope(type, payload)).getString("id");
    }

    /**
     * Sends a frame with this text as its payload. The signature covers the canonical payload that the test gives,
     * whatever the brain's own canonical form is. Returns the id of the frame.
     */
    @CanIgnoreReturnValue
    public String sendSignedOver(String canonicalPayload, String type, String payload) {
        JsonObject envelope = envelope(type, new JsonObject());
        JsonObject signed = new JsonObject()
                .put("agent_id", binding.agentId())
                .put("id", envelope.getString("id"))
                .put("nonce", envelope.getString("nonce"))
                .put("payload", new JsonObject())
                .put("project_id", binding.projectId())
                .put("seq", seq)
                .put("session_id", binding.sessionId())
                .put("ts", envelope.getString("ts"))
                .put("type", type)
                .put("v", 2);
        byte[] canonical = withPayload(signed, canonicalPayload).getBytes(UTF_8);
        sendText(WireFrames.signedOver(canonical, withPayload(envelope, payload), secret, encoding));
        return envelope.getString("id");
    }

    private static String withPayload(JsonObject frame, String payload) {
        return frame.encode().replace("\"payload\":{}", "\"payload\":" + payload);
    }

    /** Sends any text as one message. */
    public void sendText(String text) {
        socket.send(Opcode.TEXT, text.getBytes(UTF_8));
    }

    /** Sends a batch and waits for its ack. */
    @CanIgnoreReturnValue
    public EventBatchAck ingest(JsonObject... events) {
        return ingestFrame(envelope("event_batch", WireFrames.batch(events)));
    }

    /** Sends the envelope of a batch and waits for its ack. */
    @CanIgnoreReturnValue
    public EventBatchAck ingestFrame(JsonObject envelope) {
        send(envelope);
        EventBatchAck ack = ack();
        if (!ack.ackedId().equals(envelope.getString("id"))) {
            throw new AssertionError(
                    "received the ack of " + ack.ackedId() + " instead of " + envelope.getString("id"));
        }
        return ack;
    }

    /** Receives the next frame, which must be an ack. */
    @CanIgnoreReturnValue
    public EventBatchAck ack() {
        Frame frame = receive();
        if (frame instanceof EventBatchAck ack) {
            return ack;
        }
        throw new AssertionError("expected an ack but received " + frame);
    }

    /** Receives the next frame, and skips status frames of the agent's other worker processes. */
    public Frame receive() {
        Frame frame = receiveAny();
        while (frame instanceof AgentStatus) {
            frame = receiveAny();
        }
        return frame;
    }

    /** Receives the next frame and verifies its signature and seq. */
    public Frame receiveAny() {
        try {
            ReceivedFrame arrival = arrival();
            if (!arrival.is(Opcode.TEXT)) {
                throw end("expected a frame but the connection ended: ", arrival);
            }
            return frame(arrival);
        } catch (EOFException e) {
            throw new LostConnection("expected a frame: " + e.getMessage(), e);
        }
    }

    private ReceivedFrame arrival() throws EOFException {
        ReceivedFrame arrival = socket.receive();
        while (arrival.is(Opcode.PING) || arrival.is(Opcode.PONG)) {
            arrival = socket.receive();
        }
        return arrival;
    }

    private Frame frame(ReceivedFrame arrival) {
        long before = verifier.lastSeq();
        reader.read(arrival.data());
        Frame frame = verifier.verify(reader, Instant.now());
        if (verifier.lastSeq() != before + 1) {
            throw new AssertionError("the brain's seq went from " + before + " to " + verifier.lastSeq());
        }
        return frame;
    }

    /** Reads until the connection ends, and skips acks. */
    public Ending ending() {
        List<JsonObject> errors = new ArrayList<>();
        try {
            while (true) {
                ReceivedFrame arrival = arrival();
                if (arrival.is(Opcode.CLOSE)) {
                    return answered(socket, arrival, errors);
                }
                if (!errors.isEmpty()) {
                    throw new AssertionError("a frame between the fatal error and the close: " + arrival.text());
                }
                if (frame(arrival) instanceof ErrorFrame) {
                    errors.add(new JsonObject(arrival.text()).getJsonObject("payload"));
                }
            }
        } catch (EOFException e) {
            return new Ending(1006, String.valueOf(e.getMessage()), errors, 0);
        }
    }

    /** Reads until the end of a connection that never had a session. */
    public static Ending endingOf(WireSocket socket) {
        try {
            ReceivedFrame arrival = socket.receive();
            while (arrival.is(Opcode.PONG)) {
                arrival = socket.receive();
            }
            if (arrival.is(Opcode.CLOSE)) {
                return answered(socket, arrival, List.of());
            }
            throw new AssertionError("received a frame without a session: " + arrival.text());
        } catch (EOFException e) {
            return new Ending(1006, String.valueOf(e.getMessage()), List.of(), 0);
        }
    }

    private static Ending answered(WireSocket socket, ReceivedFrame close, List<JsonObject> errors) {
        try {
            socket.send(Opcode.CLOSE, close.data());
        } catch (UncheckedIOException gone) {
            return closing(close, errors, 0);
        }
        return closing(close, errors, socket.countRemainingBytes());
    }

    private static Ending closing(ReceivedFrame close, List<JsonObject> errors, int bytesAfter) {
        byte[] data = close.data();
        int code = data.length < 2 ? 1005 : ((data[0] & 0xFF) << 8) | (data[1] & 0xFF);
        String reason = data.length < 2 ? "" : new String(data, 2, data.length - 2, UTF_8);
        return new Ending(code, reason, errors, bytesAfter);
    }

    /** Closes the connection in order and waits until the brain has closed it. */
    public void closeInOrder() {
        socket.send(Opcode.CLOSE, new byte[] {0x03, (byte) 0xE8});
        int unused = socket.countRemainingBytes();
        socket.close();
    }

    @Override
    public void close() {
        socket.close();
    }
}
