package dev.ganglion.config.value;

/**
 * The address of one Redis server or sentinel.
 *
 * @param host host name or IP address; IPv6 addresses are in brackets
 * @param port TCP port, 1 to 65535
 */
public record RedisAddress(String host, int port) {
    /** Creates an address from a host as Redis servers report it, with IPv6 addresses lacking brackets. */
    public static RedisAddress named(String host, int port) {
        return new RedisAddress(host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host, port);
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
