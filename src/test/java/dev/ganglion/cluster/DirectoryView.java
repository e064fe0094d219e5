package dev.ganglion.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import dev.ganglion.config.ClusterConfig;
import dev.ganglion.config.ClusterConfig.OwnAddress;
import dev.ganglion.config.value.MemberAddress;
import dev.ganglion.testing.network.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads the slot directory of a cluster that runs in other processes. Nodes refuse Hazelcast's clients, so the view joins
 * as a member that holds no entries and that the brain does not count as a node.
 */
public final class DirectoryView implements AutoCloseable {
    private final HazelcastInstance member;
    private final IMap<String, AgentSlots> slots;

    /** Joins the cluster with this name. One of the addresses, host and port, suffices. */
    public DirectoryView(String cluster, List<String> addresses) {
        List<MemberAddress> members =
                addresses.stream().map(DirectoryView::address).toList();
        Config config = MemberConfig.of(new ClusterConfig(
                members,
                Optional.empty(),
                cluster,
                new OwnAddress(ownAddress(members.get(0)), Ports.free(), 0),
                Optional.empty(),
                Duration.ofSeconds(10),
                Optional.empty()));
        member = Hazelcast.newHazelcastInstance(config.setLiteMember(true));
        slots = member.getMap(MemberConfig.SLOTS);
    }

    private static MemberAddress address(String text) {
        int colon = text.lastIndexOf(':');
        return new MemberAddress(text.substring(0, colon), OptionalInt.of(Integer.parseInt(text.substring(colon + 1))));
    }

    /** Returns the address of this machine from which it reaches a member. */
    private static String ownAddress(MemberAddress member) {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(member.host(), member.port().orElseThrow()));
            return socket.getLocalAddress().getHostAddress();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        member.shutdown();
    }
}
