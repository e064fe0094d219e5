package dev.ganglion.agent;

import dev.ganglion.protocol.Dialect;
import dev.ganglion.protocol.ErrorCode;
import dev.ganglion.protocol.GanglionException;
import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Where a brain listens. A plain connection is allowed to a loopback address only: the token travels in a header of the
 * upgrade, and off the machine anyone on the way could read it.
 *
 * @param basePath what comes before the endpoint, without a slash at its end
 */
public record BrainAddress(String host, int port, boolean tls, String basePath) {
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127\\.\\d+\\.\\d+\\.\\d+|::1|0:0:0:0:0:0:0:1");
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    public BrainAddress {
        if (!tls && !LOOPBACK.matcher(host).matches()) {
            throw refused("a plain connection to " + host + " would send the token in the clear: use wss:// or https://"
                    + " (only localhost, 127.0.0.0/8 and ::1 may be reached without TLS)");
        }
    }

    /** Reads {@code ws(s)://host[:port][/path]} or {@code http(s)://…}. */
    public static BrainAddress parse(String url) {
        URI uri;
        try {
            uri = URI.create(url.strip());
        } catch (IllegalArgumentException e) {
            throw refused("the brain's URL cannot be read: give it as wss://host:port");
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        boolean tls = scheme.equals("wss") || scheme.equals("https");
        if (!tls && !scheme.equals("ws") && !scheme.equals("http")) {
            throw refused("the brain's URL starts with wss://, https://, ws:// or http://");
        }
        if (uri.getHost() == null || uri.getUserInfo() != null || uri.getQuery() != null || uri.getFragment() != null) {
            throw refused("the brain's URL names a host, a port and at most a path");
        }
        int port = uri.getPort() >= 0 ? uri.getPort() : tls ? HTTPS_PORT : HTTP_PORT;
        String path = uri.getRawPath();
        String host = uri.getHost().toLowerCase(Locale.ROOT).replaceAll("^\\[|]$", "");
        return new BrainAddress(host, port, tls, path.replaceAll("/+$", ""));
    }

    /** The path of the upgrade. */
    public String endpoint(Dialect dialect) {
        return basePath + (dialect == Dialect.LIBRARY ? "/ws/agent" : "/ws");
    }

    @Override
    public String toString() {
        String shown = host.indexOf(':') < 0 ? host : "[" + host + "]";
        return (tls ? "wss://" : "ws://") + shown + ":" + port + basePath;
    }

    private static GanglionException refused(String message) {
        return new GanglionException(ErrorCode.VALIDATION_FAILED, message, "url");
    }
}
