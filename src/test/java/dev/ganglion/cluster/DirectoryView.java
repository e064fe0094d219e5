package dev.ganglion.cluster;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Reads the slot directory of a cluster that runs in other processes. */
public final class DirectoryView implements AutoCloseable {
    private static final int LIMIT_MS = 20_000;

    private final HazelcastInstance client;
    private final IMap<String, AgentSlots> slots;

    /** Connects to the cluster with this name. One of the addresses suffices. */
    public DirectoryView(String cluster, List<String> addresses) {
        ClientConfig config = new ClientConfig();
        config.setClusterName(cluster);
        config.setProperty("hazelcast.logging.type", "slf4j");
        config.getNetworkConfig().setAddresses(addresses).setConnectionTimeout(2_000);
        config.getConnectionStrategyConfig().getConnectionRetryConfig().setClusterConnectTimeoutMillis(LIMIT_MS);
        SlotSerializers.register(config.getSerializationConfig());
        client = HazelcastClient.newHazelcastClient(config);
        slots = client.getMap(MemberConfig.SLOTS);
    }

    /** The sessions of all agents that hold a slot. */
    public Set<String> sessions() {
        Set<String> all = new TreeSet<>();
        slots.values()
                .forEach(agent -> agent.holds().stream()
                        .filter(hold -> !hold.pending())
                        .forEach(hold -> all.add(hold.session())));
        return all;
    }

    @Override
    public void close() {
        client.shutdown();
    }
}
