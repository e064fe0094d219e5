package dev.ganglion.testing.agent;

import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.wire.WireFrames;
import io.vertx.core.Vertx;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Many concurrent agents that only send a hello. */
public final class Swarm implements AutoCloseable {
    private static final int MOST = 2_000;

    private final Vertx vertx = Vertx.vertx();
    private final WebSocketClient client = vertx.createWebSocketClient(
            new WebSocketClientOptions().setMaxConnections(MOST).setConnectTimeout(30_000));

    /** One agent of the swarm, with the outcome of its connection so far. */
    public static final class Caller {
        private final CompletableFuture<Caller> decided = new CompletableFuture<>();
        private final CompletableFuture<Integer> ended = new CompletableFuture<>();
        private volatile @Nullable WebSocket socket;
        private volatile @Nullable String sessionId;
        private volatile long endedAt;

        /** Completes when the agent has received hello_ack or was rejected. */
        public CompletableFuture<Caller> decided() {
            return decided;
        }

        /** Returns the id of the agent's session, or null if it never had one. */
        public @Nullable String sessionId() {
            return sessionId;
        }

        /** Returns whether the agent currently has a session. */
        public boolean online() {
            return sessionId != null && !ended.isDone();
        }

        /** Returns how the connection ended: a close code, an HTTP status, or 0 if it has not ended. */
        public int end() {
            return ended.getNow(0);
        }

        /** Returns the time when the connection ended, in nanoseconds of {@link System#nanoTime()}. */
        public long endedAt() {
            return endedAt;
        }

        /** Closes the connection. */
        public void close() {
            WebSocket open = socket;
            if (open != null) {
                open.close().onFailure(ended::completeExceptionally);
            }
        }

        private void opened(WebSocket webSocket, JsonObject hello) {
            socket = webSocket;
            webSocket.textMessageHandler(text -> {
                JsonObject frame = new JsonObject(text);
                if (frame.getString("type").equals("hello_ack")) {
                    sessionId = frame.getJsonObject("payload").getString("session_id");
                    decided.complete(this);
                }
            });
            webSocket.closeHandler(closed -> {
                Short code = webSocket.closeStatusCode();
                finish(code == null ? 1006 : code);
            });
            webSocket.writeTextMessage(hello.encode()).onFailure(failure -> finish(1006));
        }

        private void refused(Throwable failure) {
            finish(failure instanceof UpgradeRejectedException rejected ? rejected.getStatus() : 1006);
        }

        private void finish(int how) {
            endedAt = System.nanoTime();
            ended.complete(how);
            decided.complete(this);
        }
    }

    /** Connects to the brain on this port, without waiting. */
    public Caller connect(int port, EnrolledAgent agent, String worker) {
        Caller caller = new Caller();
        JsonObject hello = WireFrames.helloOf(worker);
        client.connect(new WebSocketConnectOptions()
                        .setHost("127.0.0.1")
                        .setPort(port)
                        .setURI(EnrolledAgent.DOCUMENTED)
                        .addHeader("Authorization", "Bearer " + agent.token()))
                .onSuccess(socket -> caller.opened(socket, hello))
                .onFailure(caller::refused);
        return caller;
    }

    @Override
    public void close() {
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
