package dev.ganglion.bus.link;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a connection to every other node of the cluster, and knows which nodes it cannot exchange messages with.
 * Thread-safe.
 *
 * <p>Both nodes of a connection prove that they know the master secret, or a previous one. Every frame after that
 * carries a number and a MAC, so strangers can neither forge nor repeat messages.
 */
public final class NodeLinks {
    private static final Logger LOG = LoggerFactory.getLogger(NodeLinks.class);
    private static final long TICK_MS = 100;
    /** Time that a broken connection has to recover before its node counts as unreachable. */
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(4);
    /** Time that the first attempt to connect has. */
    private static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** Longest time for which {@link #settled} waits. */
    private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(15);
    /** A longer time between two ticks means that this process was suspended. */
    private static final long SUSPENDED_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** Shortest time between two log lines about one node. */
    private static final long LOG_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Vertx vertx;
    private final Context context;
    private final LinkTerms terms;
    private final LinkServer server;
    private final NetClient client;
    private final RefusalCounts refusals;
    private final Map<String, Link> links = new ConcurrentHashMap<>();
    private final Map<String, Logged> logged = new HashMap<>();
    private volatile Function<String, Optional<SocketAddress>> directory = node -> Optional.empty();
    private volatile Supplier<Set<String>> others = Set::of;
    private long timer = -1;
    private volatile long resumedAt;
    private long tickedAt;
    private volatile boolean closed;

    private record Link(OutboundLink out, long since) {}

    private record Logged(String cause, long at) {}

    private NodeLinks(Vertx vertx, LinkTerms terms) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.terms = terms;
        this.refusals = new RefusalCounts(terms.ticker());
        this.resumedAt = terms.ticker().nanos();
        this.tickedAt = resumedAt;
        this.server = new LinkServer(vertx, terms, refusals);
        this.client = vertx.createNetClient(BusTlsOptions.client(terms.config()));
    }

    /** Opens the bus port. The future fails if the port is taken. Must not be called on an event loop. */
    public static Future<NodeLinks> listen(Vertx vertx, LinkTerms terms) {
        NodeLinks links = new NodeLinks(vertx, terms);
        return links.onContext(() -> links.server.listen()).map(links);
    }

    /** The TCP port on which this node accepts the connections of other nodes. */
    public int port() {
        return server.port();
    }

    /** What this node refused at its bus port. */
    public RefusalCounts refusals() {
        return refusals;
    }

    /** Starts to pass received messages on. */
    public Future<Void> receive(LinkReceiver receiver) {
        return onContext(() -> {
            server.handlers(receiver, peer -> reconcile(terms.ticker().nanos()));
            return Future.succeededFuture();
        });
    }

    /**
     * Starts to connect to the other nodes.
     *
     * @param addresses finds the address of a node's bus port
     * @param nodes supplies the ids of the other nodes that are in the cluster now
     */
    public Future<Void> connect(Function<String, Optional<SocketAddress>> addresses, Supplier<Set<String>> nodes) {
        directory = addresses;
        others = nodes;
        return onContext(() -> {
            timer = vertx.setPeriodic(0, TICK_MS, id -> tick());
            return Future.succeededFuture();
        });
    }

    /**
     * Sends a message to another node and waits for its reply. The future fails with the reason if there is none in
     * time; the node may have processed the message even then.
     */
    public Future<Void> request(String node, Buffer message) {
        Promise<Void> reply = Promise.promise();
        context.runOnContext(v -> {
            Link link = links.get(node);
            if (link == null && !closed && others.get().contains(node)) {
                link = add(node, terms.ticker().nanos());
            }
            if (link == null) {
                reply.fail(new IOException("the node is not in the cluster"));
            } else {
                link.out().request(message, reply);
            }
        });
        Context caller = Vertx.currentContext();
        return caller == null || caller == context ? reply.future() : handedTo(caller, reply.future());
    }

    private static Future<Void> handedTo(Context caller, Future<Void> reply) {
        Promise<Void> handed = Promise.promise();
        reply.onComplete(done -> caller.runOnContext(v -> handed.handle(done)));
        return handed.future();
    }

    /**
     * Returns the nodes with which this node cannot exchange messages, each with the cause. A connection that broke or
     * that does not exist yet has a few seconds before its node is listed.
     */
    public Map<String, String> unreachable() {
        long now = terms.ticker().nanos();
        Map<String, String> nodes = new TreeMap<>();
        links.forEach((node, link) -> {
            String cause = causeOf(node, link, now);
            if (cause != null) {
                nodes.put(node, cause);
            }
        });
        return nodes;
    }

    private @Nullable String causeOf(String node, Link link, long now) {
        OutboundLink.Fault fault = link.out().fault();
        if (fault != null) {
            long grace = fault.cause().equals(OutboundLink.NOT_YET) ? FIRST_NANOS : GRACE_NANOS;
            return now - Math.max(fault.since(), resumedAt) >= grace ? fault.cause() : null;
        }
        long heardAt = Math.max(server.lastHeard(node).orElse(link.since()), resumedAt);
        return now - heardAt >= Limits.SILENCE_NANOS
                ? LinkFault.oneWay(terms.config().own().host() + ":" + port())
                : null;
    }

    /** Whether messages can be exchanged with a node in both directions. */
    private boolean exchanges(String node) {
        Link link = links.get(node);
        return link != null
                && link.out().fault() == null
                && server.lastHeard(node).isPresent();
    }

    /**
     * Completes when this node exchanges messages with all other nodes, except those that {@link #unreachable} lists.
     */
    public Future<Void> settled() {
        Promise<Void> settled = Promise.promise();
        long begun = terms.ticker().nanos();
        vertx.setPeriodic(TICK_MS / 2, id -> {
            boolean late = terms.ticker().nanos() - begun >= SETTLE_NANOS;
            Set<String> listed = unreachable().keySet();
            if (closed || late || others.get().stream().allMatch(node -> listed.contains(node) || exchanges(node))) {
                vertx.cancelTimer(id);
                settled.tryComplete();
            }
        });
        return settled.future();
    }

    private void tick() {
        long now = terms.ticker().nanos();
        reconcile(now);
        boolean suspended = now - tickedAt >= SUSPENDED_NANOS;
        tickedAt = now;
        if (suspended) { // what the other nodes sent meanwhile has not been read yet
            resumedAt = now;
            links.values().forEach(link -> link.out().resumed(now));
            return;
        }
        server.tick(now);
        links.values().forEach(link -> link.out().tick(now));
        log(now);
    }

    private void reconcile(long now) {
        if (closed) {
            return;
        }
        Set<String> nodes = others.get();
        nodes.forEach(node -> {
            if (!links.containsKey(node)) {
                add(node, now);
            }
        });
        links.forEach((node, link) -> {
            if (!nodes.contains(node)) {
                links.remove(node);
                logged.remove(node);
                server.forget(node);
                link.out().close();
            }
        });
    }

    @CanIgnoreReturnValue
    private Link add(String node, long now) {
        Link link = new Link(new OutboundLink(node, terms, client, directory), now);
        links.put(node, link);
        link.out().tick(now);
        return link;
    }

    /** Logs the beginning of an outage, its end, and a cause that changed. */
    private void log(long now) {
        Map<String, String> faults = unreachable();
        faults.forEach((node, cause) -> {
            Logged before = logged.get(node);
            if (before == null || (!before.cause().equals(cause) && now - before.at() >= LOG_NANOS)) {
                logged.put(node, new Logged(cause, now));
                LOG.atWarn()
                        .addKeyValue("nodeId", node)
                        .addKeyValue("address", addressOf(node))
                        .log("This node cannot exchange messages with another node: {}", cause);
            }
        });
        logged.keySet().removeIf(node -> {
            boolean over = !faults.containsKey(node);
            if (over) {
                LOG.atWarn().addKeyValue("nodeId", node).log("This node exchanges messages with another node again");
            }
            return over;
        });
    }

    /** The address of a node's bus port, or an empty text if it is not known. */
    public String addressOf(String node) {
        return directory.apply(node).map(Objects::toString).orElse("");
    }

    /** Closes all connections and the port. */
    public Future<Void> close() {
        closed = true;
        return onContext(() -> {
            vertx.cancelTimer(timer);
            links.values().forEach(link -> link.out().close());
            links.clear();
            return client.close().eventually(server::close);
        });
    }

    private Future<Void> onContext(Supplier<Future<Void>> action) {
        Promise<Void> done = Promise.promise();
        context.runOnContext(v -> {
            Future<Void> result;
            try {
                result = action.get();
            } catch (RuntimeException e) {
                done.fail(e);
                return;
            }
            result.onComplete(done);
        });
        return done.future();
    }
}
