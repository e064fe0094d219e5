package dev.ganglion.benchmarks.generator;

import java.net.URI;

/**
 * The address of the server under load.
 *
 * @param url base address, http or https
 * @param path path that agents connect to
 */
public record Target(URI url, String path) {
    private static final int HTTPS = 443;
    private static final int HTTP = 80;

    boolean tls() {
        return url.getScheme().equals("https") || url.getScheme().equals("wss");
    }

    int port() {
        return url.getPort() > 0 ? url.getPort() : tls() ? HTTPS : HTTP;
    }

    String host() {
        return url.getHost();
    }

    /** Whether connections may come from any of the machine's loopback addresses. */
    boolean loopback() {
        return host().startsWith("127.") || host().equals("localhost");
    }
}
