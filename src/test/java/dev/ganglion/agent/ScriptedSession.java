package dev.ganglion.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.protocol.Dialect;
import dev.ganglion.protocol.FrameReader;
import dev.ganglion.protocol.FrameSigner;
import dev.ganglion.protocol.FrameVerifier;
import dev.ganglion.protocol.HmacEncoding;
import dev.ganglion.protocol.SessionBinding;
import dev.ganglion.protocol.UnsignedFrames;
import dev.ganglion.protocol.event.EventReader;
import dev.ganglion.protocol.frame.EventBatch;
import dev.ganglion.protocol.frame.EventBatchAck;
import dev.ganglion.protocol.frame.Frame;
import dev.ganglion.protocol.frame.Hello;
import dev.ganglion.protocol.frame.HelloAck;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One connection from the view of the scripted brain. Every frame is verified and then kept for the test. */
final class ScriptedSession {
    static final int MAX_FRAME = 1 << 20;

    private final HttpServerRequest upgrade;
    private final ServerWebSocket socket;
    private final boolean acks;
    private final String sessionId = UUID.randomUUID().toString();
    private final SessionBinding binding =
            new SessionBinding(UUID.randomUUID().toString(), ScriptedBrain.PROJECT_ID, sessionId);
    private final FrameReader reader = new FrameReader(MAX_FRAME);
    private final FrameVerifier verifier;
    private final FrameSigner signer = new FrameSigner(ScriptedBrain.key(), binding);
    private final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
    private final BlockingQueue<EventBatch> batches = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final List<String> opcodes = new ArrayList<>();
    private volatile @Nullable Hello hello;
    private volatile boolean accepted;

    ScriptedSession(HttpServerRequest upgrade, ServerWebSocket socket, boolean acks) {
        this.upgrade = upgrade;
        this.socket = socket;
        this.acks = acks;
        this.verifier = new FrameVerifier(ScriptedBrain.key(), binding, encoding());
        socket.closeHandler(
                gone -> closed.complete(socket.closeStatusCode() == null ? 1006 : (int) socket.closeStatusCode()));
    }

    void onHello(Runnable onHello) {
        socket.textMessageHandler(text -> receive("text", text.getBytes(StandardCharsets.UTF_8), onHello));
        socket.binaryMessageHandler(bytes -> receive("binary", bytes.getBytes(), onHello));
    }

    void accept() {
        accept(10, MAX_FRAME);
    }

    void accept(int heartbeatSeconds, int maxFrameBytes) {
        HelloAck ack = new HelloAck(
                UUID.randomUUID().toString(),
                "0.1.0",
                binding.agentId(),
                binding.projectId(),
                sessionId,
                heartbeatSeconds,
                maxFrameBytes);
        accepted = true;
        write(UnsignedFrames.helloAck(ack, Instant.now()));
    }

    void ack(EventBatch batch) {
        send(new EventBatchAck(
                UUID.randomUUID().toString(),
                batch.id(),
                batch.received(),
                batch.events().size(),
                batch.rejected().size()));
    }

    void send(Frame frame) {
        write(signer.sign(frame, verifier.encoding(), Instant.now()));
    }

    /** Sends a frame with one digit of its signature changed. */
    void sendForged(Frame frame) {
        String signed = new String(signer.sign(frame, HmacEncoding.HEX, Instant.now()), StandardCharsets.UTF_8);
        int digit = signed.indexOf("\"hmac\":\"") + 8;
        char other = signed.charAt(digit) == '0' ? '1' : '0';
        write((signed.substring(0, digit) + other + signed.substring(digit + 1)).getBytes(StandardCharsets.UTF_8));
    }

    /** Sends the same bytes of a frame twice. */
    void sendTwice(Frame frame) {
        byte[] signed = signer.sign(frame, HmacEncoding.HEX, Instant.now());
        write(signed);
        write(signed);
    }

    void write(byte[] wire) {
        socket.writeTextMessage(new String(wire, StandardCharsets.UTF_8));
    }

    void writeText(String text) {
        socket.writeTextMessage(text);
    }

    void close(int code) {
        socket.close((short) code, "scripted");
    }

    Hello hello() {
        return Objects.requireNonNull(hello);
    }

    HttpServerRequest upgrade() {
        return upgrade;
    }

    String sessionId() {
        return sessionId;
    }

    /** The opcode of each message, "text" or "binary", in order. */
    List<String> opcodes() {
        return opcodes;
    }

    HmacEncoding encodingSeen() {
        return verifier.encoding();
    }

    long lastSeq() {
        return verifier.lastSeq();
    }

    EventBatch batch() throws InterruptedException {
        EventBatch batch = batches.poll(10, TimeUnit.SECONDS);
        assertThat(batch).as("a batch within 10 s").isNotNull();
        return batch;
    }

    int batchesWaiting() {
        return batches.size();
    }

    /** Returns the next frame of a type other than an event batch. */
    <F extends Frame> F frame(Class<F> type) throws InterruptedException {
        while (true) {
            Frame frame = frames.poll(10, TimeUnit.SECONDS);
            assertThat(frame).as("a %s within 10 s", type.getSimpleName()).isNotNull();
            if (type.isInstance(frame)) {
                return type.cast(frame);
            }
        }
    }

    /** The code with which the agent closed the connection. */
    int closeCode() throws Exception {
        return closed.get(10, TimeUnit.SECONDS);
    }

    static List<String> ids(EventBatch batch) {
        List<String> ids = new ArrayList<>();
        EventReader events = batch.events().reader();
        while (events.next()) {
            ids.add(events.id());
        }
        return ids;
    }

    Dialect dialect() {
        return upgrade.path().endsWith("/ws/agent") ? Dialect.LIBRARY : Dialect.DOCUMENTED;
    }

    private HmacEncoding encoding() {
        return dialect() == Dialect.LIBRARY ? HmacEncoding.HEX : HmacEncoding.BASE64;
    }

    private void receive(String opcode, byte[] wire, Runnable onHello) {
        opcodes.add(opcode);
        reader.read(wire);
        if (!accepted) {
            hello = reader.hello();
            onHello.run();
            return;
        }
        Frame frame = verifier.verify(reader, Instant.now());
        if (frame instanceof EventBatch batch) {
            batches.add(batch);
            if (acks) {
                ack(batch);
            }
        } else {
            frames.add(frame);
        }
    }
}
