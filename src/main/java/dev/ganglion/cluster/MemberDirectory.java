package dev.ganglion.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.config.Config;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import io.vertx.core.net.SocketAddress;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the nodes behind Hazelcast's members. Each member carries the id of its node and the address of its bus port as
 * attributes, which it keeps when a split cluster merges. Thread-safe.
 */
final class MemberDirectory {
    private static final String NODE_ID = "ganglion.node-id";
    private static final String BUS_HOST = "ganglion.bus-host";
    private static final String BUS_PORT = "ganglion.bus-port";

    private MemberDirectory() {}

    /** Sets the attributes of this node's member. */
    static void describe(Config config, String nodeId, String busHost, int busPort) {
        config.getMemberAttributeConfig()
                .setAttribute(NODE_ID, nodeId)
                .setAttribute(BUS_HOST, busHost)
                .setAttribute(BUS_PORT, Integer.toString(busPort));
    }

    /** The ids of the nodes that Hazelcast sees; empty while Hazelcast does not run. */
    static Set<String> nodes(HazelcastInstance hazelcast) {
        Set<String> nodes = new HashSet<>();
        for (Member member : members(hazelcast)) {
            String node = member.getAttribute(NODE_ID);
            if (node != null) {
                nodes.add(node);
            }
        }
        return nodes;
    }

    /** The address of a node's bus port. */
    static Optional<SocketAddress> busAddress(HazelcastInstance hazelcast, String node) {
        for (Member member : members(hazelcast)) {
            if (node.equals(member.getAttribute(NODE_ID))) {
                return address(member.getAttribute(BUS_HOST), member.getAttribute(BUS_PORT));
            }
        }
        return Optional.empty();
    }

    private static Optional<SocketAddress> address(@Nullable String host, @Nullable String port) {
        try {
            return host == null || host.isEmpty() || port == null
                    ? Optional.empty()
                    : Optional.of(SocketAddress.inetSocketAddress(Integer.parseInt(port), host));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Set<Member> members(HazelcastInstance hazelcast) {
        try {
            return hazelcast.getLifecycleService().isRunning()
                    ? hazelcast.getCluster().getMembers()
                    : Set.of();
        } catch (HazelcastInstanceNotActiveException e) {
            return Set.of();
        }
    }
}
