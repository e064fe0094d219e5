package dev.ganglion.bus.link;

import dev.ganglion.config.ClusterConfig;
import dev.ganglion.config.ClusterConfig.BusTls;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.core.net.TrustOptions;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Builds the TLS options of the bus port. Each side requires a certificate of the nodes' authority from the other. */
final class BusTlsOptions {
    private BusTlsOptions() {}

    static Optional<ServerSSLOptions> server(ClusterConfig config) {
        return config.tls().map(tls -> {
            ServerSSLOptions options = new ServerSSLOptions().setClientAuth(ClientAuth.REQUIRED);
            options.setKeyCertOptions(own(tls)).setTrustOptions(authorities(tls));
            options.setSslHandshakeTimeout(Limits.AUTHENTICATION_NANOS)
                    .setSslHandshakeTimeoutUnit(TimeUnit.NANOSECONDS);
            return options;
        });
    }

    static NetClientOptions client(ClusterConfig config) {
        NetClientOptions options =
                new NetClientOptions().setConnectTimeout(Limits.CONNECT_MS).setTcpNoDelay(true);
        config.tls().ifPresent(tls -> {
            // The nodes' authority is private, and nodes find each other by address. Names in certificates add nothing.
            options.setSsl(true).setTrustAll(false).setHostnameVerificationAlgorithm("");
            options.setKeyCertOptions(own(tls)).setTrustOptions(authorities(tls));
            options.setSslHandshakeTimeout(Limits.AUTHENTICATION_NANOS)
                    .setSslHandshakeTimeoutUnit(TimeUnit.NANOSECONDS);
        });
        return options;
    }

    private static KeyCertOptions own(BusTls tls) {
        return new PemKeyCertOptions()
                .addCertPath(tls.cert().toString())
                .addKeyPath(tls.key().toString());
    }

    private static TrustOptions authorities(BusTls tls) {
        return new PemTrustOptions().addCertPath(tls.authorities().toString());
    }
}
