package dev.ganglion.socket;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.transport.Transport;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The transport of the system, which asks {@link OpenConnections} about each connection that an HTTP server accepts.
 * Vert.x itself would notice a connection only after its PROXY protocol header and its TLS handshake.
 */
public final class GuardedTransport implements Transport {
    private final Transport system;
    private final Guarded implementation;

    private GuardedTransport(Transport system, OpenConnections connections) {
        this.system = system;
        this.implementation = new Guarded(system.implementation(), connections);
    }

    /** Returns the native transport with small buffers of listeners, or the one of Java where there is none. */
    public static Transport of(OpenConnections connections) {
        return new GuardedTransport(ListenerTransport.ofMachine().orElse(Transport.NIO), connections);
    }

    @Override
    public String name() {
        return system.name();
    }

    @Override
    public boolean available() {
        return system.available();
    }

    @Override
    public @Nullable Throwable unavailabilityCause() {
        return system.unavailabilityCause();
    }

    @Override
    public io.vertx.core.spi.transport.Transport implementation() {
        return implementation;
    }

    /** Passes everything on, and adds a handler to the servers. */
    private record Guarded(io.vertx.core.spi.transport.Transport system, OpenConnections connections)
            implements io.vertx.core.spi.transport.Transport {
        @Override
        public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
            system.configure(options, domainSocket, bootstrap);
            if (options instanceof HttpServerOptions) {
                bootstrap.handler(new AcceptGuard(connections));
            }
        }

        @Override
        public void configure(DatagramChannel channel, DatagramSocketOptions options) {
            system.configure(channel, options);
        }

        @Override
        public void configure(
                ClientOptionsBase options, int connectTimeout, boolean domainSocket, Bootstrap bootstrap) {
            system.configure(options, connectTimeout, domainSocket, bootstrap);
        }

        @Override
        public boolean supportsDomainSockets() {
            return system.supportsDomainSockets();
        }

        @Override
        public boolean supportFileRegion() {
            return system.supportFileRegion();
        }

        @Override
        public boolean isAvailable() {
            return system.isAvailable();
        }

        @Override
        public @Nullable Throwable unavailabilityCause() {
            return system.unavailabilityCause();
        }

        @Override
        public SocketAddress convert(io.vertx.core.net.SocketAddress address) {
            return system.convert(address);
        }

        @Override
        public io.vertx.core.net.SocketAddress convert(SocketAddress address) {
            return system.convert(address);
        }

        @Override
        public IoHandlerFactory ioHandlerFactory() {
            return system.ioHandlerFactory();
        }

        @Override
        public DatagramChannel datagramChannel() {
            return system.datagramChannel();
        }

        @Override
        @SuppressWarnings("deprecation") // the interface of Vert.x names it
        public DatagramChannel datagramChannel(InternetProtocolFamily family) {
            return system.datagramChannel(family);
        }

        @Override
        public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
            return system.channelFactory(domainSocket);
        }

        @Override
        public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
            return system.serverChannelFactory(domainSocket);
        }
    }
}
