package dev.ganglion.gateway;

import dev.ganglion.config.Cidr;
import io.netty.util.NetUtil;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whose connection it is: the peer's address, or what trusted proxies say of it. */
public final class ClientAddress {
    private static final int MAX_HOPS = 16;

    private ClientAddress() {}

    /**
     * Whose request it is. The sender of a PROXY protocol header is checked here, since Vert.x takes one of anybody; and
     * of several X-Forwarded-For headers the last is the proxy's, those before it may be the agent's own.
     */
    public static String of(HttpServerRequest request, List<Cidr> trusted) {
        String sender = request.connection().remoteAddress(true).hostAddress();
        String peer = isTrusted(sender, trusted) ? proxied(request.remoteAddress(), sender) : sender;
        List<String> forwarded = request.headers().getAll("X-Forwarded-For");
        return of(peer, forwarded.isEmpty() ? null : String.join(",", forwarded), trusted);
    }

    /** Whether the client's connection was TLS: to this port, or to a trusted proxy, of several the last. */
    public static boolean isSecure(HttpServerRequest request, List<Cidr> trusted) {
        if (request.isSSL()) {
            return true;
        }
        List<String> said = request.headers().getAll("X-Forwarded-Proto");
        if (said.isEmpty()
                || !isTrusted(request.connection().remoteAddress(true).hostAddress(), trusted)) {
            return false;
        }
        String[] hops = String.join(",", said).split(",", -1);
        return hops[hops.length - 1].strip().equalsIgnoreCase("https");
    }

    /** A header may also speak of a local socket, which has no such address. */
    private static String proxied(SocketAddress said, String sender) {
        return said.isInetSocket() && said.hostAddress() != null ? said.hostAddress() : sender;
    }

    /**
     * The right-most address of {@code forwardedFor} that is no trusted proxy, if the peer is one; else the peer.
     *
     * @param peer the socket's remote address, an IP literal
     * @param forwardedFor the X-Forwarded-For header
     */
    static String of(String peer, @Nullable String forwardedFor, List<Cidr> trusted) {
        if (forwardedFor == null || trusted.isEmpty() || !isTrusted(peer, trusted)) {
            return peer;
        }
        String[] hops = forwardedFor.split(",", -1);
        String client = peer;
        for (int i = hops.length - 1; i >= Math.max(0, hops.length - MAX_HOPS); i--) {
            String hop = withoutPort(hops[i].strip());
            if (parse(hop) == null) {
                return client;
            }
            client = hop;
            if (!isTrusted(hop, trusted)) {
                return client;
            }
        }
        return client;
    }

    /** Some proxies add the port: {@code 192.0.2.7:4711}, {@code [2001:db8::7]:4711}. */
    private static String withoutPort(String hop) {
        int bracket = hop.indexOf(']');
        if (hop.startsWith("[") && bracket > 0) {
            return hop.substring(1, bracket);
        }
        int colon = hop.indexOf(':');
        return colon > 0 && colon == hop.lastIndexOf(':') ? hop.substring(0, colon) : hop;
    }

    private static boolean isTrusted(String address, List<Cidr> trusted) {
        InetAddress parsed = parse(address);
        return parsed != null && trusted.stream().anyMatch(cidr -> cidr.contains(parsed));
    }

    private static @Nullable InetAddress parse(String literal) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(literal);
        if (bytes == null) {
            return null;
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
