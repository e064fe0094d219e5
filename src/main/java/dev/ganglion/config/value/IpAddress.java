package dev.ganglion.config.value;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An IP address as its value, not as its text: an IPv6 address has many spellings, and {@code ::ffff:192.0.2.7} is
 * {@code 192.0.2.7}.
 *
 * @param value the address, without a name
 */
public record IpAddress(InetAddress value) {
    /** Bytes of an IPv6 address that identify a network: a household has at least a /64. */
    private static final int IPV6_NETWORK_BYTES = 8;

    /** Parses a literal of either family, without brackets. Host names are not resolved. */
    public static Optional<IpAddress> parse(String literal) {
        byte @Nullable [] bytes = IpLiteral.bytes(literal);
        if (bytes == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new IpAddress(InetAddress.getByAddress(bytes)));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /**
     * Returns a key for the network that limits per client count as one client: the IPv4 address, or the /64 of the IPv6
     * address. Text that is no address stands for itself.
     */
    public static String networkOf(String address) {
        return parse(address).map(IpAddress::network).orElse(address);
    }

    private String network() {
        return value instanceof Inet6Address
                ? HexFormat.of().formatHex(Arrays.copyOf(value.getAddress(), IPV6_NETWORK_BYTES))
                : toString();
    }

    /** Returns the one canonical spelling (RFC 5952 for IPv6). */
    @Override
    public String toString() {
        return IpLiteral.text(value);
    }
}
