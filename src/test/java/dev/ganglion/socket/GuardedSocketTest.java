package dev.ganglion.socket;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.ganglion.testing.wire.WireSocket;
import dev.ganglion.testing.wire.WireSocket.Opcode;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GuardedSocketTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    /** Size of unread output; the operating system buffers some megabytes of it. */
    private static final int BACKLOG_BYTES = 32 << 20;

    private static final int MESSAGE_BYTES = 64 * 1024;

    private static final SocketLimits LIMITS = new SocketLimits(
            Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofSeconds(10), 100, 4 * BACKLOG_BYTES, 1024, false);

    private final Vertx vertx = Vertx.vertx();
    private final List<WireSocket> peers = new ArrayList<>();
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final CompletableFuture<GuardedSocket> opened = new CompletableFuture<>();
    private final CompletableFuture<HttpServerRequest> requested = new CompletableFuture<>();

    /** Whether the output is full before the listener is attached. */
    private volatile boolean backlogFirst;

    private final class Recorder implements SocketListener {
        @Override
        public void onMessage(Buffer message) {
            events.add(message.toString());
        }

        @Override
        public void onPing() {
            events.add("ping");
        }

        @Override
        public void onViolation(Violation violation) {
            events.add(violation.name());
        }

        @Override
        public void onFailure(Throwable failure) {
            // A cut may also surface as a failure of the connection.
        }

        @Override
        public void onClosed(int code) {
            events.add("closed " + code);
        }
    }

    @AfterEach
    void stop() throws Exception {
        for (WireSocket peer : peers) {
            peer.close();
        }
        vertx.close().await();
    }

    private void upgrade(HttpServerRequest request, SocketLimits limits) {
        requested.complete(request);
        GuardedSocket.upgrade(request, limits, () -> 0)
                .onSuccess(socket -> {
                    if (backlogFirst) {
                        writeBacklog(socket);
                    }
                    socket.attach(new Recorder());
                    opened.complete(socket);
                })
                .onFailure(opened::completeExceptionally);
    }

    @CanIgnoreReturnValue
    private WireSocket connect(SocketLimits limits) throws Exception {
        int port = vertx.createHttpServer()
                .requestHandler(request -> upgrade(request, limits))
                .listen(0, "127.0.0.1")
                .await()
                .actualPort();
        WireSocket peer = WireSocket.connect(port);
        peers.add(peer);
        assertThat(peer.upgrade("/", Map.of("Authorization", "Bearer a-token")).status())
                .isEqualTo(101);
        return peer;
    }

    private void onSocket(Consumer<GuardedSocket> action) throws Exception {
        GuardedSocket socket = opened.get(WireSocket.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        CompletableFuture<Void> done = new CompletableFuture<>();
        socket.context().runOnContext(v -> {
            action.accept(socket);
            done.complete(null);
        });
        done.get(WireSocket.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private String nextEvent() throws Exception {
        return String.valueOf(events.poll(WireSocket.PATIENCE.toSeconds(), TimeUnit.SECONDS));
    }

    private static void writeBacklog(GuardedSocket socket) {
        for (int written = 0; written < BACKLOG_BYTES; written += MESSAGE_BYTES) {
            socket.write(new byte[MESSAGE_BYTES]);
        }
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void discardsTheHeadersOfAnUpgrade() throws Exception {
        connect(LIMITS);
        onSocket(socket -> assertThat(requested.join().headers()).isEmpty());
    }

    @Test
    void passesMessagesAndPings() throws Exception {
        WireSocket peer = connect(LIMITS);
        peer.send(Opcode.TEXT, text("hello"));
        peer.send(Opcode.PING, text("anyone"));

        assertThat(nextEvent()).isEqualTo("hello");
        assertThat(nextEvent()).isEqualTo("ping");
    }

    @Test
    void reportsMessagesThatItDoesNotAccept() throws Exception {
        WireSocket peer = connect(LIMITS);
        peer.send(Opcode.TEXT, new byte[101]);
        peer.send(Opcode.BINARY, new byte[1]);

        assertThat(nextEvent()).isEqualTo("MESSAGE_TOO_LARGE");
        assertThat(nextEvent()).isEqualTo("UNEXPECTED_FRAME");
    }

    @Test
    void reportsAMissingFirstMessage() throws Exception {
        connect(LIMITS);
        onSocket(socket -> socket.tick(5 * SECOND));
        assertThat(events).isEmpty();
        onSocket(socket -> socket.tick(5 * SECOND + 1));

        assertThat(nextEvent()).isEqualTo("NO_FIRST_MESSAGE");
    }

    @Test
    void reportsAnIdlePeerUnlessReadingIsPaused() throws Exception {
        WireSocket peer = connect(LIMITS);
        peer.send(Opcode.TEXT, text("hello"));
        assertThat(nextEvent()).isEqualTo("hello");
        onSocket(socket -> {
            socket.pauseReading(PauseReason.FRAMES_IN_FLIGHT, true);
            socket.tick(40 * SECOND);
            socket.pauseReading(PauseReason.FRAMES_IN_FLIGHT, false);
            socket.tick(70 * SECOND);
        });
        assertThat(events).isEmpty();
        onSocket(socket -> socket.tick(70 * SECOND + 1));

        assertThat(nextEvent()).isEqualTo("IDLE");
    }

    @Test
    void reportsAPeerThatLeavesItsOutputUnreadForTooLong() throws Exception {
        WireSocket peer = connect(LIMITS);
        peer.send(Opcode.TEXT, text("hello"));
        assertThat(nextEvent()).isEqualTo("hello");
        onSocket(socket -> {
            writeBacklog(socket);
            socket.tick(10 * SECOND);
        });
        assertThat(events).isEmpty();
        onSocket(socket -> socket.tick(10 * SECOND + 1));

        assertThat(nextEvent()).isEqualTo("SLOW_READER");
    }

    @Test
    void reportsAPeerThatLeavesTooManyBytesUnread() throws Exception {
        SocketLimits strict = new SocketLimits(
                LIMITS.firstMessage(), LIMITS.idle(), LIMITS.unread(), 100, BACKLOG_BYTES / 2, 1024, false);
        connect(strict);
        onSocket(GuardedSocketTest::writeBacklog);

        assertThat(nextEvent()).isEqualTo("SLOW_READER");
    }

    @Test
    void reportsUnreadAnswersToPingsAtOnceWithoutTolerance() throws Exception {
        SocketLimits strict = new SocketLimits(
                LIMITS.firstMessage(), LIMITS.idle(), Duration.ZERO, 100, LIMITS.maxPendingBytes(), 1024, false);
        backlogFirst = true;
        WireSocket peer = connect(strict);
        peer.send(Opcode.PING, new byte[0]);

        assertThat(nextEvent()).isEqualTo("SLOW_READER");
    }

    @Test
    void ignoresThePeerAfterItsEnd() throws Exception {
        WireSocket peer = connect(LIMITS);
        onSocket(socket -> {
            socket.close(4400, "a reason");
            socket.tick(100 * SECOND);
        });
        peer.send(Opcode.TEXT, text("hello"));
        peer.send(Opcode.PING, new byte[0]);
        onSocket(GuardedSocket::cut);

        assertThat(nextEvent()).startsWith("closed ");
    }

    @Test
    void cutsAConnectionWithUnreadOutput() throws Exception {
        connect(LIMITS);
        onSocket(socket -> {
            writeBacklog(socket);
            socket.cut();
        });

        assertThat(nextEvent()).isEqualTo("closed 1006");
    }
}
