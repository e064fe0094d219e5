package dev.ganglion.testing.brain;

import dev.ganglion.Brain;
import dev.ganglion.BrainInternals;
import dev.ganglion.testing.http.Rest;
import dev.ganglion.testing.network.Ports;
import dev.ganglion.testing.wire.WireAgent;
import dev.ganglion.testing.wire.WireFrames;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Runs three brains in this process as a cluster on one Redis. Agents are enrolled through the first brain, which
 * always runs.
 */
public final class ClusterExtension implements BeforeAllCallback, AfterAllCallback {
    /** Longest time until a cluster reaches the expected state. */
    public static final Duration SETTLED = Duration.ofSeconds(60);

    private final BrainExtension first = new BrainExtension();
    private final List<FurtherBrain> others = new ArrayList<>();
    private final Map<String, String> settings = new LinkedHashMap<>();

    /** Sets a configuration key on every node. */
    public ClusterExtension with(String key, String value) {
        settings.put(key, value);
        return this;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        List<Integer> ports = Ports.free(3);
        settings.put("cluster.bus-port", "0");
        settings.put("cluster.name", "test-" + ports.get(0));
        settings.put(
                "cluster.members",
                ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(",")));
        settings.forEach(first::with);
        first.with("cluster.port", ports.get(0).toString());
        first.beforeAll(context);
        for (int port : ports.subList(1, 3)) {
            others.add(join(port));
        }
        awaitSize(3);
    }

    private FurtherBrain join(int port) {
        Map<String, String> all = new LinkedHashMap<>(settings);
        all.put("cluster.port", String.valueOf(port));
        List<String> pairs = new ArrayList<>();
        all.forEach((key, value) -> pairs.addAll(List.of(key, value)));
        return FurtherBrain.start(first.redis().connectionString().value(), pairs.toArray(new String[0]));
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        others.forEach(FurtherBrain::close);
        first.afterAll(context);
    }

    /** Waits until every node lists this many nodes and is ready. */
    public void awaitSize(int size) {
        Awaitility.await().atMost(SETTLED).untilAsserted(() -> {
            for (int i = 0; i < 3; i++) {
                JsonObject cluster = rest(i).get("/cluster").expect(200);
                if (cluster.getJsonArray("nodes").size() != size) {
                    throw new AssertionError("node " + i + " lists " + cluster);
                }
                Rest.Response ready = rest(i).call("GET", "/readyz", null);
                if (ready.status() != 200) {
                    throw new AssertionError("node " + i + ": " + ready);
                }
            }
        });
    }

    /** Returns the first node, through which agents are enrolled. */
    public BrainExtension first() {
        return first;
    }

    /** Returns a REST client for a node, with the node's admin key. */
    public Rest rest(int node) {
        return node == 0 ? first.rest() : others.get(node - 1).rest();
    }

    /** Returns a node other than the first, by its number from 1. */
    public FurtherBrain another(int node) {
        return others.get(node - 1);
    }

    /** Returns the port of a node. */
    public int port(int node) {
        return brain(node).port();
    }

    /** Returns the brain of a node. */
    public Brain brain(int node) {
        return node == 0 ? first.brain() : others.get(node - 1).brain();
    }

    /** Returns the id of a node in the cluster. */
    public String id(int node) {
        return BrainInternals.nodeId(brain(node));
    }

    /** Connects an agent to a node. */
    public WireAgent connect(int node, EnrolledAgent agent, String worker) {
        return FurtherBrain.connect(port(node), agent, WireFrames.helloOf(worker));
    }
}
