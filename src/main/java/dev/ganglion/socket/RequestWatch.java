package dev.ganglion.socket;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;

/** Tells an {@link OpenConnection} when requests begin and are answered. A connection loses it with its upgrade. */
final class RequestWatch extends ChannelDuplexHandler {
    private static final String NAME = "requests";

    private final OpenConnection connection;
    private int unanswered;

    private RequestWatch(OpenConnection connection) {
        this.connection = connection;
    }

    /** Adds the watch behind the codec. */
    static void install(ChannelPipeline pipeline, OpenConnection connection) {
        ChannelPipeline unused = pipeline.addAfter("httpEncoder", NAME, new RequestWatch(connection));
    }

    static void remove(Channel channel) {
        if (channel.pipeline().get(NAME) != null) {
            channel.pipeline().remove(NAME);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HttpRequest) {
            unanswered++;
            connection.headComplete();
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof LastHttpContent && !isInterim(message) && unanswered > 0) {
            unanswered--;
            if (unanswered == 0) {
                connection.answered();
            }
        }
        ChannelFuture unused = ctx.write(message, promise);
    }

    /** Whether the message is 100 Continue or 101 Switching Protocols, which answer no request. */
    private static boolean isInterim(Object message) {
        return message instanceof HttpResponse response
                && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    }
}
