package dev.ganglion.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.NetworkConfig;
import dev.ganglion.config.ClusterConfig;
import dev.ganglion.config.source.ConfigException;
import dev.ganglion.config.value.MemberAddress;
import java.io.FileNotFoundException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds Hazelcast's configuration for one node: TCP only, bound to {@code cluster.host}, and with short time-outs so
 * that the cluster soon notices a dead member.
 */
final class MemberConfig {
    static final String SLOTS = "ganglion.slots";
    static final String POLLS = "ganglion.polls";
    static final String NODES = "ganglion.nodes";
    /** Two backups, so that two nodes that die at the same time lose no entry. */
    private static final int BACKUPS = 2;

    private MemberConfig() {}

    /** Builds the configuration. Resolves host names and may therefore block. */
    static Config of(ClusterConfig cluster) {
        Config config = cluster.hazelcast().map(MemberConfig::read).orElseGet(Config::new);
        config.setClusterName(cluster.name());
        NetworkConfig network =
                config.getNetworkConfig().setPort(cluster.own().port()).setPortAutoIncrement(false);
        network.getInterfaces()
                .setEnabled(true)
                .addInterface(resolve(cluster.own().host()));
        network.getJoin().getAutoDetectionConfig().setEnabled(false);
        network.getJoin().getMulticastConfig().setEnabled(false);
        network.getJoin()
                .getTcpIpConfig()
                .setEnabled(true)
                .setConnectionTimeoutSeconds(2)
                .setMembers(members(cluster));
        config.setProperty("hazelcast.socket.bind.any", "false")
                .setProperty("hazelcast.shutdownhook.enabled", "false")
                .setProperty("hazelcast.phone.home.enabled", "false")
                .setProperty("hazelcast.logging.type", "slf4j")
                .setProperty("hazelcast.wait.seconds.before.join", "0")
                .setProperty("hazelcast.max.wait.seconds.before.join", "5")
                .setProperty("hazelcast.heartbeat.interval.seconds", "1")
                .setProperty(
                        "hazelcast.max.no.heartbeat.seconds",
                        Long.toString(cluster.failureTimeout().toSeconds()))
                .setProperty("hazelcast.merge.first.run.delay.seconds", "5")
                .setProperty("hazelcast.merge.next.run.delay.seconds", "5")
                .setProperty("hazelcast.operation.call.timeout.millis", "10000")
                .setProperty("hazelcast.operation.backup.timeout.millis", "2000")
                .setProperty("hazelcast.graceful.shutdown.max.wait", "5")
                .setProperty("hazelcast.socket.connect.timeout.seconds", "2");
        config.getMetricsConfig().setEnabled(false);
        // Maps that Vert.x's cluster manager uses.
        config.addMultiMapConfig(new MultiMapConfig("__vertx.subs")
                .setBackupCount(1)
                .setValueCollectionType(MultiMapConfig.ValueCollectionType.SET));
        config.addMapConfig(new MapConfig("__vertx.nodeInfo").setBackupCount(1));
        config.addMapConfig(new MapConfig(NODES).setBackupCount(BACKUPS));
        config.addMapConfig(new MapConfig(POLLS).setBackupCount(BACKUPS));
        config.addMapConfig(new MapConfig(SLOTS).setBackupCount(BACKUPS).setInMemoryFormat(InMemoryFormat.OBJECT));
        SlotSerializers.register(config.getSerializationConfig());
        return config;
    }

    private static Config read(Path file) {
        try {
            return Config.loadFromFile(file.toFile());
        } catch (FileNotFoundException | RuntimeException e) {
            throw wrong("cluster.hazelcast: " + file + " is not a valid Hazelcast configuration: " + e.getMessage());
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

    private static String resolve(String host) {
        try {
            InetAddress address = InetAddress.getByName(host);
            if (NetworkInterface.getByInetAddress(address) == null) {
                throw wrong("cluster.host: " + host + " is not an address of this machine");
            }
            return address.getHostAddress();
        } catch (UnknownHostException | SocketException e) {
            throw wrong("cluster.host: cannot resolve " + host + " on this machine");
        }
    }

    private static ConfigException wrong(String problem) {
        return new ConfigException(List.of(problem));
    }
}
