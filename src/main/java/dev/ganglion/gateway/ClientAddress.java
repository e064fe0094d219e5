package dev.ganglion.gateway;

import dev.ganglion.config.value.Cidr;
import dev.ganglion.config.value.IpAddress;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Determines the address of a client: the peer's address, or the address that trusted proxies report. */
public final class ClientAddress {
    private static final int MAX_HOPS = 16;

    private ClientAddress() {}

    /**
     * Returns the address of the client that sent a request.
     *
     * <p>This method checks the sender of a PROXY protocol header, since Vert.x accepts such a header from any peer. It
     * joins several X-Forwarded-For headers in order: the proxy appends its own header last, and earlier ones may come
     * from the agent itself.
     */
    public static String of(HttpServerRequest request, List<Cidr> trusted) {
        String sender = request.connection().remoteAddress(true).hostAddress();
        String peer = isTrusted(sender, trusted) ? proxied(request.remoteAddress(), sender) : sender;
        List<String> forwarded = request.headers().getAll("X-Forwarded-For");
        return of(peer, forwarded.isEmpty() ? null : String.join(",", forwarded), trusted);
    }

    /**
     * Whether the client connected over TLS, either to this port or to a trusted proxy. Of several X-Forwarded-Proto
     * values, the last one counts.
     */
    public static boolean isSecure(HttpServerRequest request, List<Cidr> trusted) {
        if (request.isSSL()) {
            return true;
        }
        List<String> protocols = request.headers().getAll("X-Forwarded-Proto");
        if (protocols.isEmpty()
                || !isTrusted(request.connection().remoteAddress(true).hostAddress(), trusted)) {
            return false;
        }
        String[] hops = String.join(",", protocols).split(",", -1);
        return hops[hops.length - 1].strip().equalsIgnoreCase("https");
    }

    /**
     * Returns the address from a PROXY protocol header. The header may describe a Unix domain socket, which has no IP
     * address; then the sender's address is used.
     */
    private static String proxied(SocketAddress reported, String sender) {
        return reported.isInetSocket() && reported.hostAddress() != null ? reported.hostAddress() : sender;
    }

    /**
     * Returns the right-most address of {@code forwardedFor} that is not a trusted proxy, if the peer is trusted.
     * Otherwise returns the peer. At most the last 16 entries are examined, and an entry that is not an IP address ends
     * the search.
     *
     * @param socket remote address of the socket, an IP literal
     * @param forwardedFor value of the X-Forwarded-For header, comma-separated; null if absent
     * @return the address in its one canonical spelling
     */
    static String of(String socket, @Nullable String forwardedFor, List<Cidr> trusted) {
        String peer = IpAddress.parse(socket).map(IpAddress::toString).orElse(socket);
        if (forwardedFor == null || trusted.isEmpty() || !isTrusted(peer, trusted)) {
            return peer;
        }
        String[] hops = forwardedFor.split(",", -1);
        String client = peer;
        for (int i = hops.length - 1; i >= Math.max(0, hops.length - MAX_HOPS); i--) {
            Optional<IpAddress> hop = IpAddress.parse(withoutPort(hops[i].strip()));
            if (hop.isEmpty()) {
                return client;
            }
            client = hop.get().toString();
            if (!isTrusted(client, trusted)) {
                return client;
            }
        }
        return client;
    }

    /** Removes the port that some proxies append: {@code 192.0.2.7:4711}, {@code [2001:db8::7]:4711}. */
    private static String withoutPort(String hop) {
        int bracket = hop.indexOf(']');
        if (hop.startsWith("[") && bracket > 0) {
            return hop.substring(1, bracket);
        }
        int colon = hop.indexOf(':');
        return colon > 0 && colon == hop.lastIndexOf(':') ? hop.substring(0, colon) : hop;
    }

    private static boolean isTrusted(String address, List<Cidr> trusted) {
        return IpAddress.parse(address)
                .filter(parsed -> trusted.stream().anyMatch(cidr -> cidr.contains(parsed.value())))
                .isPresent();
    }
}
