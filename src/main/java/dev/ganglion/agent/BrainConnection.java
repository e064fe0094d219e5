package dev.ganglion.agent;

import dev.ganglion.protocol.Dialect;
import dev.ganglion.protocol.ProjectKey;
import dev.ganglion.protocol.UnsignedFrames;
import dev.ganglion.protocol.error.CloseCode;
import dev.ganglion.protocol.error.ProtocolException;
import dev.ganglion.protocol.frame.Frame;
import dev.ganglion.protocol.frame.Hello;
import dev.ganglion.protocol.frame.HelloAck;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.WebSocketConnectOptions;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection of an agent: the upgrade, the hello, the signed frames of its session, and its end.
 *
 * <p>The connection calls its listener once for each of these steps, and never after the end. Confined to the agent's
 * context.
 */
final class BrainConnection {
    private static final int MIN_SILENT_BEATS = 3;
    private static final long NO_TIMER = -1;

    /** Receives the events of a connection. */
    interface ConnectionListener {
        /** The brain accepted the upgrade; the hello is about to be sent. */
        void opened();

        /** The brain acknowledged the hello. */
        void online(HelloAck ack);

        /** A verified frame of the session arrived. */
        void received(Frame frame);

        /** The connection ended. */
        void ended(ConnectionEnd ending);
    }

    private final AgentHost host;
    private final AgentOptions options;
    private final ProjectKey key;
    private final ConnectionListener listener;
    private final ClientWebSocket socket;
    private @Nullable FrameSession session;
    private boolean connected;
    private boolean ended;
    private int silentBeats;
    private long timer = NO_TIMER;

    BrainConnection(AgentHost host, AgentOptions options, ProjectKey key, ConnectionListener listener) {
        this.host = host;
        this.options = options;
        this.key = key;
        this.listener = listener;
        this.socket = host.client().webSocket();
    }

    void open(Hello hello) {
        socket.textMessageHandler(text -> receive(text.getBytes(StandardCharsets.UTF_8)));
        socket.binaryMessageHandler(message -> receive(message.getBytes()));
        socket.pongHandler(pong -> silentBeats = 0);
        socket.closeHandler(closed -> end(ConnectionEnd.ofClose(socket.closeStatusCode(), socket.closeReason())));
        socket.exceptionHandler(this::onFailure);
        socket.connect(upgrade()).onComplete(ws -> onOpen(hello), failure -> end(ConnectionEnd.ofFailure(failure)));
    }

    /** Signs and sends a frame. Does nothing after the end of the connection. */
    void send(Frame frame) {
        if (!ended && session != null) {
            write(session.sign(frame, host.clock().instant()));
        }
    }

    /**
     * Sends a heartbeat now and then every {@code seconds} seconds. Closes the connection if the brain stays silent for
     * too long.
     */
    void beat(int seconds, Supplier<Frame> heartbeat) {
        long limit = Math.max(MIN_SILENT_BEATS, host.timeouts().silence().toSeconds() / seconds);
        send(heartbeat.get());
        timer = host.vertx().setPeriodic(seconds * 1000L, tick -> {
            if (silentBeats++ >= limit) {
                close(CloseCode.IDLE_TIMEOUT, "the brain sent nothing for " + limit * seconds + " s");
                return;
            }
            send(heartbeat.get());
            socket.writePing(Buffer.buffer());
        });
    }

    /** Closes the connection and ends it with a retry. The listener ignores the retry if the agent has stopped. */
    void close(CloseCode code, String reason) {
        if (connected && !socket.isClosed()) {
            socket.close((short) code.code(), code.reason());
        }
        end(ConnectionEnd.retry(reason));
    }

    private WebSocketConnectOptions upgrade() {
        BrainAddress brain = options.brain();
        WebSocketConnectOptions upgrade = new WebSocketConnectOptions()
                .setHost(brain.host())
                .setPort(brain.port())
                .setSsl(brain.tls())
                .setURI(brain.endpoint(options.dialect()))
                .setAllowOriginHeader(false);
        upgrade.setTimeout(host.timeouts().upgrade().toMillis());
        upgrade.addHeader(
                HttpHeaders.AUTHORIZATION,
                "Bearer " + options.credentials().token().value());
        if (options.tls() != null) {
            upgrade.setSslOptions(options.tls());
        }
        return upgrade;
    }

    private void onOpen(Hello hello) {
        connected = true;
        if (ended) {
            socket.close((short) CloseCode.NORMAL.code(), CloseCode.NORMAL.reason());
            return;
        }
        long wait = host.timeouts().helloAck().toMillis();
        timer = host.vertx()
                .setTimer(
                        wait,
                        late -> close(CloseCode.HELLO_TIMEOUT, "the brain sent no hello_ack within " + wait + " ms"));
        listener.opened();
        write(UnsignedFrames.hello(hello, host.clock().instant()));
    }

    private void receive(byte[] wire) {
        if (ended) {
            return;
        }
        silentBeats = 0;
        try {
            if (session == null) {
                begin(UnsignedFrames.readHelloAck(wire));
            } else {
                listener.received(
                        session.verify(host.reader(), wire, host.clock().instant()));
            }
        } catch (ProtocolException e) {
            refuse(e);
        }
    }

    private void begin(HelloAck ack) {
        host.vertx().cancelTimer(timer);
        if (options.projectId() != null && !options.projectId().equals(ack.projectId())) {
            close(
                    CloseCode.NORMAL,
                    "the token belongs to project " + ack.projectId() + ", not to the configured project");
            return;
        }
        session = new FrameSession(ack, key, options.dialect());
        listener.online(ack);
    }

    /**
     * Closes the session after an invalid frame from the brain. After a wrong signature, the agent does not trust the
     * peer for the rest of the session.
     */
    private void refuse(ProtocolException fault) {
        if (fault.closeCode() == CloseCode.UNSUPPORTED_VERSION) {
            socket.close((short) fault.closeCode().code(), fault.closeCode().reason());
            end(ConnectionEnd.ofClose((short) fault.closeCode().code(), null));
        } else {
            close(fault.closeCode(), "the agent rejected a frame from the brain: " + fault.getMessage());
        }
    }

    private void onFailure(Throwable failure) {
        // After a message over the size limit the socket stays open. After a lost connection, the close handler
        // follows.
        if (!ended && connected && !socket.isClosed()) {
            close(CloseCode.TOO_LARGE, "the connection failed: " + failure.getMessage());
        }
    }

    private void write(byte[] frame) {
        if (socket.isClosed()) {
            return; // the close handler will report the end
        }
        if (options.dialect() == Dialect.LIBRARY) {
            socket.writeBinaryMessage(Buffer.buffer(frame));
        } else {
            socket.writeTextMessage(new String(frame, StandardCharsets.UTF_8));
        }
    }

    private void end(ConnectionEnd ending) {
        if (!ended) {
            ended = true;
            host.vertx().cancelTimer(timer);
            listener.ended(ending);
        }
    }
}
