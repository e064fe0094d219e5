package dev.ganglion.socket;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerAdapter;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.Optional;

/**
 * One connection to the HTTP port, from its acceptance on.
 *
 * <pre>
 *   HEAD ──head complete──&gt; BUSY ──answered──&gt; IDLE ──first byte of the next head──&gt; HEAD
 * </pre>
 *
 * <p>A WebSocket stays BUSY. The lock of {@link OpenConnections} guards all fields that change.
 */
public final class OpenConnection {
    private static final AttributeKey<OpenConnection> KEY = AttributeKey.valueOf(OpenConnection.class, "open");

    /** What the connection does. */
    enum Phase {
        /** The node waits for the rest of a request head, or for the first one. */
        HEAD,
        /** A request is being answered, or the connection is a WebSocket. */
        BUSY,
        /** All requests are answered. */
        IDLE
    }

    private final OpenConnections all;
    private final Channel channel;
    /** The address or network that the connection counts for; empty for a trusted proxy. */
    String network;
    /** Whether the node had reached its limit of connections when it accepted this one. */
    final boolean reserve;

    volatile Phase phase = Phase.HEAD;
    boolean known;
    boolean ended;
    /** Whether the channel has its event loop. */
    boolean registered;

    long since;
    private long unsent;

    OpenConnection(OpenConnections all, Channel channel, String network, boolean reserve) {
        this.all = all;
        this.channel = channel;
        this.network = network;
        this.reserve = reserve;
        channel.attr(KEY).set(this);
        channel.pipeline().addFirst(new Registration());
    }

    /** The connection of a channel; empty if its server does not watch its connections. */
    static Optional<OpenConnection> of(Channel channel) {
        return Optional.ofNullable(channel.attr(KEY).get());
    }

    static Optional<OpenConnection> of(HttpConnection connection) {
        return of(((HttpServerConnection) connection).channelHandlerContext().channel());
    }

    /**
     * Records that the client of a request is authenticated. Its connection no longer counts for the limits of
     * strangers.
     */
    public static void authenticated(HttpServerRequest request) {
        of(request.connection()).ifPresent(connection -> connection.all.authenticated(connection));
    }

    /** Whether the node has too many connections to answer this request, unless it asks for the health of the node. */
    public static boolean beyondLimit(HttpServerRequest request) {
        return of(request.connection())
                .filter(connection -> connection.reserve && connection.all.full())
                .isPresent();
    }

    SocketBudget budget() {
        return all.budget();
    }

    /** Counts the connection for its client, once a proxy has named it. */
    void identify(HttpConnection connection) {
        all.identify(this, connection);
    }

    void headBegins() {
        if (phase == Phase.IDLE) {
            all.move(this, Phase.HEAD);
        }
    }

    void headComplete() {
        all.move(this, Phase.BUSY);
    }

    void answered() {
        all.move(this, Phase.IDLE);
    }

    /** Whether the client has read some of the output since the last call. Then a slow download goes on. */
    boolean outputMoved() {
        long before = unsent;
        unsent = channel.bytesBeforeWritable();
        return unsent > 0 && unsent != before;
    }

    /** Closes the connection on its event loop, or as soon as it has one. */
    void cut() {
        if (registered) {
            channel.eventLoop().execute(() -> SocketChannel.cut(channel));
        }
    }

    /** Learns when the channel has an event loop: Netty then calls the handlers that were added before. */
    private final class Registration extends ChannelHandlerAdapter {
        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            ChannelPipeline unused = ctx.pipeline().remove(this);
            if (all.registered(OpenConnection.this)) {
                SocketChannel.cut(channel);
            }
        }
    }
}
