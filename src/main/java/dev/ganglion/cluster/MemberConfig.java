package dev.ganglion.cluster;

import com.hazelcast.config.ClassFilter;
import com.hazelcast.config.Config;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.instance.BuildInfoProvider;
import com.hazelcast.version.Version;
import dev.ganglion.config.ClusterConfig;
import dev.ganglion.config.source.ConfigException;
import java.io.FileNotFoundException;
import java.nio.file.Path;
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
        config.setClusterName(clusterName(cluster));
        MemberNetwork.configure(config, cluster);
        config.setProperty("hazelcast.shutdownhook.enabled", "false")
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
                .setProperty("hazelcast.graceful.shutdown.max.wait", "5");
        config.getMetricsConfig().setEnabled(false);
        config.addMapConfig(new MapConfig(NODES).setBackupCount(BACKUPS));
        config.addMapConfig(new MapConfig(POLLS).setBackupCount(BACKUPS));
        config.addMapConfig(new MapConfig(SLOTS).setBackupCount(BACKUPS).setInMemoryFormat(InMemoryFormat.OBJECT));
        SlotSerializers.register(config.getSerializationConfig());
        config.getSerializationConfig().setJavaSerializationFilterConfig(allowedClasses());
        return config;
    }

    /**
     * Names Hazelcast's cluster after its minor version too. Members of different minor versions cannot form a cluster, and
     * would fail in the middle of the join otherwise.
     */
    static String clusterName(ClusterConfig cluster) {
        Version version = Version.of(BuildInfoProvider.getBuildInfo().getVersion());
        return cluster.name() + "/hazelcast-" + version;
    }

    private static Config read(Path file) {
        try {
            return Config.loadFromFile(file.toFile());
        } catch (FileNotFoundException | RuntimeException e) {
            throw wrong("cluster.hazelcast: " + file + " is not a valid Hazelcast configuration: " + e.getMessage());
        }
    }

    /**
     * Lists the classes that a member may read by Java serialization: exceptions with their causes, and plain values. All
     * other messages and entries have formats of their own. Packages do not include their subpackages.
     */
    private static JavaSerializationFilterConfig allowedClasses() {
        ClassFilter allowed = new ClassFilter()
                .addPrefixes("[")
                .addPackages(
                        "java.io",
                        "java.lang",
                        "java.util",
                        "java.util.concurrent",
                        "com.hazelcast.cluster",
                        "com.hazelcast.core",
                        "com.hazelcast.internal.cluster.impl",
                        "com.hazelcast.map",
                        "com.hazelcast.nio.serialization",
                        "com.hazelcast.partition",
                        "com.hazelcast.spi.exception")
                .addClasses(
                        "java.net.ConnectException",
                        "java.net.SocketException",
                        "java.nio.channels.ClosedChannelException");
        return new JavaSerializationFilterConfig().setDefaultsDisabled(true).setWhitelist(allowed);
    }

    private static ConfigException wrong(String problem) {
        return new ConfigException(List.of(problem));
    }
}
