package dev.ganglion.chaos;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Network namespaces for three nodes, with two networks. The nodes serve and reach Redis over the first network, and
 * form a cluster over the second one. An experiment splits the cluster by removing a node from the second network,
 * while Redis still sees all nodes.
 */
final class SplitExperiment implements AutoCloseable {
    private static final Duration APART = Duration.ofSeconds(30);
    private static final Duration HEALED = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String name = "gc" + ProcessHandle.current().pid() % 100_000;
    private final int subnet = (int) (ProcessHandle.current().pid() % 120);

    /** Returns the reason why this machine cannot create namespaces; empty if it can. */
    static Optional<String> obstacle() {
        String probe = "gcp" + ProcessHandle.current().pid() % 100_000;
        try {
            SystemCommands.run("ip", "netns", "add", probe);
            try {
                SystemCommands.run("ip", "link", "add", probe + "a", "type", "veth", "peer", "name", probe + "b");
                SystemCommands.run("ip", "link", "del", probe + "a");
                SystemCommands.run("ip", "link", "add", probe + "c", "type", "bridge");
                SystemCommands.run("ip", "link", "del", probe + "c");
            } finally {
                SystemCommands.run("ip", "netns", "del", probe);
            }
            return Optional.empty();
        } catch (IllegalStateException | UncheckedIOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Creates the namespaces and networks. */
    ThreeNodes.Places make() {
        SystemCommands.run("ip", "link", "add", name + "o", "type", "bridge");
        SystemCommands.run("ip", "addr", "add", outer(1) + "/24", "dev", name + "o");
        SystemCommands.run("ip", "link", "set", name + "o", "up");
        SystemCommands.run("ip", "link", "add", name + "i", "type", "bridge");
        SystemCommands.run(
                "ip", "addr", "add", inner(1) + "/24", "dev", name + "i"); // lets this process read the directory
        SystemCommands.run("ip", "link", "set", name + "i", "up");
        List<String> http = new ArrayList<>();
        List<String> cluster = new ArrayList<>();
        List<List<String>> prefixes = new ArrayList<>();
        for (int i = 0; i < ThreeNodes.SIZE; i++) {
            String space = name + "n" + i;
            SystemCommands.run("ip", "netns", "add", space);
            SystemCommands.run("ip", "-n", space, "link", "set", "lo", "up");
            plug(space, name + "o", name + "o" + i, outer(10 + i));
            plug(space, name + "i", name + "i" + i, inner(10 + i));
            http.add(outer(10 + i));
            cluster.add(inner(10 + i));
            prefixes.add(List.of("ip", "netns", "exec", space));
        }
        return new ThreeNodes.Places(http, cluster, prefixes, outer(1));
    }

    private void plug(String space, String bridge, String port, String address) {
        String inside = port + "x";
        SystemCommands.run("ip", "link", "add", port, "type", "veth", "peer", "name", inside);
        SystemCommands.run("ip", "link", "set", inside, "netns", space);
        SystemCommands.run("ip", "link", "set", port, "master", bridge);
        SystemCommands.run("ip", "link", "set", port, "up");
        SystemCommands.run("ip", "-n", space, "addr", "add", address + "/24", "dev", inside);
        SystemCommands.run("ip", "-n", space, "link", "set", inside, "up");
    }

    private String outer(int host) {
        return "10." + (100 + subnet) + ".1." + host;
    }

    private String inner(int host) {
        return "10." + (100 + subnet) + ".2." + host;
    }

    @Override
    public void close() {
        for (String port : List.of(name + "o", name + "i")) {
            for (int i = 0; i < ThreeNodes.SIZE; i++) {
                quietly("ip", "link", "del", port + i);
            }
            quietly("ip", "link", "del", port);
        }
        for (int i = 0; i < ThreeNodes.SIZE; i++) {
            quietly("ip", "netns", "del", name + "n" + i);
        }
    }

    private static void quietly(String... command) {
        try {
            SystemCommands.run(command);
        } catch (IllegalStateException | UncheckedIOException e) {
            // The device or namespace does not exist.
        }
    }

    /** Cuts the oldest of three nodes, which led the cluster, off from the others, and reconnects it. */
    void run(ExperimentRun run) {
        run.letLoadRun(5);
        LoadWorker.Enrolled extra = run.load().enrol("late-comer", 1);
        long cut = System.nanoTime();
        SystemCommands.run("ip", "link", "set", name + "i0", "down");
        AdminRest small = run.cluster().calls(0);
        Wait.until("the smaller side not to be ready", PATIENCE, () -> !small.ready());
        run.recordMeasurement("smaller side not ready after", since(cut), APART);
        run.require(upgrade(small.at(), extra).contains(" 503 "), "the smaller side does not reject upgrades with 503");
        run.require(run.cluster().calls(1).ready() && run.cluster().calls(2).ready(), "the larger side is not ready");
        for (int i = 0; i < (run.quick() ? 10 : 25); i++) {
            Wait.pass(Duration.ofSeconds(1));
            run.require(
                    !small.ready(), "the smaller side is ready " + since(cut).toMillis() + " ms after the cut");
        }
        String answer = upgrade(small.at(), extra);
        run.require(answer.contains(" 503 "), "the smaller side answered an upgrade with " + answer);
        run.recordMeasurement("smaller side answered an upgrade with " + answer.strip());
        long healed = System.nanoTime();
        SystemCommands.run("ip", "link", "set", name + "i0", "up");
        run.cluster().awaitTogether(List.of(0, 1, 2), PATIENCE);
        run.recordMeasurement("all nodes ready after the split was healed", since(healed), HEALED);
        run.awaitDirectoryMatchesSockets(healed, HEALED);
        CrossNodeDelivery.check(run);
        if (!run.quick()) {
            shatter(run);
        }
        run.letLoadRun(5);
    }

    /** Cuts every node off from every other. Exactly one node must continue. */
    private void shatter(ExperimentRun run) {
        long cut = System.nanoTime();
        links("down");
        Wait.until("two nodes not to be ready", PATIENCE, () -> ready(run) <= 1);
        run.recordMeasurement("at most one of three isolated nodes ready after", since(cut), APART);
        for (int i = 0; i < 15; i++) {
            Wait.pass(Duration.ofSeconds(1));
            long ready = ready(run);
            run.require(ready <= 1, ready + " of three isolated nodes are ready");
        }
        run.require(ready(run) == 1, "none of three isolated nodes continues");
        long healed = System.nanoTime();
        links("up");
        run.cluster().awaitTogether(List.of(0, 1, 2), PATIENCE);
        run.recordMeasurement("all nodes ready after the isolation ended", since(healed), HEALED);
        run.awaitDirectoryMatchesSockets(healed, HEALED);
        CrossNodeDelivery.check(run);
    }

    private void links(String state) {
        for (int i = 0; i < ThreeNodes.SIZE; i++) {
            SystemCommands.run("ip", "link", "set", name + "i" + i, state);
        }
    }

    private static long ready(ExperimentRun run) {
        return IntStream.range(0, ThreeNodes.SIZE)
                .filter(node -> run.cluster().calls(node).ready())
                .count();
    }

    private static Duration since(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** Sends an agent's upgrade request and returns the first line of the response. */
    private static String upgrade(Endpoint at, LoadWorker.Enrolled agent) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(at.host(), at.port()), 2_000);
            socket.setSoTimeout(5_000);
            OutputStream out = socket.getOutputStream();
            out.write(("GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                            + "Authorization: Bearer " + agent.token() + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            byte[] head = new byte[512];
            int length = Math.max(0, socket.getInputStream().read(head));
            return new String(head, 0, length, StandardCharsets.US_ASCII)
                    .lines()
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            return e.toString();
        }
    }
}
