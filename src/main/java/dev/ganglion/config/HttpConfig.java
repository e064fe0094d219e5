package dev.ganglion.config;

import dev.ganglion.config.key.ConfigKeys;
import dev.ganglion.config.value.Cidr;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Holds the settings of the port that serves agents, REST and the dashboard.
 *
 * @param host address to listen on
 * @param port TCP port to listen on, 0 for any free port
 * @param tls certificate and key; empty if the port serves plain HTTP
 * @param trustedProxies proxies whose X-Forwarded-For and X-Forwarded-Proto headers the brain trusts
 * @param proxyProtocol whether every connection begins with a PROXY protocol header
 * @param connections event loops and limits of connections
 * @param budgets memory for answers and uploads
 * @param drainWindow period over which a node that shuts down closes its agents' connections, 0 s to 5 min
 */
public record HttpConfig(
        String host,
        int port,
        Optional<TlsFiles> tls,
        List<Cidr> trustedProxies,
        boolean proxyProtocol,
        ConnectionConfig connections,
        BudgetConfig budgets,
        Duration drainWindow) {
    static HttpConfig from(CheckedValues values) {
        return new HttpConfig(
                values.required(ConfigKeys.HTTP_HOST),
                values.required(ConfigKeys.HTTP_PORT),
                values.optional(ConfigKeys.HTTP_TLS_CERT)
                        .flatMap(
                                cert -> values.optional(ConfigKeys.HTTP_TLS_KEY).map(key -> new TlsFiles(cert, key))),
                values.required(ConfigKeys.HTTP_TRUSTED_PROXIES),
                values.required(ConfigKeys.HTTP_PROXY_PROTOCOL),
                ConnectionConfig.from(values),
                BudgetConfig.from(values),
                values.required(ConfigKeys.DRAIN_WINDOW));
    }

    /** Returns the effective number of event loops: the configured number, or else one per core and at least two. */
    public int eventLoopCount() {
        int eventLoops = connections.eventLoops();
        return eventLoops > 0 ? eventLoops : eventLoopsOn(Runtime.getRuntime().availableProcessors());
    }

    static int eventLoopsOn(int cores) {
        return Math.max(2, cores);
    }
}
