package dev.ganglion.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The other nodes, and how this one is reached by them.
 *
 * @param members where the nodes are
 * @param dns name that resolves to the nodes' addresses
 * @param name the cluster's
 * @param host this node's own address
 * @param port of Hazelcast
 * @param busPort of the event bus, 0 for any free one
 * @param tls what the event bus proves itself with, if it is to
 * @param failureTimeout how long a member may be silent
 * @param hazelcast Hazelcast's own configuration to begin with
 */
public record ClusterConfig(
        List<MemberAddress> members,
        Optional<String> dns,
        String name,
        String host,
        int port,
        int busPort,
        Optional<BusTls> tls,
        Duration failureTimeout,
        Optional<Path> hazelcast) {

    /** Certificate, key, and the authorities of the other nodes' certificates: PEM files. */
    public record BusTls(Path cert, Path key, Path authorities) {}

    static ClusterConfig from(Values values) {
        return new ClusterConfig(
                values.required(ConfigKeys.CLUSTER_MEMBERS),
                values.optional(ConfigKeys.CLUSTER_DNS),
                values.required(ConfigKeys.CLUSTER_NAME),
                values.required(ConfigKeys.CLUSTER_HOST),
                values.required(ConfigKeys.CLUSTER_PORT),
                values.required(ConfigKeys.CLUSTER_BUS_PORT),
                tls(values),
                values.required(ConfigKeys.CLUSTER_FAILURE_TIMEOUT),
                values.optional(ConfigKeys.CLUSTER_HAZELCAST));
    }

    private static Optional<BusTls> tls(Values values) {
        return values.optional(ConfigKeys.CLUSTER_TLS_CERT)
                .flatMap(cert -> values.optional(ConfigKeys.CLUSTER_TLS_KEY)
                        .flatMap(key -> values.optional(ConfigKeys.CLUSTER_TLS_CA)
                                .map(authorities -> new BusTls(cert, key, authorities))));
    }

    /** Whether there may be other nodes at all. */
    public boolean clustered() {
        return !members.isEmpty() || dns.isPresent();
    }
}
