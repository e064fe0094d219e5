package dev.ganglion.config;

/**
 * Where one server is.
 *
 * @param host name or address, one of IPv6 in brackets
 * @param port 1..65535
 */
public record RedisAddress(String host, int port) {
    /** An address as servers name it, where one of IPv6 has no brackets. */
    public static RedisAddress named(String host, int port) {
        return new RedisAddress(host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host, port);
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
