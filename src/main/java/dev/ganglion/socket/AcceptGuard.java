package dev.ganglion.socket;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes accepted connections for which the node has no room, before they take memory. */
final class AcceptGuard extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(AcceptGuard.class);
    private static final long PAUSE_MS = 100;
    private static final long LOG_INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final OpenConnections connections;
    private long nextLogAt;
    private boolean logged;

    AcceptGuard(OpenConnections connections) {
        this.connections = connections;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object accepted) {
        if (accepted instanceof Channel channel && !connections.admit(channel)) {
            channel.unsafe().closeForcibly();
            return;
        }
        ctx.fireChannelRead(accepted);
    }

    /** Accepting fails when the process or the system has too many open files. Pauses, since it would fail at once again. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
        ctx.channel().config().setAutoRead(false);
        ScheduledFuture<?> unused = ctx.executor()
                .schedule(() -> ctx.channel().config().setAutoRead(true), PAUSE_MS, TimeUnit.MILLISECONDS);
        long now = connections.now();
        if (!logged || now - nextLogAt >= 0) {
            logged = true;
            nextLogAt = now + LOG_INTERVAL_NANOS;
            LOG.warn(
                    "Could not accept a connection: {}; raise the limit of open files (ulimit -n)", failure.toString());
        }
    }
}
