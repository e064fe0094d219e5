package dev.ganglion.socket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.util.AsciiString;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decodes requests as Vert.x does, but without its confusion of header names. Vert.x recognises frequent names by most of
 * their letters and takes {@code Content-Xength} for {@code Content-Length} (CVE-2026-102479, fixed after 5.0.12). A proxy
 * in front that knows better would see two requests where this node sees one. It also limits the number of headers.
 */
public final class StrictRequestDecoder extends VertxHttpRequestDecoder {
    /** Largest number of headers of a request. A header of a few bytes takes a hundred times as much memory. */
    private static final int MAX_HEADERS = 128;

    private static final String NAME = "httpDecoder";

    private final @Nullable OpenConnection connection;
    private int headers;

    private StrictRequestDecoder(HttpServerOptions options, @Nullable OpenConnection connection) {
        super(options);
        this.connection = connection;
    }

    /** Replaces the decoder of a new connection. Must run in the server's connection handler, before the first bytes. */
    public static void install(HttpConnection connection, HttpServerOptions options) {
        ChannelPipeline pipeline =
                ((HttpServerConnection) connection).channelHandlerContext().pipeline();
        Optional<OpenConnection> open = OpenConnection.of(connection);
        ChannelHandler unused = pipeline.replace(NAME, NAME, new StrictRequestDecoder(options, open.orElse(null)));
        open.ifPresent(watched -> {
            watched.identify(connection);
            RequestWatch.install(pipeline, watched);
        });
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        if (connection != null && in.isReadable()) {
            connection.headBegins();
        }
        super.decode(ctx, in, out);
    }

    @Override
    protected HttpMessage createMessage(String[] initialLine) {
        headers = 0;
        return super.createMessage(initialLine);
    }

    @Override
    protected AsciiString splitHeaderName(byte[] bytes, int start, int length) {
        if (++headers > MAX_HEADERS) {
            throw new TooLongHttpHeaderException("more than " + MAX_HEADERS + " headers");
        }
        AsciiString name = super.splitHeaderName(bytes, start, length);
        AsciiString sent = new AsciiString(bytes, start, length, false);
        return name.contentEqualsIgnoreCase(sent) ? name : new AsciiString(bytes, start, length, true);
    }
}
