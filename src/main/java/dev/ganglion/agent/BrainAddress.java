package dev.ganglion.agent;

import dev.ganglion.protocol.Dialect;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The address of a brain.
 *
 * <p>A connection without TLS is only allowed to a loopback address. The upgrade carries the token in a header, so
 * anyone on the network path could read it.
 *
 * @param basePath path before the endpoint, without a trailing slash
 */
public record BrainAddress(String host, int port, boolean tls, String basePath) {
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127\\.\\d+\\.\\d+\\.\\d+|::1|0:0:0:0:0:0:0:1");
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    public BrainAddress {
        if (!tls && !LOOPBACK.matcher(host).matches()) {
            throw invalid("a connection to " + host + " without TLS would send the token in plain text:"
                    + " use wss:// or https:// (only localhost, 127.0.0.0/8 and ::1 are allowed without TLS)");
        }
    }

    /** Parses {@code ws(s)://host[:port][/path]} or {@code http(s)://…}. */
    public static BrainAddress parse(String url) {
        URI uri;
        try {
            uri = URI.create(url.strip());
        } catch (IllegalArgumentException e) {
            throw invalid("the brain's URL is invalid: use the form wss://host:port");
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        boolean tls = scheme.equals("wss") || scheme.equals("https");
        if (!tls && !scheme.equals("ws") && !scheme.equals("http")) {
            throw invalid("the brain's URL must start with wss://, https://, ws:// or http://");
        }
        if (uri.getHost() == null || uri.getUserInfo() != null || uri.getQuery() != null || uri.getFragment() != null) {
            throw invalid("the brain's URL must contain a host and may contain a port and a path, but nothing else");
        }
        int port = uri.getPort() >= 0 ? uri.getPort() : tls ? HTTPS_PORT : HTTP_PORT;
        String path = uri.getRawPath();
        String host = uri.getHost().toLowerCase(Locale.ROOT).replaceAll("^\\[|]$", "");
        return new BrainAddress(host, port, tls, path.replaceAll("/+$", ""));
    }

    /** The path of the WebSocket upgrade. */
    public String endpoint(Dialect dialect) {
        return basePath + (dialect == Dialect.LIBRARY ? "/ws/agent" : "/ws");
    }

    @Override
    public String toString() {
        String shown = host.indexOf(':') < 0 ? host : "[" + host + "]";
        return (tls ? "wss://" : "ws://") + shown + ":" + port + basePath;
    }

    private static GanglionException invalid(String message) {
        return new GanglionException(ErrorCode.VALIDATION_FAILED, message, "url");
    }
}
