package dev.ganglion.config;

import java.util.List;
import java.util.Optional;

/**
 * The one port for agents, REST and the dashboard.
 *
 * @param host address to listen on
 * @param port port to listen on, 0 for any free one
 * @param tls certificate and key, if the port is to speak TLS
 * @param trustedProxies whose X-Forwarded-For and X-Forwarded-Proto are believed
 * @param proxyProtocol whether every connection begins with a PROXY protocol header
 * @param eventLoops event loops as configured, 0 for the default
 */
public record HttpConfig(
        String host,
        int port,
        Optional<TlsFiles> tls,
        List<Cidr> trustedProxies,
        boolean proxyProtocol,
        int eventLoops) {
    static HttpConfig from(Values values) {
        return new HttpConfig(
                values.required(ConfigKeys.HTTP_HOST),
                values.required(ConfigKeys.HTTP_PORT),
                values.optional(ConfigKeys.HTTP_TLS_CERT)
                        .flatMap(
                                cert -> values.optional(ConfigKeys.HTTP_TLS_KEY).map(key -> new TlsFiles(cert, key))),
                values.required(ConfigKeys.HTTP_TRUSTED_PROXIES),
                values.required(ConfigKeys.HTTP_PROXY_PROTOCOL),
                values.required(ConfigKeys.HTTP_EVENT_LOOPS));
    }

    /** How many event loops there are to be: one for each core unless configured, and two at least. */
    public int eventLoopCount() {
        return eventLoops > 0 ? eventLoops : eventLoopsOn(Runtime.getRuntime().availableProcessors());
    }

    static int eventLoopsOn(int cores) {
        return Math.max(2, cores);
    }
}
