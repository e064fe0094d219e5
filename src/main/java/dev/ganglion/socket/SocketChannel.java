package dev.ganglion.socket;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.internal.ContextInternal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The Netty channel below a WebSocket. It offers operations that Vert.x does not. Confined to the event loop of the
 * channel.
 */
final class SocketChannel {
    /** Largest number of messages that are written before they are flushed. */
    private static final int MAX_UNFLUSHED = 64;
    /** Receive buffer of a peer whose writes must block soon. Linux doubles it. */
    private static final int SMALL_RECEIVE_BUFFER = 8 * 1024;

    private final Channel channel;

    private SocketChannel(Channel channel) {
        this.channel = channel;
    }

    /** Returns the channel of a request. Called before the upgrade: a WebSocket of a router hides its channel. */
    static SocketChannel of(HttpServerRequest request) {
        HttpServerConnection connection = (HttpServerConnection) request.connection();
        return new SocketChannel(connection.channelHandlerContext().channel());
    }

    /** The budget that this channel shares with all sockets of its node. */
    SocketBudget budget() {
        return OpenConnection.of(channel).map(OpenConnection::budget).orElseGet(SocketBudget::unlimited);
    }

    /**
     * Takes over the frames of an upgraded channel. Returns null if the peer has disconnected. Called on the context of
     * the socket.
     */
    @Nullable
    FrameGuard guardFrames(int maxFrameBytes, FrameGuard.Owner owner) {
        RequestWatch.remove(channel);
        ContextInternal context = (ContextInternal) Objects.requireNonNull(Vertx.currentContext());
        return FrameGuard.install(channel, maxFrameBytes, context, owner);
    }

    /** Runs work on the context of the socket, at once if the caller is on its event loop. */
    void runOn(Context context, Runnable work) {
        if (channel.eventLoop().inEventLoop()) {
            ((ContextInternal) context).dispatch(work);
        } else {
            context.runOnContext(v -> work.run());
        }
    }

    /** Stops answering pings, and reads at most {@code bytes} more. */
    void stopFrames(FrameGuard frames, long bytes) {
        frames.end(channel, bytes);
    }

    /**
     * Closes the connection and discards its pending output. The request starts at the first handler of the pipeline:
     * the last one, which belongs to Vert.x, would wait until all output is written.
     */
    void cut() {
        cut(channel);
    }

    /** Closes a channel as {@link #cut()} does. Called on its event loop. */
    static void cut(Channel channel) {
        ChannelHandlerContext first = channel.pipeline().firstContext();
        if (first != null && channel.isOpen()) {
            ChannelFuture unused = first.close();
        }
    }

    /** Flushes the messages written so far. */
    void flush() {
        ChannelHandlerContext last = channel.pipeline().lastContext();
        if (last != null) {
            last.flush();
        }
    }

    /**
     * Makes the receive buffer of the kernel small, for good. Does nothing on a transport whose segments may be larger
     * than the buffer, such as those of the loopback interface: the kernel of the peer would wait up to 200 ms for room
     * for each segment. {@link ListenerTransport} bounds the segments.
     */
    void boundUnreadInput() {
        if (channel instanceof EpollSocketChannel) {
            channel.config().setOption(ChannelOption.SO_RCVBUF, SMALL_RECEIVE_BUFFER);
        }
    }

    /** From now on, flushes messages that are written in one turn of the event loop with one system call. */
    void consolidateFlushes() {
        channel.pipeline().addFirst(new FlushConsolidationHandler(MAX_UNFLUSHED, true));
    }
}
