package dev.ganglion.config;

import dev.ganglion.config.key.ConfigKeys;
import dev.ganglion.config.value.MemberAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Holds the settings for the cluster: the addresses of the other nodes and the addresses of this node.
 *
 * @param members addresses of the cluster's nodes; may include this node
 * @param dns host name that resolves to the addresses of all nodes
 * @param name name of the cluster; nodes with different names do not join each other
 * @param own addresses at which the other nodes reach this node
 * @param tls certificate, key and authorities for mutual TLS on the event bus; empty for no TLS
 * @param failureTimeout time without a sign of life after which the cluster removes a node, 3 s to 30 s
 * @param hazelcast file with Hazelcast's own configuration, which the other keys then override
 */
public record ClusterConfig(
        List<MemberAddress> members,
        Optional<String> dns,
        String name,
        OwnAddress own,
        Optional<BusTls> tls,
        Duration failureTimeout,
        Optional<Path> hazelcast) {

    /**
     * Holds the addresses of this node in the cluster.
     *
     * @param host address of this node at which the other nodes reach it
     * @param port TCP port of Hazelcast, 1 to 65535
     * @param busPort TCP port of the event bus, 0 for any free port
     */
    public record OwnAddress(String host, int port, int busPort) {}

    /**
     * Names the PEM files for TLS between nodes: this node's certificate, its key, and the authorities that sign the
     * certificates of the other nodes.
     */
    public record BusTls(Path cert, Path key, Path authorities) {}

    static ClusterConfig from(CheckedValues values) {
        return new ClusterConfig(
                values.required(ConfigKeys.CLUSTER_MEMBERS),
                values.optional(ConfigKeys.CLUSTER_DNS),
                values.required(ConfigKeys.CLUSTER_NAME),
                new OwnAddress(
                        values.required(ConfigKeys.CLUSTER_HOST),
                        values.required(ConfigKeys.CLUSTER_PORT),
                        values.required(ConfigKeys.CLUSTER_BUS_PORT)),
                tls(values),
                values.required(ConfigKeys.CLUSTER_FAILURE_TIMEOUT),
                values.optional(ConfigKeys.CLUSTER_HAZELCAST));
    }

    private static Optional<BusTls> tls(CheckedValues values) {
        return values.optional(ConfigKeys.CLUSTER_TLS_CERT)
                .flatMap(cert -> values.optional(ConfigKeys.CLUSTER_TLS_KEY)
                        .flatMap(key -> values.optional(ConfigKeys.CLUSTER_TLS_CA)
                                .map(authorities -> new BusTls(cert, key, authorities))));
    }

    /** Returns whether the configuration allows for other nodes. */
    public boolean clustered() {
        return !members.isEmpty() || dns.isPresent();
    }
}
