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
import io.vertx.core.spi.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * Passes everything on to the transport of the system, except for sockets of Unix domains, which a node does not use, and
 * adds a handler to each HTTP server.
 *
 * @param system transport of the system
 * @param connections asked about each accepted connection
 */
record GuardedServers(Transport system, OpenConnections connections) implements Transport {
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
    public void configure(ClientOptionsBase options, int connectTimeout, boolean domainSocket, Bootstrap bootstrap) {
        system.configure(options, connectTimeout, domainSocket, bootstrap);
    }

    @Override
    public boolean supportsDomainSockets() {
        return false;
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
