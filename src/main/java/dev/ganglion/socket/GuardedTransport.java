package dev.ganglion.socket;

import io.vertx.core.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * The transport of the system, which asks {@link OpenConnections} about each connection that an HTTP server accepts.
 * Vert.x itself would notice a connection only after its PROXY protocol header and its TLS handshake.
 */
public final class GuardedTransport implements Transport {
    private final Transport system;
    private final GuardedServers implementation;

    private GuardedTransport(Transport system, OpenConnections connections) {
        this.system = system;
        this.implementation = new GuardedServers(system.implementation(), connections);
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
    public GuardedServers implementation() {
        return implementation;
    }
}
