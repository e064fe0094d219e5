package dev.ganglion.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.map.IMap;
import dev.ganglion.bus.SessionRef;
import dev.ganglion.config.ClusterConfig;
import dev.ganglion.config.GanglionConfig;
import dev.ganglion.testing.network.Ports;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tests the transfer of entries and steps between two Hazelcast members. Each member owns about half of the keys. */
class SlotWireTest {
    private static final int AGENTS = 40;
    private static final SessionRef OF = new SessionRef("p", "slug", 2, "agent", "", "", "", null);
    private static final AgentSlots EMPTY = AgentSlots.none(OF);

    private static HazelcastInstance firstMember;
    private static HazelcastInstance secondMember;

    @BeforeAll
    static void twoMembers() {
        List<Integer> ports = Ports.free(2);
        firstMember = Hazelcast.newHazelcastInstance(MemberConfig.of(config(ports, 0)));
        secondMember = Hazelcast.newHazelcastInstance(MemberConfig.of(config(ports, 1)));
        assertThat(firstMember.getCluster().getMembers()).hasSize(2);
    }

    private static ClusterConfig config(List<Integer> ports, int own) {
        String members = ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
        return GanglionConfig.with(Map.of(
                        "master-secret",
                        "a master secret of the tests, long enough",
                        "redis.uri",
                        "redis://127.0.0.1:1",
                        "cluster.name",
                        "wire-" + ports.get(0),
                        "cluster.members",
                        members,
                        "cluster.port",
                        ports.get(own).toString()))
                .cluster();
    }

    @AfterAll
    static void stop() {
        firstMember.getLifecycleService().terminate();
        secondMember.getLifecycleService().terminate();
    }

    private static <R> R run(String agent, EntryProcessor<String, AgentSlots, R> step) {
        IMap<String, AgentSlots> map = firstMember.getMap(MemberConfig.SLOTS);
        return map.executeOnKey(agent, step);
    }

    @Test
    void transfersEveryStepAndEntryUnchanged() {
        IMap<String, AgentSlots> map = secondMember.getMap(MemberConfig.SLOTS);
        List<String> agents =
                IntStream.range(0, AGENTS).mapToObj(i -> "agent-" + i).toList();
        assertThat(agents.stream()
                        .map(agent -> firstMember
                                .getPartitionService()
                                .getPartition(agent)
                                .getOwner()
                                .localMember())
                        .distinct())
                .as("both members own keys")
                .hasSize(2);
        for (String agent : agents) {
            SlotHold claim = new SlotHold("wörker", "s1", "n1", 0, 7);
            assertThat(run(agent, new SlotProcessors.Claim(EMPTY, claim, 1, List.of("n1"))))
                    .isEqualTo(SlotProcessors.GRANTED);
            SlotProcessors.Claim second =
                    new SlotProcessors.Claim(EMPTY, new SlotHold("", "s2", "n1", 0, 7), 1, List.of("n1", "n2"));
            assertThat(run(agent, second)).isEqualTo(SlotProcessors.UNDECIDED);
            SlotHold slot = new SlotHold("wörker", "s1", "n1", Long.MAX_VALUE, 8);
            assertThat(run(agent, new SlotProcessors.Open(EMPTY, slot))).isTrue();
            assertThat(run(agent, new SlotProcessors.Open(EMPTY, slot))).isFalse();
            assertThat(run(agent, second)).isEqualTo(SlotProcessors.FULL);
            SlotHold other = new SlotHold("", "s3", "n2", 1, 9);
            assertThat(run(agent, new SlotProcessors.Open(EMPTY, other))).isTrue();
            assertThat(map.get(agent)).isEqualTo(new AgentSlots("p", "slug", 2, List.of(slot, other)));
            assertThat(run(agent, new SlotProcessors.DropDeadNodes(Set.of("n1"), 10)))
                    .isEqualTo(new AgentSlots("p", "slug", 2, List.of(other)));
            assertThat(run(agent, new SlotProcessors.DropStaleHolds("n1", Set.of("s1"), 10)))
                    .isNull();
            assertThat(map.get(agent)).isEqualTo(new AgentSlots("p", "slug", 2, List.of(slot)));
            assertThat(run(agent, new SlotProcessors.Release("s1"))).isTrue();
        }
        assertThat(map.keySet()).as("empty entries are removed").isEmpty();
    }
}
