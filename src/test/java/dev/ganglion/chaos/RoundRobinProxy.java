package dev.ganglion.chaos;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * A TCP proxy like those that users put in front of a cluster. Connections go round robin to the nodes that accept them
 * and whose {@code /readyz} returned 200 at the last check, every half second. The proxy closes all connections to a
 * node that fails to answer three checks in a row. Each agent has its own port of the proxy, so that the agent's node
 * is known.
 */
final class RoundRobinProxy implements AutoCloseable {
    private static final int CONNECT_MS = 1_000;
    private static final int CHECK_MS = 500;
    private static final int FALL = 3;
    private static final int NONE = -1;

    private final Vertx vertx;
    private final List<BrainNodeProcess> nodes;
    private final NetClient client;
    private final AtomicInteger turn = new AtomicInteger();
    private final boolean[] ready;
    private final int[] silent;
    private final Set<Pair> pairs = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService checks;

    private record Pair(int node, boolean pinned, NetSocket inside, NetSocket outside) {}

    /** A port of the proxy. */
    static final class ProxyPort {
        private final NetServer server;
        private volatile Pair current;

        private ProxyPort(NetServer server) {
            this.server = server;
        }

        Endpoint at() {
            return new Endpoint("127.0.0.1", server.actualPort());
        }

        /** Returns the node of the port's last connection, or -1 if the connection is closed. */
        int node() {
            Pair pair = current;
            return pair == null ? NONE : pair.node();
        }
    }

    RoundRobinProxy(Vertx vertx, List<BrainNodeProcess> nodes) {
        this.vertx = vertx;
        this.nodes = nodes;
        this.client = vertx.createNetClient(new NetClientOptions().setConnectTimeout(CONNECT_MS));
        this.ready = new boolean[nodes.size()];
        this.silent = new int[nodes.size()];
        this.checks = Executors.newScheduledThreadPool(nodes.size(), work -> {
            Thread thread = new Thread(work, "checks");
            thread.setDaemon(true);
            return thread;
        });
        for (int i = 0; i < nodes.size(); i++) {
            int node = i;
            var unused = checks.scheduleWithFixedDelay(() -> check(node), 0, CHECK_MS, TimeUnit.MILLISECONDS);
        }
    }

    private void check(int node) {
        int status = 0;
        try {
            status = new AdminRest(nodes.get(node).http())
                    .get("/readyz", CONNECT_MS)
                    .status();
        } catch (IOException | RuntimeException e) {
            // The node does not answer.
        }
        synchronized (ready) {
            ready[node] = status == 200;
            silent[node] = status == 0 ? silent[node] + 1 : 0;
            if (silent[node] == FALL) {
                cut(node);
            }
        }
    }

    private void cut(int node) {
        pairs.stream().filter(pair -> pair.node() == node && !pair.pinned()).forEach(pair -> {
            var unused = pair.inside().close();
            var unusedToo = pair.outside().close();
        });
    }

    /** Opens a port to all nodes. */
    ProxyPort open() {
        return open(this::candidates, false);
    }

    /**
     * Opens a port to this node only. The proxy uses the node even if it is not ready, and never closes the
     * connections.
     */
    ProxyPort openTo(int node) {
        return open(() -> List.of(node), true);
    }

    private ProxyPort open(Supplier<List<Integer>> candidates, boolean pinned) {
        NetServer server = vertx.createNetServer();
        ProxyPort door = new ProxyPort(server);
        server.connectHandler(inside -> {
            inside.pause();
            inside.exceptionHandler(failure -> {});
            connect(door, inside, candidates.get(), pinned);
        });
        NetServer unused = server.listen(0, "127.0.0.1").await();
        return door;
    }

    private List<Integer> candidates() {
        List<Integer> found = new ArrayList<>();
        int first = turn.getAndIncrement();
        synchronized (ready) {
            for (int i = 0; i < ready.length; i++) {
                int node = Math.floorMod(first + i, ready.length);
                if (ready[node]) {
                    found.add(node);
                }
            }
        }
        return found;
    }

    private void connect(ProxyPort door, NetSocket inside, List<Integer> candidates, boolean pinned) {
        if (candidates.isEmpty()) {
            var unused = inside.close();
            return;
        }
        int node = candidates.get(0);
        Endpoint at = nodes.get(node).http();
        client.connect(at.port(), at.host())
                .onSuccess(outside -> join(door, new Pair(node, pinned, inside, outside)))
                .onFailure(refused -> connect(door, inside, candidates.subList(1, candidates.size()), pinned));
    }

    private void join(ProxyPort door, Pair pair) {
        pairs.add(pair);
        door.current = pair;
        NetSocket inside = pair.inside();
        NetSocket outside = pair.outside();
        outside.exceptionHandler(failure -> {});
        pipe(inside, outside);
        pipe(outside, inside);
        inside.closeHandler(closed -> part(door, pair, outside));
        outside.closeHandler(closed -> part(door, pair, inside));
        inside.resume();
    }

    private static void pipe(NetSocket from, NetSocket to) {
        from.handler(data -> {
            Future<Void> written = to.write(data);
            if (to.writeQueueFull()) {
                from.pause();
                to.drainHandler(room -> from.resume());
            }
            written.onFailure(gone -> from.resume());
        });
    }

    private void part(ProxyPort door, Pair pair, NetSocket rest) {
        pairs.remove(pair);
        if (pair.equals(door.current)) {
            door.current = null;
        }
        var unused = rest.close();
    }

    @Override
    public void close() {
        checks.shutdownNow();
    }
}
