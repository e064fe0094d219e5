package dev.ganglion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ganglion.testing.network.Ports;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.NetClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that a host name may get another address while the brain runs. */
class HostNamesTest {
    @TempDir
    Path directory;

    private String reached(NetClient client, int port) {
        return client.connect(port, "store.test")
                .compose(socket -> {
                    String address = socket.remoteAddress().hostAddress();
                    return socket.close().map(address);
                })
                .await();
    }

    @Test
    void noticesAChangedEntryOfTheHostsFile() throws IOException {
        Path hosts = Files.writeString(directory.resolve("hosts"), "127.0.0.2 store.test\n");
        Vertx vertx = Vertx.vertx(
                new VertxOptions().setAddressResolverOptions(HostNames.fresh().setHostsPath(hosts.toString())));
        int port = Ports.free();
        try {
            for (String address : new String[] {"127.0.0.2", "127.0.0.3"}) {
                Object unused = vertx.createNetServer()
                        .connectHandler(socket -> {})
                        .listen(port, address)
                        .await();
            }
            NetClient client = vertx.createNetClient();
            assertThat(reached(client, port)).isEqualTo("127.0.0.2");

            Files.writeString(hosts, "127.0.0.3 store.test\n");

            await().atMost(Duration.ofSeconds(5))
                    .until(() -> reached(client, port).equals("127.0.0.3"));
        } finally {
            vertx.close().await();
        }
    }
}
