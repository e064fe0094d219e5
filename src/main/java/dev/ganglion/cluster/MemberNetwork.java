package dev.ganglion.cluster;

import com.hazelcast.config.AdvancedNetworkConfig;
import com.hazelcast.config.Config;
import com.hazelcast.config.EndpointConfig;
import com.hazelcast.config.NetworkConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import com.hazelcast.config.TcpIpConfig;
import com.hazelcast.instance.EndpointQualifier;
import dev.ganglion.config.ClusterConfig;
import dev.ganglion.config.source.ConfigException;
import dev.ganglion.config.value.MemberAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds the network part of Hazelcast's configuration: one socket at {@code cluster.host}, for members alone. Without
 * an endpoint for them, Hazelcast refuses its own clients, which could read the whole memory of a member, and its REST
 * and memcache protocols.
 */
final class MemberNetwork {
    private static final int CONNECT_SECONDS = 2;

    private MemberNetwork() {}

    /**
     * Configures the network. Resolves host names and may therefore block.
     *
     * @param config the configuration that the file {@code cluster.hazelcast} started
     */
    static void configure(Config config, ClusterConfig cluster) {
        cluster.hazelcast().ifPresent(file -> rejectOtherEndpoints(config, file));
        InetAddress host = localAddress(cluster.own().host());
        AdvancedNetworkConfig network = config.getAdvancedNetworkConfig();
        ServerSocketEndpointConfig socket = memberSocket(config)
                .setPort(cluster.own().port())
                .setPortAutoIncrement(false)
                .setSocketConnectTimeoutSeconds(CONNECT_SECONDS);
        socket.getInterfaces().clear().setEnabled(true).addInterface(host.getHostAddress());
        if (!network.isEnabled()) {
            network.setJoin(config.getNetworkConfig().getJoin());
        }
        network.setEnabled(true).setMemberEndpointConfig(socket);
        network.getJoin().getAutoDetectionConfig().setEnabled(false);
        network.getJoin().getMulticastConfig().setEnabled(false);
        network.getJoin()
                .getTcpIpConfig()
                .setEnabled(true)
                .setConnectionTimeoutSeconds(CONNECT_SECONDS)
                .setMembers(members(cluster));
        // By default, Hazelcast ignores the IPv6 addresses of the machine.
        config.setProperty("hazelcast.prefer.ipv4.stack", Boolean.toString(!(host instanceof Inet6Address)))
                .setProperty("hazelcast.socket.bind.any", "false");
    }

    /** Returns the part of a running member's configuration that lists the members to join. */
    static TcpIpConfig join(Config config) {
        return config.getAdvancedNetworkConfig().getJoin().getTcpIpConfig();
    }

    /**
     * Returns the settings of the members' socket. A file may have them under {@code advanced-network} or, as far as
     * they have no key of their own, under {@code network}.
     */
    private static ServerSocketEndpointConfig memberSocket(Config config) {
        EndpointConfig given =
                config.getAdvancedNetworkConfig().getEndpointConfigs().get(EndpointQualifier.MEMBER);
        if (config.getAdvancedNetworkConfig().isEnabled() && given instanceof ServerSocketEndpointConfig socket) {
            return socket;
        }
        NetworkConfig network = config.getNetworkConfig();
        return new ServerSocketEndpointConfig()
                .setPublicAddress(network.getPublicAddress())
                .setReuseAddress(network.isReuseAddress())
                .setOutboundPorts(network.getOutboundPorts())
                .setOutboundPortDefinitions(network.getOutboundPortDefinitions());
    }

    @SuppressWarnings("removal") // Hazelcast will remove its REST protocol; until then, a file may enable it
    private static void rejectOtherEndpoints(Config config, Path file) {
        List<String> others = new ArrayList<>();
        if (config.getAdvancedNetworkConfig().isEnabled()) {
            config.getAdvancedNetworkConfig().getEndpointConfigs().keySet().stream()
                    .filter(endpoint -> !endpoint.equals(EndpointQualifier.MEMBER))
                    .map(endpoint -> "an endpoint for " + endpoint.getType())
                    .sorted()
                    .forEach(others::add);
        }
        if (config.getNetworkConfig().getRestApiConfig().isEnabled()) {
            others.add("network.rest-api");
        }
        if (config.getNetworkConfig().getMemcacheProtocolConfig().isEnabled()) {
            others.add("network.memcache-protocol");
        }
        if (!others.isEmpty()) {
            throw wrong("cluster.hazelcast: " + file + " enables " + String.join(", ", others)
                    + "; remove it, since a node accepts other nodes alone at cluster.port");
        }
    }

    /**
     * Resolves the address and port of every configured member. Hazelcast identifies its members by address, not by
     * name.
     */
    static List<String> members(ClusterConfig cluster) {
        List<String> members = new ArrayList<>();
        for (MemberAddress member : cluster.members()) {
            add(members, member.host(), member.port().orElse(cluster.own().port()));
        }
        cluster.dns().ifPresent(name -> add(members, name, cluster.own().port()));
        return members;
    }

    private static void add(List<String> members, String name, int port) {
        for (InetAddress address : addresses(name)) {
            members.add(literal(address.getHostAddress()) + ":" + port);
        }
    }

    private static String literal(String host) {
        return host.contains(":") ? "[" + host + "]" : host;
    }

    private static InetAddress[] addresses(String name) {
        try {
            return InetAddress.getAllByName(name);
        } catch (UnknownHostException e) {
            // The member does not run yet, or the name is wrong; the next look-up tries again
            return new InetAddress[0];
        }
    }

    /** Returns the first address of a host name that an interface of this machine has. */
    private static InetAddress localAddress(String host) {
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                if (NetworkInterface.getByInetAddress(address) != null) {
                    return address;
                }
            }
        } catch (UnknownHostException | SocketException e) {
            throw wrong("cluster.host: cannot resolve " + host + " on this machine");
        }
        throw wrong("cluster.host: " + host + " is not an address of this machine");
    }

    private static ConfigException wrong(String problem) {
        return new ConfigException(List.of(problem));
    }
}
