package dev.ganglion.bus.link;

import dev.ganglion.config.ClusterConfig;
import dev.ganglion.config.ClusterConfig.BusTls;
import dev.ganglion.protocol.KeyDerivation;
import dev.ganglion.telemetry.Ticker;
import dev.ganglion.testing.network.Certificates;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** A node that has nothing but its connections to other nodes, for tests. Its clock can be moved ahead. */
final class LinkedNode implements AutoCloseable {
    private final String id;
    private final Vertx vertx = Vertx.vertx();
    private final AtomicLong ahead = new AtomicLong();
    private final NodeLinks links;
    private final List<String> received = new CopyOnWriteArrayList<>();
    private final Map<String, SocketAddress> addresses = new ConcurrentHashMap<>();

    private LinkedNode(String id, Optional<BusTls> tls, String... secrets) {
        this.id = id;
        Ticker ticker = () -> System.nanoTime() + ahead.get();
        ClusterConfig config = new ClusterConfig(
                List.of(),
                Optional.empty(),
                "test",
                new ClusterConfig.OwnAddress("127.0.0.1", 1, 0),
                tls,
                Duration.ofSeconds(10),
                Optional.empty());
        links = NodeLinks.listen(vertx, new LinkTerms(id, config, keys(secrets), ticker))
                .await();
        links.receive((peer, message) -> received.add(peer + " " + message)).await();
        links.connect(node -> Optional.ofNullable(addresses.get(node)), () -> Set.copyOf(addresses.keySet()))
                .await();
    }

    /** Starts a node with these master secrets; the current one comes first. */
    static LinkedNode start(String id, String... secrets) {
        return new LinkedNode(id, Optional.empty(), secrets);
    }

    /** Starts a node that uses TLS. */
    static LinkedNode withTls(String id, Certificates files, String secret) {
        BusTls tls = new BusTls(files.cert(), files.key(), files.authority());
        return new LinkedNode(id, Optional.of(tls), secret);
    }

    static List<byte[]> keys(String... secrets) {
        return Arrays.stream(secrets)
                .map(secret -> KeyDerivation.nodeKey(secret.getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    /** Makes another node a member of the cluster as this node sees it. */
    void sees(LinkedNode other) {
        sees(other.id, other.port());
    }

    /** Makes a node at a port of this machine a member of the cluster as this node sees it. */
    void sees(String other, int port) {
        addresses.put(other, SocketAddress.inetSocketAddress(port, "127.0.0.1"));
    }

    int port() {
        return links.port();
    }

    NodeLinks links() {
        return links;
    }

    /** Sends a message, and fails if there is no reply. */
    void tell(LinkedNode other, String message) {
        links.request(other.id, Buffer.buffer(message)).await();
    }

    /** The received messages, each after the id of its sender. */
    List<String> received() {
        return List.copyOf(received);
    }

    long refused(Refusal reason) {
        return links.refusals().count(reason);
    }

    void advance(Duration time) {
        ahead.addAndGet(time.toNanos());
    }

    @Override
    public void close() {
        links.close().eventually(vertx::close).await();
    }
}
