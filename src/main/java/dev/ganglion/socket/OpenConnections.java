package dev.ganglion.socket;

import dev.ganglion.config.value.Cidr;
import dev.ganglion.config.value.IpAddress;
import dev.ganglion.socket.OpenConnection.Phase;
import dev.ganglion.telemetry.ConnectionMetrics;
import dev.ganglion.telemetry.ConnectionMetrics.End;
import dev.ganglion.telemetry.Ticker;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.vertx.core.http.HttpConnection;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * All connections to the HTTP port of a node. Closes those that stay silent for too long, and keeps their number below
 * the limit of open files. At a limit, the connection that has waited longest makes room for the new one, so that silent
 * connections never lock out clients that send their requests. Thread-safe.
 */
public final class OpenConnections {
    /** Connections above the limit that are accepted to answer health checks. */
    private static final int RESERVE = 64;
    /** Longest time for a request of a client that is not authenticated, from its head to its answer. */
    private static final Duration STRANGER_REQUEST = Duration.ofSeconds(30);
    /** A request that is younger than this is not given up for a new connection. */
    private static final long STRANGER_GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ConnectionLimits limits;
    private final List<Cidr> trusted;
    private final SocketBudget budget;
    private final ConnectionMetrics metrics;
    private final Ticker ticker;
    /** Unauthenticated connections by phase, those that entered the phase first before others. */
    private final Map<Phase, Set<OpenConnection>> strangers = new EnumMap<>(Phase.class);

    private final Map<Phase, Set<OpenConnection>> known = new EnumMap<>(Phase.class);
    /** Unauthenticated connections in HEAD or IDLE, by the network of their client. */
    private final Map<String, Set<OpenConnection>> waiting = new HashMap<>();

    private volatile int open;

    /**
     * Creates the register of a node.
     *
     * @param trusted proxies, whose connections do not count for their own address
     */
    public OpenConnections(
            ConnectionLimits limits,
            List<Cidr> trusted,
            SocketBudget budget,
            ConnectionMetrics metrics,
            Ticker ticker) {
        this.limits = limits;
        this.trusted = trusted;
        this.budget = budget;
        this.metrics = metrics;
        this.ticker = ticker;
        for (Phase phase : Phase.values()) {
            strangers.put(phase, new LinkedHashSet<>());
            known.put(phase, new LinkedHashSet<>());
        }
        metrics.expose(() -> open, limits.total());
    }

    SocketBudget budget() {
        return budget;
    }

    long now() {
        return ticker.nanos();
    }

    boolean full() {
        return open > limits.total();
    }

    /** Registers a connection that was just accepted. Returns false if the node has no room for it. */
    synchronized boolean admit(Channel channel) {
        if (!makeRoom()) {
            metrics.ended(End.NODE_LIMIT);
            return false;
        }
        open++;
        OpenConnection connection =
                new OpenConnection(this, channel, network(channel.remoteAddress()), open > limits.total());
        channel.closeFuture().addListener((ChannelFutureListener) closed -> closed(connection));
        enter(connection, Phase.HEAD);
        return true;
    }

    private String network(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress inet && inet.getAddress() != null
                ? network(new IpAddress(inet.getAddress()).toString())
                : "";
    }

    private String network(String address) {
        boolean proxy = IpAddress.parse(address)
                .filter(parsed -> trusted.stream().anyMatch(cidr -> cidr.contains(parsed.value())))
                .isPresent();
        return proxy ? "" : IpAddress.networkOf(address);
    }

    /** Counts a connection for the client that a trusted proxy names in a PROXY protocol header. */
    void identify(OpenConnection connection, HttpConnection http) {
        String sender = http.remoteAddress(true).hostAddress();
        String client = http.remoteAddress().hostAddress();
        if (sender == null
                || client == null
                || client.equals(sender)
                || !network(sender).isEmpty()) {
            return;
        }
        synchronized (this) {
            if (!connection.ended) {
                leave(connection);
                connection.network = network(client);
                enter(connection, connection.phase);
            }
        }
    }

    /** Makes room for one more connection. Returns false if all others are in use. */
    private boolean makeRoom() {
        if (count(strangers) >= limits.strangers()
                && !endOldest(strangers, Phase.HEAD, Phase.IDLE)
                && !endSlowRequest()) {
            return false;
        }
        return open < limits.total() + RESERVE
                || (open < limits.total() + 2 * RESERVE
                        && (endOldest(strangers, Phase.HEAD, Phase.IDLE) || endOldest(known, Phase.IDLE, Phase.HEAD)));
    }

    private static int count(Map<Phase, Set<OpenConnection>> group) {
        return group.values().stream().mapToInt(Set::size).sum();
    }

    private boolean endOldest(Map<Phase, Set<OpenConnection>> group, Phase first, Phase second) {
        Optional<OpenConnection> oldest = oldest(group.get(first)).or(() -> oldest(group.get(second)));
        oldest.ifPresent(connection -> end(connection, End.NODE_LIMIT));
        return oldest.isPresent();
    }

    private boolean endSlowRequest() {
        Optional<OpenConnection> oldest = oldest(strangers.get(Phase.BUSY))
                .filter(connection -> ticker.nanos() - connection.since > STRANGER_GRACE_NANOS);
        oldest.ifPresent(connection -> end(connection, End.NODE_LIMIT));
        return oldest.isPresent();
    }

    /** The connection that has waited longest. */
    private static Optional<OpenConnection> oldest(@Nullable Set<OpenConnection> connections) {
        return connections == null || connections.isEmpty()
                ? Optional.empty()
                : Optional.of(connections.iterator().next());
    }

    /** Records that a connection has an event loop. Returns whether it was ended before. */
    synchronized boolean registered(OpenConnection connection) {
        connection.registered = true;
        return connection.ended;
    }

    private void enter(OpenConnection connection, Phase phase) {
        connection.phase = phase;
        connection.since = ticker.nanos();
        group(connection, phase).add(connection);
        if (!connection.known && phase != Phase.BUSY && !connection.network.isEmpty()) {
            Set<OpenConnection> ofNetwork =
                    waiting.computeIfAbsent(connection.network, network -> new LinkedHashSet<>(2));
            ofNetwork.add(connection);
            if (ofNetwork.size() > limits.waitingPerNetwork()) {
                oldest(ofNetwork).ifPresent(oldest -> end(oldest, End.ADDRESS_LIMIT));
            }
        }
    }

    private Set<OpenConnection> group(OpenConnection connection, Phase phase) {
        return (connection.known ? known : strangers).getOrDefault(phase, Set.of());
    }

    private void leave(OpenConnection connection) {
        group(connection, connection.phase).remove(connection);
        waiting.computeIfPresent(connection.network, (network, connections) -> {
            connections.remove(connection);
            return connections.isEmpty() ? null : connections;
        });
    }

    synchronized void move(OpenConnection connection, Phase phase) {
        if (!connection.ended) {
            leave(connection);
            enter(connection, phase);
        }
    }

    synchronized void authenticated(OpenConnection connection) {
        if (!connection.ended && !connection.known) {
            leave(connection);
            connection.known = true;
            enter(connection, connection.phase);
        }
    }

    private synchronized void closed(OpenConnection connection) {
        open--;
        if (!connection.ended) {
            connection.ended = true;
            leave(connection);
        }
    }

    private void end(OpenConnection connection, End reason) {
        connection.ended = true;
        leave(connection);
        metrics.ended(reason);
        connection.cut();
    }

    /** Closes the connections whose time is over. Called several times a second. */
    public synchronized void checkDeadlines() {
        expire(strangers.get(Phase.HEAD), limits.head(), End.HEAD_TIMEOUT);
        expire(known.get(Phase.HEAD), limits.head(), End.HEAD_TIMEOUT);
        expire(strangers.get(Phase.BUSY), STRANGER_REQUEST, End.REQUEST_TIMEOUT);
        expire(strangers.get(Phase.IDLE), limits.idle(), End.IDLE);
        expire(known.get(Phase.IDLE), limits.idle(), End.IDLE);
    }

    private void expire(@Nullable Set<OpenConnection> connections, Duration limit, End reason) {
        long now = ticker.nanos();
        while (connections != null) {
            OpenConnection oldest = oldest(connections).orElse(null);
            if (oldest == null || now - oldest.since <= limit.toNanos()) {
                return;
            } else if (oldest.phase == Phase.IDLE && oldest.outputMoved()) {
                leave(oldest);
                enter(oldest, Phase.IDLE);
            } else {
                end(oldest, reason);
            }
        }
    }
}
