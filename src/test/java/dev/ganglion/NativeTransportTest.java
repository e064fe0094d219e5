package dev.ganglion;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Tests that the native transport, whose version may lag behind the rest of Netty, works with it. */
@EnabledOnOs(
        value = OS.LINUX,
        architectures = {"amd64", "aarch64"})
class NativeTransportTest {
    @Test
    void isUsedOnLinux() {
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        try {
            assertThat(vertx.unavailableNativeTransportCause()).isNull();
            assertThat(vertx.isNativeTransportEnabled()).isTrue();
            int port = vertx.createHttpServer()
                    .requestHandler(request -> request.response().end("native"))
                    .listen(0, "127.0.0.1")
                    .await()
                    .actualPort();
            String answer = vertx.createHttpClient()
                    .request(HttpMethod.GET, port, "127.0.0.1", "/")
                    .compose(request -> request.send())
                    .compose(response -> response.body())
                    .await()
                    .toString();
            assertThat(answer).isEqualTo("native");
        } finally {
            vertx.close().await();
        }
    }
}
