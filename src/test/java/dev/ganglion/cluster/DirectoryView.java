package dev.ganglion.cluster;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The directory of slots as a cluster of processes has it, read from outside. */
public final class DirectoryView implements AutoCloseable {
    private static final int LIMIT_MS = 20_000;

    private final HazelcastInstance client;
    private final IMap<String, AgentSlots> slots;

    /** Reads from a cluster of this name; one of the addresses is enough. */
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

    /** The sessions that hold a slot, of all agents. */
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
