package dev.ganglion.config.value;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Parses and formats IP addresses without a name lookup. The JDK resolves any text that is not an address as a host name. */
public final class IpLiteral {
    private IpLiteral() {}

    /** Returns the 4 or 16 bytes of an IPv4 or IPv6 address; null if the text is not an address. */
    public static byte @Nullable [] bytes(String text) {
        return NetUtil.createByteArrayFromIpAddressString(text);
    }

    /** Returns the canonical spelling of an address (RFC 5952 for IPv6). */
    public static String text(InetAddress address) {
        return NetUtil.toAddressString(address);
    }
}
