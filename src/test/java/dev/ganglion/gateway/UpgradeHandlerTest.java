package dev.ganglion.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.wire.WireSocket;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.ServerWebSocket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UpgradeHandlerTest {
    private final Vertx vertx = Vertx.vertx();
    private final CompletableFuture<ServerWebSocket> opened = new CompletableFuture<>();

    @AfterEach
    void stop() {
        vertx.close().await();
    }

    @Test
    void discardsTheHeadersOfAnUpgrade() throws Exception {
        HttpServer server = vertx.createHttpServer()
                .requestHandler(request -> UpgradeHandler.upgrade(request, opened::complete))
                .listen(0, "127.0.0.1")
                .await();
        try (WireSocket agent = WireSocket.connect(server.actualPort())) {
            int status = agent.upgrade("/ws", Map.of("Authorization", "Bearer a-token"))
                    .status();
            ServerWebSocket socket = opened.get(WireSocket.PATIENCE.toSeconds(), TimeUnit.SECONDS);

            assertThat(status).isEqualTo(101);
            assertThat(socket.headers()).isEmpty();
        }
    }
}
