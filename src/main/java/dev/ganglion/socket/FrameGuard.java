package dev.ganglion.socket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.MaxMessagesRecvByteBufAllocator;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.internal.ContextInternal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the frames of a WebSocket and answers its pings. Vert.x would answer every ping at once, however many answers
 * the peer has left unread. This decoder stops answering when the output is full; when the peer has read it, only the
 * newest ping is answered, as RFC 6455 allows. Confined to the event loop.
 */
final class FrameGuard extends WebSocket13FrameDecoder {
    /** Receives the events of the decoder. Called on the context of the socket. */
    interface Owner {
        /** Handles a ping. */
        void onPing();

        /** Handles a ping that could not be answered, since the output is full. */
        void onPingUnanswered();

        /** Records that answers to pings of {@code bytes} were queued, or sent if negative. */
        void onPongBytes(int bytes);

        /** Records the bytes of the frame that has arrived in part; 0 if there is none. */
        void onPartialFrame(int bytes);
    }

    private static final String NAME = "wsdecoder";
    private static final int PONG = 0x8A;
    private static final int PONG_HEADER_BYTES = 2;
    /** Frame header and mask of a client, for the count of what an ended socket still sends. */
    private static final int FRAME_OVERHEAD = 6;
    /** Frames without effect that make Vert.x stop reading a paused socket, which it does after 24 frames. */
    private static final int FRAMES_THAT_STOP_READING = 32;

    private final ContextInternal context;
    private final Owner owner;
    private byte @Nullable [] unanswered;
    private int standIns;
    private int partialBytes;
    private boolean unflushed;
    /** Bytes that the decoder still reads in search of the peer's close frame; negative while the socket is open. */
    private long closingBytes = -1;

    private FrameGuard(WebSocketDecoderConfig config, ContextInternal context, Owner owner) {
        super(config);
        this.context = context;
        this.owner = owner;
    }

    /** Replaces the decoder of an upgraded channel. The limits stay those of Vert.x. */
    static @Nullable FrameGuard install(Channel channel, int maxFrameBytes, ContextInternal context, Owner owner) {
        if (channel.pipeline().get(NAME) == null) {
            return null; // the peer has disconnected
        }
        WebSocketDecoderConfig config = WebSocketDecoderConfig.newBuilder()
                .maxFramePayloadLength(maxFrameBytes)
                .closeOnProtocolViolation(false)
                .build();
        FrameGuard guard = new FrameGuard(config, context, owner);
        channel.pipeline().replace(NAME, NAME, guard);
        // Otherwise one turn of the event loop could take a megabyte of tiny frames from each socket.
        if (channel.config().getRecvByteBufAllocator() instanceof MaxMessagesRecvByteBufAllocator reads) {
            MaxMessagesRecvByteBufAllocator unused = reads.maxMessagesPerRead(1);
        }
        return guard;
    }

    /** Stops answering pings, and reads at most {@code bytes} more, in search of the peer's close frame. */
    void end(Channel channel, long bytes) {
        closingBytes = bytes;
        unanswered = null;
        stopReadingAtTheBound(channel);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        super.decode(ctx, in, out);
        if (out.isEmpty()) {
            hold(ctx, in.readableBytes());
            return;
        }
        if (partialBytes > 0) {
            hold(ctx, 0);
        }
        Object frame = out.get(0);
        if (closingBytes >= 0) {
            discard(ctx, (WebSocketFrame) frame, out);
        } else if (frame instanceof PingWebSocketFrame ping) {
            out.clear();
            onPing(ctx, ping, out);
        } else if (frame instanceof PongWebSocketFrame) {
            out.clear();
            ReferenceCountUtil.release(frame);
        }
    }

    private void hold(ChannelHandlerContext ctx, int bytes) {
        if (bytes != partialBytes) {
            partialBytes = bytes;
            owner.onPartialFrame(bytes);
        }
        if (closingBytes >= 0 && bytes > closingBytes) {
            ctx.channel().config().setAutoRead(false);
        }
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
        hold(ctx, 0);
    }

    private void discard(ChannelHandlerContext ctx, WebSocketFrame frame, List<Object> out) {
        closingBytes =
                Math.max(0, closingBytes - FRAME_OVERHEAD - frame.content().readableBytes());
        if (!(frame instanceof CloseWebSocketFrame)) {
            out.clear();
            ReferenceCountUtil.release(frame);
            stopReadingAtTheBound(ctx.channel());
        }
    }

    private void stopReadingAtTheBound(Channel channel) {
        if (closingBytes == 0) {
            channel.config().setAutoRead(false);
        }
    }

    private void onPing(ChannelHandlerContext ctx, PingWebSocketFrame ping, List<Object> out) {
        try {
            if (!ctx.channel().isWritable() && unflushed) {
                flush(ctx);
            }
            if (ctx.channel().isWritable()) {
                standIns = 0;
                unanswered = null;
                answer(ctx, ByteBufUtil.getBytes(ping.content()));
                context.dispatch(owner::onPing);
            } else {
                unanswered = ByteBufUtil.getBytes(ping.content());
                if (standIns++ < FRAMES_THAT_STOP_READING) {
                    out.add(new PongWebSocketFrame());
                }
                context.dispatch(owner::onPingUnanswered);
            }
        } finally {
            ping.release();
        }
    }

    private void answer(ChannelHandlerContext ctx, byte[] payload) {
        int bytes = PONG_HEADER_BYTES + payload.length;
        ByteBuf pong = ctx.alloc()
                .buffer(bytes)
                .writeByte(PONG)
                .writeByte(payload.length)
                .writeBytes(payload);
        owner.onPongBytes(bytes);
        unflushed = true;
        ChannelFuture unused =
                ctx.write(pong).addListener((ChannelFutureListener) written -> owner.onPongBytes(-bytes));
    }

    private void flush(ChannelHandlerContext ctx) {
        unflushed = false;
        ctx.flush();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        if (unflushed) {
            flush(ctx);
        }
        super.channelReadComplete(ctx);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) throws Exception {
        byte @Nullable [] payload = unanswered;
        if (payload != null && ctx.channel().isWritable()) {
            unanswered = null;
            standIns = 0;
            answer(ctx, payload);
            flush(ctx);
        }
        super.channelWritabilityChanged(ctx);
    }
}
