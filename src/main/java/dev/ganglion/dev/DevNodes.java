package dev.ganglion.dev;

import dev.ganglion.config.GanglionConfig;
import dev.ganglion.config.source.ConfigException;
import dev.ganglion.config.source.ConfigSources;
import dev.ganglion.dev.redis.FreePorts;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of {@code dev --nodes}: a cluster of child processes on this machine, which this process supervises and
 * stops.
 */
public final class DevNodes {
    private static final Duration READY_LIMIT = Duration.ofMinutes(2);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(7);
    private static final long POLL_MILLIS = 100;
    private static final int LAST_PORT = 65_535;

    private final NodeLauncher launcher;
    private final ConfigSources sources;
    private final GanglionConfig config;
    private final String clusterName;
    private final List<Integer> ports;
    private final List<NodeProcess> nodes = new ArrayList<>();
    private final CountDownLatch running;
    private @Nullable NodeGuard guard;
    private boolean stopping;

    /** Prepares nodes on {@code http.port} and the ports after it. {@link #start()} starts them. */
    public DevNodes(NodeLauncher launcher, ConfigSources sources, GanglionConfig config, Path home, int count) {
        this.launcher = launcher;
        this.sources = sources;
        this.config = config;
        this.clusterName = "dev-" + Integer.toHexString(home.toString().hashCode());
        this.ports = ports(config.http().port(), count);
        this.running = new CountDownLatch(count);
    }

    private static List<Integer> ports(int first, int count) {
        if (first + count - 1 > LAST_PORT) {
            throw new ConfigException(List.of("http.port: " + first + " is too high for " + count
                    + " nodes on it and the ports after it; allowed: up to " + (LAST_PORT - count + 1)));
        }
        return first == 0
                ? FreePorts.several(count)
                : IntStream.range(first, first + count).boxed().toList();
    }

    public List<Integer> ports() {
        return ports;
    }

    /** Starts all nodes. Fails if this process is already stopping. */
    public synchronized void start() throws IOException {
        if (stopping) {
            throw new IOException("this process is already stopping");
        }
        for (int port : ports) {
            mustBeFree(port);
        }
        NodeGuard newGuard = NodeGuard.start();
        guard = newGuard;
        List<Integer> clusterPorts = FreePorts.several(ports.size());
        String members = clusterPorts.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
        for (int i = 0; i < ports.size(); i++) {
            Map<String, String> flags = new LinkedHashMap<>(sources.flags());
            flags.put("http.port", String.valueOf(ports.get(i)));
            flags.put("cluster.name", clusterName);
            flags.put("cluster.members", members);
            flags.put("cluster.host", "127.0.0.1");
            flags.put("cluster.port", String.valueOf(clusterPorts.get(i)));
            flags.put("cluster.bus-port", "0");
            flags.put("drain.window", "500ms");
            NodeProcess node = start(ports.get(i), sources.withFlags(flags));
            nodes.add(node);
            newGuard.add(node.pid());
            var unused = node.ending().thenAccept(ending -> ended(node, ending));
        }
    }

    /** Checks the port before anything starts. A node itself would notice only at the end of its start. */
    private void mustBeFree(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(config.http().host(), port));
        } catch (IOException e) {
            throw new IOException(
                    "cannot listen on http.host %s, port %d: %s; http.port and the %d ports after it must be free"
                            .formatted(config.http().host(), port, e.getMessage(), ports.size() - 1),
                    e);
        }
    }

    private NodeProcess start(int port, ConfigSources nodeSources) throws IOException {
        return NodeProcess.start(port, config.observability().log(), nodeSources, launcher);
    }

    /** Reports a node that ended. The other nodes continue, and the node is not restarted. */
    private synchronized void ended(NodeProcess node, String how) {
        running.countDown();
        if (!stopping) {
            launcher.err()
                    .printf(
                            "ganglion: node %d (process %d) %s; %d of %d nodes are still running%n",
                            node.port(), node.pid(), how, running.getCount(), ports.size());
        }
    }

    /** Waits until every node is ready. Fails if a node ends before that. */
    public void awaitReady() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + READY_LIMIT.toNanos();
        for (int i = 0; i < ports.size(); i++) {
            LocalBrainClient node = LocalBrainClient.of(config, ports.get(i));
            while (!node.ready()) {
                if (nodes.stream().anyMatch(each -> !each.alive())) {
                    throw new IOException("a node ended before all nodes were ready; see its output above");
                }
                if (System.nanoTime() > deadline) {
                    throw new IOException("node " + ports.get(i) + " is not ready after " + READY_LIMIT.toSeconds()
                            + " s: " + reason(node));
                }
                boolean unused = running.await(POLL_MILLIS, TimeUnit.MILLISECONDS);
            }
        }
    }

    private static String reason(LocalBrainClient node) {
        try {
            return node.get("/readyz", null).body();
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** Describes each node for {@code dev}: its URL and its process id. */
    public List<String> descriptions() {
        return nodes.stream()
                .map(node -> LocalBrainClient.url(config, node.port(), "http") + ", process " + node.pid())
                .toList();
    }

    /** Blocks until all nodes have ended. */
    public void awaitEnd() throws InterruptedException {
        running.await();
    }

    /**
     * Stops all nodes cleanly and in parallel, and kills those that do not end within 7 s. A second call has no effect.
     */
    public void stop() {
        List<NodeProcess> remaining;
        @Nullable NodeGuard startedGuard;
        synchronized (this) {
            stopping = true;
            remaining = List.copyOf(nodes);
            startedGuard = guard;
        }
        remaining.forEach(NodeProcess::terminate);
        long deadline = System.nanoTime() + STOP_LIMIT.toNanos();
        try {
            for (NodeProcess node : remaining) {
                long rest = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (!node.endsWithin(Math.max(0, rest))) {
                    launcher.err().printf("ganglion: node %d did not stop in time and was killed%n", node.port());
                    node.kill();
                }
            }
            if (startedGuard != null) {
                startedGuard.stop();
            }
        } catch (InterruptedException e) {
            remaining.forEach(NodeProcess::kill);
            Thread.currentThread().interrupt();
        }
    }
}
