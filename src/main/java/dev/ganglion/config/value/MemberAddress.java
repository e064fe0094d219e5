package dev.ganglion.config.value;

import java.util.OptionalInt;

/**
 * The address of a node of the cluster.
 *
 * @param host IP address or host name
 * @param port Hazelcast port of the node; empty if it is the same as this node's
 */
public record MemberAddress(String host, OptionalInt port) {
    @Override
    public String toString() {
        String shown = host.contains(":") ? "[" + host + "]" : host;
        return port.isPresent() ? shown + ":" + port.getAsInt() : shown;
    }
}
