package dev.ganglion.agent;

import dev.ganglion.agent.outbox.Batching;
import dev.ganglion.config.value.Secret;
import dev.ganglion.protocol.KeyDerivation;
import dev.ganglion.protocol.ProjectKey;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A substitute for a brain on a real socket. By default it accepts every agent and acknowledges every batch; a script
 * can change its behaviour for the next upgrade.
 */
public final class ScriptedBrain implements AutoCloseable {
    public static final String TOKEN = "z4j_agent_test";
    public static final String SECRET = KeyDerivation.secretText(new byte[32]);
    static final String PROJECT_ID = "5b0c1f9e-58f5-4a35-8f5c-111111111111";

    /** The behaviour for one upgrade. */
    record Script(
            Consumer<HttpServerResponse> refusal, Consumer<ScriptedSession> onHello, boolean accepts, boolean acks) {}

    private final HttpServer server;
    private final Queue<Script> scripts = new ConcurrentLinkedQueue<>();
    private final BlockingQueue<ScriptedSession> sessions = new LinkedBlockingQueue<>();
    private final BlockingQueue<HttpServerRequest> refused = new LinkedBlockingQueue<>();

    public ScriptedBrain(Vertx vertx) {
        this(vertx, new HttpServerOptions());
    }

    ScriptedBrain(Vertx vertx, HttpServerOptions options) {
        this.server = vertx.createHttpServer(options.setHost("127.0.0.1")
                        .setMaxWebSocketFrameSize(1 << 21)
                        .setMaxWebSocketMessageSize(1 << 21))
                .requestHandler(this::onRequest)
                .listen(0)
                .await();
    }

    public int port() {
        return server.actualPort();
    }

    /** Returns options for an agent that reconnects to this brain within milliseconds. */
    AgentOptions options() {
        return AgentOptions.of("ws://127.0.0.1:" + port(), Secret.of(TOKEN), Secret.of(SECRET))
                .withBackoff(new BackoffRange(Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofMillis(20)))
                .withBatching(Batching.DEFAULT.withFlushInterval(Duration.ofMillis(5)));
    }

    /** Rejects the next upgrade with a status. */
    void refuseNext(int status, String... header) {
        script(new Script(
                response -> {
                    if (header.length == 2) {
                        response.putHeader(header[0], header[1]);
                    }
                    response.setStatusCode(status).end();
                },
                session -> {},
                false,
                false));
    }

    /** Closes the next connection instead of sending a hello_ack. */
    public void closeNext(int code) {
        script(new Script(response -> {}, session -> session.close(code), true, false));
    }

    /** Runs an action when the hello of the next connection arrives. */
    void onNextHello(Consumer<ScriptedSession> action) {
        script(new Script(response -> {}, action, true, true));
    }

    /** Accepts the next agent, but does not acknowledge batches automatically. */
    void withholdNextAcks() {
        script(new Script(response -> {}, ScriptedSession::accept, true, false));
    }

    void script(Script script) {
        scripts.add(script);
    }

    /** Returns the next connection that sent a hello. */
    ScriptedSession session() throws InterruptedException {
        ScriptedSession session = sessions.poll(10, TimeUnit.SECONDS);
        if (session == null) {
            throw new AssertionError("no agent said hello within 10 s");
        }
        return session;
    }

    /** Whether an agent sends a hello within the given time. */
    boolean receivesHelloWithin(Duration time) throws InterruptedException {
        return sessions.poll(time.toMillis(), TimeUnit.MILLISECONDS) != null;
    }

    /** Returns the next upgrade that was rejected. */
    HttpServerRequest refusedUpgrade() throws InterruptedException {
        HttpServerRequest request = refused.poll(10, TimeUnit.SECONDS);
        if (request == null) {
            throw new AssertionError("no agent tried to upgrade within 10 s");
        }
        return request;
    }

    static ProjectKey key() {
        return new ProjectKey(KeyDerivation.secretBytes(SECRET));
    }

    private void onRequest(HttpServerRequest request) {
        Script next = scripts.poll();
        Script script = next != null ? next : new Script(response -> {}, ScriptedSession::accept, true, true);
        if (!script.accepts()) {
            refused.add(request);
            script.refusal().accept(request.response());
            return;
        }
        request.toWebSocket().onSuccess(socket -> greet(request, socket, script));
    }

    private void greet(HttpServerRequest request, ServerWebSocket socket, Script script) {
        ScriptedSession session = new ScriptedSession(request, socket, script.acks());
        session.onHello(() -> {
            sessions.add(session);
            script.onHello().accept(session);
        });
    }

    @Override
    public void close() {
        server.close().await();
    }
}
