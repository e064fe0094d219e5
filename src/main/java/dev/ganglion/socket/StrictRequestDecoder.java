package dev.ganglion.socket;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.util.AsciiString;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;

/**
 * Decodes requests as Vert.x does, but without its confusion of header names. Vert.x recognises frequent names by most of
 * their letters and takes {@code Content-Xength} for {@code Content-Length} (CVE-2026-102479, fixed after 5.0.12). A proxy
 * in front that knows better would see two requests where this node sees one.
 */
public final class StrictRequestDecoder extends VertxHttpRequestDecoder {
    private static final String NAME = "httpDecoder";

    private StrictRequestDecoder(HttpServerOptions options) {
        super(options);
    }

    /** Replaces the decoder of a new connection. Must run in the server's connection handler, before the first bytes. */
    public static void install(HttpConnection connection, HttpServerOptions options) {
        ChannelPipeline pipeline =
                ((HttpServerConnection) connection).channelHandlerContext().pipeline();
        ChannelHandler unused = pipeline.replace(NAME, NAME, new StrictRequestDecoder(options));
    }

    @Override
    protected AsciiString splitHeaderName(byte[] bytes, int start, int length) {
        AsciiString name = super.splitHeaderName(bytes, start, length);
        AsciiString sent = new AsciiString(bytes, start, length, false);
        return name.contentEqualsIgnoreCase(sent) ? name : new AsciiString(bytes, start, length, true);
    }
}
