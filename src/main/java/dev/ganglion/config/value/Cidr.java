package dev.ganglion.config.value;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A block of IP addresses, such as {@code 10.0.0.0/8} or {@code fd00::/8}. A single address is a block of one address.
 */
public final class Cidr {
    /** The first bytes of an IPv6 address that stands for an IPv4 address. */
    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff};

    private static final int MAPPED_BITS = 8 * MAPPED.length;

    private final String text;
    private final byte[] network;
    private final int prefix;

    private Cidr(String text, byte[] network, int prefix) {
        this.text = text;
        this.network = network;
        this.prefix = prefix;
    }

    /** Parses a block. Returns empty if the text is not an address or a CIDR block; host names are not resolved. */
    public static Optional<Cidr> parse(String text) {
        int slash = text.indexOf('/');
        byte @Nullable [] network = IpLiteral.bytes(slash < 0 ? text : text.substring(0, slash));
        if (network == null || text.contains("%")) {
            return Optional.empty();
        }
        int bits = network.length * 8;
        int prefix = slash < 0 ? bits : prefix(text.substring(slash + 1));
        return prefix < 0 || prefix > bits ? Optional.empty() : Optional.of(unmapped(text, network, prefix));
    }

    /** Turns a block of IPv4 addresses that is written as IPv6, {@code ::ffff:10.0.0.0/104}, into the block it means. */
    private static Cidr unmapped(String text, byte[] network, int prefix) {
        boolean mapped = prefix >= MAPPED_BITS && Arrays.equals(network, 0, MAPPED.length, MAPPED, 0, MAPPED.length);
        return mapped
                ? new Cidr(text, Arrays.copyOfRange(network, MAPPED.length, network.length), prefix - MAPPED_BITS)
                : new Cidr(text, network, prefix);
    }

    private static int prefix(String text) {
        return text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : -1;
    }

    /** Returns whether the block contains the address. An IPv4 block contains no IPv6 address, and vice versa. */
    public boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length != network.length) {
            return false;
        }
        int whole = prefix / 8;
        int rest = prefix % 8;
        return Arrays.equals(bytes, 0, whole, network, 0, whole)
                && (rest == 0 || (bytes[whole] ^ network[whole]) >> (8 - rest) == 0);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Cidr cidr && prefix == cidr.prefix && Arrays.equals(network, cidr.network);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(network) + prefix;
    }

    @Override
    public String toString() {
        return text;
    }
}
