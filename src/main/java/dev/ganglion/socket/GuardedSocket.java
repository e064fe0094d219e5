package dev.ganglion.socket;

import dev.ganglion.telemetry.Ticker;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A WebSocket that protects the node from its peer: it limits the size of messages, the time without messages, and the
 * output that the peer leaves unread. It reports violations to its {@link SocketListener}, which ends the socket.
 *
 * <pre>
 *   open ──close──&gt; ended, close frame sent ──peer answers, or 5 s──&gt; closed
 *     └─────cut──────────────────────────────────────────────────────────^
 * </pre>
 *
 * <p>Confined to its context.
 */
public final class GuardedSocket {
    /** Stands for the listener of a socket that has none. */
    private static final class NoListener implements SocketListener {
        @Override
        public void onMessage(Buffer message) {}

        @Override
        public void onViolation(Violation violation) {}

        @Override
        public void onFailure(Throwable failure) {}

        @Override
        public void onClosed(int code) {}
    }

    /** Counts what the decoder of frames holds and answers. */
    private final class Pings implements FrameGuard.Owner {
        @Override
        public void onPing() {
            if (!ended) {
                listener.onPing();
            }
        }

        @Override
        public void onPingUnanswered() {
            if (!ended) {
                onOutputFull();
            }
        }

        @Override
        public void onPongBytes(int bytes) {
            addPending(bytes);
        }

        @Override
        public void onPartialFrame(int bytes) {
            partialFrameBytes = bytes;
            updateShare();
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(GuardedSocket.class);
    /** Time from the close frame until the connection is cut, longer than Vert.x waits for the peer's close frame. */
    private static final long CUT_AFTER_MS = 5_000;
    /** Largest close reason that a close frame can hold. */
    private static final int MAX_REASON_BYTES = 123;
    /** Close code that stands for a connection that was lost without a close frame. */
    private static final int NO_CLOSE_FRAME = 1006;
    /** Memory that a message in the output takes beside its bytes. */
    private static final int MESSAGE_OVERHEAD_BYTES = 256;
    /** Bytes of a peer that never sent a message which are read after the close frame: for its answer, no more. */
    private static final int STRANGER_BYTES = 16 * 1024;
    /** Factor of the largest message: larger frames reach the socket, so that it can name its limit when it closes. */
    private static final int FRAME_FACTOR = 4;

    private static final int SMALLEST_FRAME_LIMIT = 64 * 1024;

    private static final SocketListener NO_LISTENER = new NoListener();

    private final ServerWebSocket socket;
    private final SocketChannel channel;
    private final Context context;
    private final SocketLimits limits;
    private final Ticker ticker;
    private final ReadingGate gate;
    private final MessageAssembler assembler;
    private final SocketBudget.Share share;
    private final @Nullable FrameGuard frames;
    private final long openedAt;
    private SocketListener listener = NO_LISTENER;
    private long lastMessageAt;
    private long outputFullSince;
    private long pendingBytes;
    private int partialFrameBytes;
    private boolean messageReceived;
    private boolean consolidatesFlushes;
    private boolean boundsUnreadInput;
    private boolean ended;
    private boolean closed;

    private GuardedSocket(ServerWebSocket socket, SocketChannel channel, SocketLimits limits, Ticker ticker) {
        this.socket = socket;
        this.channel = channel;
        this.context = Objects.requireNonNull(Vertx.currentContext(), "not on the context of the socket");
        this.limits = limits;
        this.ticker = ticker;
        this.gate = new ReadingGate(socket::pause, socket::resume);
        this.assembler = new MessageAssembler(limits.maxMessageBytes());
        this.share = channel.budget().share(() -> channel.runOn(context, this::onBudgetExceeded));
        this.frames = channel.guardFrames(maxFrameBytes(limits), new Pings());
        this.openedAt = ticker.nanos();
        this.lastMessageAt = openedAt;
    }

    /**
     * Completes an upgrade. The caller attaches a listener in the callback of the returned future, so that no message
     * is lost. The future fails if the peer disconnects before.
     *
     * <p>A socket keeps its request for life, so this method discards the headers of the request, which include
     * credentials.
     */
    public static Future<GuardedSocket> upgrade(HttpServerRequest request, SocketLimits limits, Ticker ticker) {
        SocketChannel channel = SocketChannel.of(request);
        Future<ServerWebSocket> upgraded;
        try {
            upgraded = request.toWebSocket();
        } catch (IllegalStateException disconnected) {
            return Future.failedFuture(disconnected);
        }
        return upgraded.map(socket -> {
            socket.headers().clear();
            return new GuardedSocket(socket, channel, limits, ticker);
        });
    }

    private static int maxFrameBytes(SocketLimits limits) {
        return (int) Math.max(
                SMALLEST_FRAME_LIMIT, Math.min(Integer.MAX_VALUE, (long) FRAME_FACTOR * limits.maxMessageBytes()));
    }

    /** The context on which all methods and the listener run. */
    public Context context() {
        return context;
    }

    /** Starts to pass messages and violations to a listener. */
    public void attach(SocketListener receiver) {
        listener = receiver;
        if (limits.writeQueueBytes() != SocketLimits.DEFAULT_WRITE_QUEUE_BYTES) {
            socket.setWriteQueueMaxSize(limits.writeQueueBytes());
        }
        socket.frameHandler(this::onFrame);
        socket.exceptionHandler(this::onException);
        socket.drainHandler(drained -> gate.set(PauseReason.OUTPUT_FULL, false));
        socket.closeHandler(v -> onClosed());
    }

    /** Runs {@code action} when the HTTP server shuts down, instead of the close frame that Vert.x sends by default. */
    public void onShutdown(Runnable action) {
        socket.shutdownHandler(shutdown -> action.run());
    }

    private void onFrame(WebSocketFrame frame) {
        if (!ended && (frame.isText() || frame.isBinary() || frame.isContinuation())) {
            onData(frame);
        }
    }

    private void onData(WebSocketFrame frame) {
        Buffer data = frame.binaryData();
        if (frame.isContinuation() != assembler.inMessage() || (frame.isBinary() && !limits.binary())) {
            listener.onViolation(Violation.UNEXPECTED_FRAME);
        } else if (assembler.tooLarge(data.length())) {
            listener.onViolation(Violation.MESSAGE_TOO_LARGE);
        } else {
            boolean fragment = !frame.isFinal() || frame.isContinuation();
            Buffer message = assembler.add(data, frame.isFinal());
            if (fragment) {
                updateShare();
            }
            if (message != null) {
                messageReceived = true;
                lastMessageAt = ticker.nanos();
                listener.onMessage(message);
            }
        }
    }

    private void onOutputFull() {
        if (limits.unread().isZero()) {
            report(Violation.SLOW_READER);
        } else if (!ended && !gate.holds(PauseReason.OUTPUT_FULL)) {
            outputFullSince = ticker.nanos();
            gate.set(PauseReason.OUTPUT_FULL, true);
        }
    }

    private void onException(Throwable failure) {
        if (!failure.getClass().getSimpleName().equals("CorruptedWebSocketFrameException")) {
            listener.onFailure(failure);
            return;
        }
        boolean tooLarge = String.valueOf(failure.getMessage()).contains("Max frame length");
        report(tooLarge ? Violation.FRAME_TOO_LARGE : Violation.MALFORMED_FRAME);
        // Vert.x closes the channel next, which discards the messages that are not flushed.
        channel.flush();
    }

    private void onClosed() {
        if (!closed) {
            closed = true;
            assembler.clear();
            updateShare();
            Short code = socket.closeStatusCode();
            listener.onClosed(code == null ? NO_CLOSE_FRAME : code);
        }
    }

    private boolean isOpen() {
        return !closed && !socket.isClosed();
    }

    private void report(Violation violation) {
        if (!ended) {
            listener.onViolation(violation);
        }
    }

    /**
     * Checks the deadlines. A socket whose reading is paused cannot be idle, and while the store is unavailable, the
     * first message may be late.
     *
     * @param now current reading of the ticker
     */
    public void tick(long now) {
        if (!messageReceived
                && !gate.holds(PauseReason.STORE_UNAVAILABLE)
                && now - openedAt > limits.firstMessage().toNanos()) {
            report(Violation.NO_FIRST_MESSAGE);
        } else if (gate.holds(PauseReason.OUTPUT_FULL)
                && now - outputFullSince > limits.unread().toNanos()) {
            report(Violation.SLOW_READER);
        } else if (!gate.open()) {
            lastMessageAt = now;
        } else if (messageReceived && now - lastMessageAt > limits.idle().toNanos()) {
            report(Violation.IDLE);
        }
    }

    /** Pauses reading for a reason, or withdraws the reason. The close of a socket removes all reasons. */
    public void pauseReading(PauseReason reason, boolean paused) {
        if (!ended) {
            gate.set(reason, paused);
        }
    }

    /** Writes a text message, unless the connection is closed. */
    public void write(byte[] utf8) {
        if (!isOpen()) {
            return;
        }
        int bytes = utf8.length + MESSAGE_OVERHEAD_BYTES;
        addPending(bytes);
        socket.writeFrame(WebSocketFrame.textFrame(new String(utf8, StandardCharsets.UTF_8), true))
                .onComplete(written -> addPending(-bytes));
        if (pendingBytes > limits.maxPendingBytes()) {
            report(Violation.SLOW_READER);
        } else if (isOpen() && socket.writeQueueFull()) {
            onOutputFull();
        }
    }

    private void addPending(int bytes) {
        pendingBytes += bytes;
        updateShare();
    }

    private void updateShare() {
        share.hold(pendingBytes + partialFrameBytes + assembler.heldBytes());
    }

    private void onBudgetExceeded() {
        report(Violation.OVER_BUDGET);
        cut(); // also a socket that has ended before and waits for its peer
    }

    /**
     * From now on, flushes the messages of one turn of the event loop together. This costs memory, so it is for busy
     * connections only.
     */
    public void consolidateFlushes() {
        if (!consolidatesFlushes && isOpen()) {
            consolidatesFlushes = true;
            channel.consolidateFlushes();
        }
    }

    /**
     * From now on, lets the kernel keep few bytes that the node has not read. This slows down a sender that does not
     * need to be fast, and makes its writes block soon while reading is paused.
     */
    public void boundUnreadInput() {
        if (!boundsUnreadInput && isOpen()) {
            boundsUnreadInput = true;
            channel.boundUnreadInput();
        }
    }

    /** Ends a socket without a listener. */
    public void reject(int code, String reason) {
        attach(listener);
        close(code, reason);
    }

    /**
     * Sends a close frame, and ignores further messages and pings. The socket is read a little longer, for the close frame
     * of the peer: a peer that never sent a message for 16 KiB, others for one frame of the largest size. Cuts the connection if it is still open after 5 s: the close
     * frame waits behind all unread output, and Vert.x would wait for it without limit.
     *
     * @param reason text for the peer, of which the close frame holds 123 bytes
     */
    public void close(int code, String reason) {
        ended = true;
        if (!isOpen()) {
            return;
        }
        gate.openForGood();
        if (frames != null) {
            long bytes = messageReceived ? SMALLEST_FRAME_LIMIT + maxFrameBytes(limits) : STRANGER_BYTES;
            channel.stopFrames(frames, bytes);
        }
        socket.close((short) code, truncated(reason))
                .onFailure(failure -> LOG.debug("Could not send the close frame", failure));
        context.owner().setTimer(CUT_AFTER_MS, timer -> channel.cut());
    }

    private static String truncated(String reason) {
        byte[] utf8 = reason.getBytes(StandardCharsets.UTF_8);
        return new String(utf8, 0, Math.min(utf8.length, MAX_REASON_BYTES), StandardCharsets.UTF_8);
    }

    /** Closes the connection at once, without a close frame, and discards its pending output. */
    public void cut() {
        ended = true;
        channel.cut();
    }
}
