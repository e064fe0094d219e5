package dev.ganglion.config;

import java.util.OptionalInt;

/**
 * Where a node of the cluster is.
 *
 * @param host its address or name
 * @param port its Hazelcast port, if it is not the same as this node's
 */
public record MemberAddress(String host, OptionalInt port) {
    @Override
    public String toString() {
        String shown = host.contains(":") ? "[" + host + "]" : host;
        return port.isPresent() ? shown + ":" + port.getAsInt() : shown;
    }
}
