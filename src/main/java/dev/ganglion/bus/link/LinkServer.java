package dev.ganglion.bus.link;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.ServerSSLOptions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts the connections of other nodes at the bus port. The memory that strangers can use is bounded: few connections
 * without authentication, short frames, and little time. Runs on the event loop of all connections between nodes.
 */
final class LinkServer {
    private static final Logger LOG = LoggerFactory.getLogger(LinkServer.class);

    private final LinkTerms terms;
    private final RefusalCounts refusals;
    private final Optional<ServerSSLOptions> tls;
    private final NetServer server;
    private final Set<InboundLink> unauthenticated = new LinkedHashSet<>();
    private final Set<InboundLink> authenticated = new LinkedHashSet<>();
    private final Map<String, Long> heard = new ConcurrentHashMap<>();
    private @Nullable LinkReceiver receiver;
    private Consumer<String> onPeer = peer -> {};

    LinkServer(Vertx vertx, LinkTerms terms, RefusalCounts refusals) {
        this.terms = terms;
        this.refusals = refusals;
        this.tls = BusTlsOptions.server(terms.config());
        // TLS begins after the limits were checked. As an option of the server, it would begin before.
        this.server = vertx.createNetServer(new NetServerOptions().setTcpNoDelay(true));
        server.connectHandler(this::accept);
        server.exceptionHandler(
                failure -> LOG.atDebug().setCause(failure).log("Could not accept a connection at cluster.bus-port"));
    }

    Future<Void> listen() {
        return server.listen(
                        terms.config().own().busPort(), terms.config().own().host())
                .mapEmpty();
    }

    int port() {
        return server.actualPort();
    }

    /** Sets who receives messages, and who learns that a node connected. */
    void handlers(LinkReceiver messages, Consumer<String> peers) {
        receiver = messages;
        onPeer = peers;
    }

    private void accept(NetSocket socket) {
        String address = socket.remoteAddress() == null
                ? "unknown"
                : String.valueOf(socket.remoteAddress().hostAddress());
        makeRoom(address);
        InboundLink link = new InboundLink(socket, this, address, terms.ticker().nanos());
        unauthenticated.add(link);
        socket.pause();
        socket.closeHandler(v -> ended(link));
        socket.exceptionHandler(
                failure -> LOG.atTrace().setCause(failure).log("A connection to cluster.bus-port failed"));
        if (tls.isEmpty()) {
            link.begin();
        } else {
            socket.upgradeToSsl(tls.get())
                    .onSuccess(done -> link.begin())
                    .onFailure(failure -> link.refuse(Refusal.TLS));
        }
    }

    /**
     * Ends the oldest connection without authentication if there are too many. A node authenticates within
     * milliseconds, so a flood of strangers does not keep it out.
     */
    private void makeRoom(String address) {
        List<InboundLink> same = unauthenticated.stream()
                .filter(link -> link.address().equals(address))
                .toList();
        if (same.size() >= Limits.MAX_UNAUTHENTICATED_PER_ADDRESS) {
            same.get(0).refuse(Refusal.TOO_MANY);
        } else if (unauthenticated.size() >= Limits.MAX_UNAUTHENTICATED) {
            unauthenticated.iterator().next().refuse(Refusal.TOO_MANY);
        }
    }

    void tick(long now) {
        List.copyOf(unauthenticated).forEach(link -> link.tick(now));
        List.copyOf(authenticated).forEach(link -> link.tick(now));
    }

    LinkTerms terms() {
        return terms;
    }

    void authenticated(InboundLink link, String peer, long now) {
        unauthenticated.remove(link);
        authenticated.add(link);
        heard(peer, now);
        onPeer.accept(peer);
    }

    void heard(String peer, long now) {
        heard.put(peer, now);
    }

    /** The time of a node's last frame, in nanoseconds; empty if it has never connected. Callable from any thread. */
    Optional<Long> lastHeard(String peer) {
        return Optional.ofNullable(heard.get(peer));
    }

    /** Removes what is known of a node that left the cluster. */
    void forget(String peer) {
        heard.remove(peer);
    }

    void refused(Refusal reason, String peer) {
        refusals.refused(reason, peer);
    }

    void ended(InboundLink link) {
        unauthenticated.remove(link);
        authenticated.remove(link);
    }

    /** Passes a message on. Returns false if it is unknown or invalid, or if this node has not started yet. */
    boolean deliver(String peer, Buffer message) {
        LinkReceiver to = receiver;
        if (to == null) {
            return false;
        }
        try {
            boolean understood = to.receive(peer, message);
            if (!understood) {
                refused(Refusal.MESSAGE, peer);
            }
            return understood;
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).addKeyValue("nodeId", peer).log("Failed to process a message of another node");
            return false;
        }
    }

    void written(Future<Void> write) {
        write.onFailure(gone -> LOG.trace("A node disconnected before a frame was sent to it", gone));
    }

    Future<Void> close() {
        List<InboundLink> all = new ArrayList<>(unauthenticated);
        all.addAll(authenticated);
        all.forEach(InboundLink::close);
        return server.close();
    }
}
