package dev.ganglion.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.core.HazelcastInstance;
import dev.ganglion.BrainInternals;
import dev.ganglion.bus.NodeMessage;
import dev.ganglion.config.source.ConfigException;
import dev.ganglion.testing.brain.FurtherBrain;
import dev.ganglion.testing.network.Certificates;
import dev.ganglion.testing.network.Ports;
import dev.ganglion.testing.redis.RedisExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tests which nodes may join the cluster, and which peers the event bus accepts. */
class JoinIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    @RegisterExtension
    static final RedisExtension otherRedis = new RedisExtension();

    private final List<Integer> ports = Ports.free(4);

    /** Starts a node that knows the address of the first node. */
    private FurtherBrain node(int number, String uri, Map<String, String> more) {
        Map<String, String> all = new HashMap<>(Map.of(
                "cluster.name",
                "join-" + ports.get(0),
                "cluster.port",
                ports.get(number).toString(),
                "cluster.bus-port",
                "0"));
        if (!more.containsKey("cluster.dns")) {
            all.put("cluster.members", "127.0.0.1:" + ports.get(0));
        }
        all.putAll(more);
        List<String> pairs = new ArrayList<>();
        all.forEach((key, value) -> pairs.addAll(List.of(key, value)));
        return FurtherBrain.start(uri, pairs.toArray(String[]::new));
    }

    private FurtherBrain node(int number, Map<String, String> more) {
        return node(number, redis.connectionString().value(), more);
    }

    private static void awaitSize(int size, FurtherBrain... brains) {
        for (FurtherBrain brain : brains) {
            Awaitility.await()
                    .atMost(LIMIT)
                    .untilAsserted(() -> assertThat(
                                    brain.rest().get("/cluster").expect(200).getJsonArray("nodes"))
                            .hasSize(size));
        }
    }

    private static void ask(FurtherBrain from, FurtherBrain to) {
        BrainInternals.nodes(from.brain())
                .request(BrainInternals.nodeId(to.brain()), new NodeMessage.CommandEnded("unknown-command"))
                .await();
    }

    private static void assertEachReaches(FurtherBrain one, FurtherBrain other) {
        Awaitility.await().ignoreExceptions().atMost(LIMIT).untilAsserted(() -> {
            ask(one, other);
            ask(other, one);
        });
    }

    @Test
    void acceptsOnlyPeersWithACertificateOfTheAuthority(@TempDir Path directory) throws Exception {
        Certificates ours = Certificates.make(directory, "ours");
        Certificates foreign = Certificates.make(directory, "foreign");
        Map<String, String> settings = new HashMap<>(ours.settings());
        settings.put("cluster.bus-port", ports.get(3).toString());
        try (FurtherBrain first = node(0, settings);
                FurtherBrain second = node(1, ours.settings());
                FurtherBrain stranger = node(2, foreign.settings())) {
            awaitSize(3, first, second, stranger);
            assertEachReaches(first, second);
            assertThatThrownBy(() -> ask(stranger, first))
                    .as("rejected by the first node")
                    .isInstanceOf(Throwable.class);
            assertThatThrownBy(() -> ask(first, stranger))
                    .as("rejected by this node")
                    .isInstanceOf(Throwable.class);
            assertEachReaches(first, second);
            assertThat(answerToPlainText(ports.get(3)))
                    .as("plain text without TLS")
                    .doesNotContain("pong");
            assertThatThrownBy(() -> connectWithoutCertificate(ports.get(3))).isInstanceOf(IOException.class);
            assertEachReaches(first, second);
        }
    }

    /**
     * Sends a ping in the event bus's own framing, without TLS, and returns the bytes that the port answers until it
     * closes the connection.
     */
    private static String answerToPlainText(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(new byte[] {0, 0, 0, 6, 2, 1, 0, 0, 0, 0});
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    /** Connects by TLS as a client that trusts every certificate and has none of its own. */
    private static void connectWithoutCertificate(int port) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Gullible()}, new SecureRandom());
        try (SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(30_000);
            socket.startHandshake();
            int unused = socket.getInputStream().read();
            if (unused < 0) {
                throw new IOException("the node closed the connection");
            }
        }
    }

    private static final class Gullible implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    @Test
    void findsOtherNodesByDnsName() {
        Map<String, String> byName = Map.of("cluster.dns", "localhost");
        try (FurtherBrain first = node(0, byName);
                FurtherBrain second = node(1, Map.of())) {
            awaitSize(2, first, second);
            assertEachReaches(first, second);
        }
    }

    @Test
    void joinsOverIpv6WithoutJvmSettings() {
        Map<String, String> loopback = Map.of("cluster.host", "::1", "cluster.members", "[::1]:" + ports.get(0));
        try (FurtherBrain first = node(0, loopback);
                FurtherBrain second = node(1, loopback)) {
            awaitSize(2, first, second);
            assertEachReaches(first, second);
        }
    }

    @Test
    void refusesHazelcastClients() {
        try (FurtherBrain first = node(0, Map.of())) {
            ClientConfig client = new ClientConfig();
            client.setClusterName("join-" + ports.get(0) + "/hazelcast-5.7")
                    .setProperty("hazelcast.logging.type", "slf4j");
            client.getNetworkConfig().addAddress("127.0.0.1:" + ports.get(0)).setConnectionTimeout(2_000);
            client.getConnectionStrategyConfig().getConnectionRetryConfig().setClusterConnectTimeoutMillis(3_000);
            assertThatThrownBy(() -> {
                        HazelcastInstance connected = HazelcastClient.newHazelcastClient(client);
                        connected.shutdown();
                    })
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("Unable to connect to any cluster");
            awaitSize(1, first);
        }
    }

    @Test
    void failsForAHostThatIsNotAnAddressOfThisMachine() {
        assertThatThrownBy(() -> node(0, Map.of("cluster.host", "192.0.2.1")))
                .hasRootCauseInstanceOf(ConfigException.class)
                .hasStackTraceContaining("cluster.host: 192.0.2.1 is not an address of this machine");
    }

    @Test
    void namesTheSettingOfAPortThatIsTaken() {
        String taken = ports.get(1).toString();
        try (FurtherBrain first = node(0, Map.of("cluster.bus-port", taken))) {
            assertThatThrownBy(() -> node(0, Map.of()))
                    .hasStackTraceContaining(
                            "java.io.IOException: cannot listen on cluster.host 127.0.0.1, cluster.port "
                                    + ports.get(0));
            assertThatThrownBy(() -> node(2, Map.of("cluster.bus-port", taken)))
                    .hasStackTraceContaining(
                            "java.io.IOException: cannot listen on cluster.host 127.0.0.1, cluster.bus-port " + taken);
            awaitSize(1, first);
        }
    }

    @Test
    void startsWhenTheDnsNameDoesNotResolveYet() {
        try (FurtherBrain alone = node(0, Map.of("cluster.dns", "nobody.invalid"))) {
            awaitSize(1, alone);
            assertThat(alone.rest().call("GET", "/readyz", null).status()).isEqualTo(200);
        }
    }

    @Test
    void failsWhenTheClusterUsesAnotherRedis() {
        try (FurtherBrain first = node(0, Map.of())) {
            assertThatThrownBy(() -> node(1, otherRedis.connectionString().value(), Map.of()))
                    .hasRootCauseInstanceOf(ConfigException.class)
                    .hasStackTraceContaining("redis.uri: node " + BrainInternals.nodeId(first.brain()))
                    .hasStackTraceContaining("uses another Redis");
            awaitSize(1, first);
            try (FurtherBrain second = node(2, Map.of())) {
                awaitSize(2, first, second);
                assertEachReaches(first, second);
            }
        }
    }
}
