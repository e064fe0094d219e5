package dev.ganglion.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.BrainInternals;
import dev.ganglion.testing.brain.FurtherBrain;
import dev.ganglion.testing.http.Rest;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.log.WarnLog;
import dev.ganglion.testing.network.Certificates;
import dev.ganglion.testing.network.Ports;
import dev.ganglion.testing.redis.RedisExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tests that a node which cannot exchange messages with the others is not ready and says why, and that they are. */
class UnreachableNodeIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    @RegisterExtension
    final QuietLog quiet = new QuietLog();

    @RegisterExtension
    final WarnLog log = new WarnLog();

    private final List<Integer> ports = Ports.free(3);

    private FurtherBrain node(int number, Map<String, String> more) {
        Map<String, String> all = new HashMap<>(Map.of(
                "cluster.name",
                "unreachable-" + ports.get(0),
                "cluster.members",
                ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(",")),
                "cluster.port",
                ports.get(number).toString(),
                "cluster.bus-port",
                "0"));
        all.putAll(more);
        List<String> pairs = new ArrayList<>();
        all.forEach((key, value) -> pairs.addAll(List.of(key, value)));
        return FurtherBrain.start(redis.connectionString().value(), pairs.toArray(String[]::new));
    }

    private static Rest.Response ready(FurtherBrain node) {
        return node.rest().call("GET", "/readyz", null);
    }

    private static void assertStaysReady(FurtherBrain... nodes) {
        for (FurtherBrain node : nodes) {
            Awaitility.await()
                    .atMost(LIMIT)
                    .untilAsserted(() -> assertThat(ready(node).status()).isEqualTo(200));
        }
        Awaitility.await()
                .during(Duration.ofSeconds(3))
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(nodes)
                        .allSatisfy(node -> assertThat(ready(node).status())
                                .as(ready(node).text())
                                .isEqualTo(200)));
    }

    private static void assertNotReadyFromTheStart(FurtherBrain odd, FurtherBrain other, String cause) {
        assertThat(ready(odd).status()).as("at the first request").isEqualTo(503);
        Awaitility.await()
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(ready(odd).text())
                        .contains("cannot exchange messages with node 127.0.0.1:" + other.port())
                        .contains(BrainInternals.nodeId(other.brain()))
                        .contains(cause));
    }

    private static double unreachable(FurtherBrain node) {
        return node.rest()
                .call("GET", "/metrics", null)
                .text()
                .lines()
                .filter(line -> line.startsWith("ganglion_bus_unreachable "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    @Test
    void aNodeWithACertificateOfAnotherAuthorityIsNotReadyAndNamesPeerAndCauseWhileTheOthersServe(
            @TempDir Path directory) {
        Certificates ours = Certificates.make(directory, "ours");
        Certificates theirs = Certificates.make(directory, "theirs");
        Certificates foreign = new Certificates(theirs.cert(), theirs.key(), ours.authority());
        try (FurtherBrain first = node(0, ours.settings());
                FurtherBrain second = node(1, ours.settings());
                FurtherBrain odd = node(2, foreign.settings())) {
            assertNotReadyFromTheStart(odd, first, "it rejects the certificate of this node");
            assertNotReadyFromTheStart(odd, second, "cluster.tls.cert");
            assertStaysReady(first, second);
            assertThat(ready(odd).status()).isEqualTo(503);
            assertThat(unreachable(odd)).isEqualTo(2);
            assertThat(unreachable(first)).isEqualTo(1);
            assertThat(first.metric("ganglion_bus_refused_total", "reason", "tls"))
                    .isPositive();
            assertThat(log.texts())
                    .filteredOn(text -> text.contains("cannot exchange messages"))
                    .as("once per outage and node, not every second")
                    .hasSizeBetween(4, 12);
        }
    }

    @Test
    void aNodeWithAnotherMasterSecretIsNotReadyAndSaysSoWhileTheOlderNodeServes() {
        try (FurtherBrain first = node(0, Map.of());
                FurtherBrain odd = node(1, Map.of("master-secret", "another-secret-of-more-than-thirty-two-bytes"))) {
            assertNotReadyFromTheStart(odd, first, "another master-secret");
            assertStaysReady(first);
            assertThat(first.metric("ganglion_bus_refused_total", "reason", "wrong_secret"))
                    .isPositive();
        }
    }
}
