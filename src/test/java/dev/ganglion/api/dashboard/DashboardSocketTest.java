package dev.ganglion.api.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.api.dashboard.DashboardAccess.Standing;
import dev.ganglion.api.dashboard.DashboardAccess.Visitor;
import dev.ganglion.socket.GuardedSocket;
import dev.ganglion.telemetry.BrainMetrics;
import dev.ganglion.telemetry.Ticker;
import dev.ganglion.testing.people.Dashboard;
import dev.ganglion.testing.wire.WireSocket;
import dev.ganglion.testing.wire.WireSocket.Opcode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Checks a browser that reads nothing. Its unread output must fill up before it sends a message, which requires a
 * special server.
 */
class DashboardSocketTest {
    private static final DashboardLimits LIMITS = new DashboardLimits(Duration.ofMinutes(1), Duration.ofMinutes(1));
    /** Number of messages to fill the output: the operating system buffers some megabytes of them. */
    private static final int BACKLOG_MESSAGES = 512;

    private static final int MESSAGE_BYTES = 64 * 1024;

    private final Vertx vertx = Vertx.vertx();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final BrainMetrics metrics = new BrainMetrics(registry);
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    /** A visitor who may see every project. */
    private record AdmittedVisitor(String sessionId) implements Visitor {
        @Override
        public String userId() {
            return "user";
        }

        @Override
        public boolean isFrom(String origin) {
            return true;
        }

        @Override
        public Future<Standing> standing(String projectId) {
            return Future.succeededFuture(Standing.ADMITTED);
        }
    }

    @AfterEach
    void stop() {
        vertx.close().await();
    }

    private void open(HttpServerRequest request) {
        GuardedSocket.upgrade(request, LIMITS.ofSocket(), Ticker.system())
                .onSuccess(socket -> {
                    for (int i = 0; i < BACKLOG_MESSAGES; i++) {
                        socket.write(new byte[MESSAGE_BYTES]);
                    }
                    new DashboardSocket(socket, Ticker.system(), metrics, dashboard -> closed.complete(null))
                            .start(new AdmittedVisitor("a-session"));
                })
                .onFailure(closed::completeExceptionally);
    }

    private void assertCutAsSlowReader(Consumer<WireSocket> trigger) throws Exception {
        int port = vertx.createHttpServer()
                .requestHandler(this::open)
                .listen(0, "127.0.0.1")
                .await()
                .actualPort();
        try (WireSocket browser = WireSocket.connect(port)) {
            assertThat(browser.upgrade("/", Map.of()).status()).isEqualTo(101);
            trigger.accept(browser);

            closed.get(WireSocket.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        assertThat(registry.find("ganglion.dashboards.closed").counters())
                .singleElement()
                .returns("slow_reader", counter -> counter.getId().getTag("reason"))
                .returns(1.0, Counter::count);
    }

    @Test
    void cutsABrowserThatDoesNotReadAnEvent() throws Exception {
        byte[] subscribe = Dashboard.subscribe("a-project").getBytes(StandardCharsets.UTF_8);
        assertCutAsSlowReader(browser -> browser.send(Opcode.TEXT, subscribe));
    }

    @Test
    void cutsABrowserThatDoesNotReadAPong() throws Exception {
        assertCutAsSlowReader(browser -> browser.send(Opcode.PING, new byte[0]));
    }
}
