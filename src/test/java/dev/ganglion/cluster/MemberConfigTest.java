package dev.ganglion.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.config.Config;
import dev.ganglion.config.ClusterConfig;
import dev.ganglion.config.GanglionConfig;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests the Hazelcast configuration of a node. */
class MemberConfigTest {
    private static ClusterConfig cluster(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(Map.of(
                "master-secret",
                "a master secret of the tests, long enough",
                "redis.uri",
                "redis://127.0.0.1:1",
                "cluster.port",
                "5700"));
        all.putAll(settings);
        return GanglionConfig.with(all).cluster();
    }

    @Test
    void bindsToItsOwnAddressAndJoinsTheConfiguredMembers() {
        Config config = MemberConfig.of(cluster(Map.of("cluster.members", "127.0.0.1,127.0.0.1:5702")));
        assertThat(config.getNetworkConfig().getInterfaces().isEnabled()).isTrue();
        assertThat(config.getNetworkConfig().getInterfaces().getInterfaces()).containsExactly("127.0.0.1");
        assertThat(config.getNetworkConfig().getJoin().getMulticastConfig().isEnabled())
                .isFalse();
        assertThat(config.getNetworkConfig().getJoin().getAutoDetectionConfig().isEnabled())
                .isFalse();
        assertThat(config.getNetworkConfig().isPortAutoIncrement()).isFalse();
        assertThat(config.getProperty("hazelcast.socket.bind.any")).isEqualTo("false");
        assertThat(config.getNetworkConfig().getJoin().getTcpIpConfig().getMembers())
                .containsExactly("127.0.0.1:5700", "127.0.0.1:5702");
    }

    @Test
    void resolvesANameToAllOfItsAddresses() {
        assertThat(MemberConfig.members(cluster(Map.of("cluster.dns", "localhost"))))
                .contains("127.0.0.1:5700");
        assertThat(MemberConfig.members(cluster(Map.of("cluster.dns", "nobody.invalid"))))
                .isEmpty();
        assertThat(MemberConfig.members(cluster(Map.of("cluster.members", "[::1]"))))
                .containsExactly("[0:0:0:0:0:0:0:1]:5700");
    }

    @Test
    void rejectsAHostThatIsNotAnAddressOfThisMachine() {
        Map<String, String> elsewhere = Map.of("cluster.members", "127.0.0.1", "cluster.host", "192.0.2.1");
        assertThatThrownBy(() -> MemberConfig.of(cluster(elsewhere)))
                .hasMessage("cluster.host: 192.0.2.1 is not an address of this machine");
        Map<String, String> unknown = Map.of("cluster.members", "127.0.0.1", "cluster.host", "nobody.invalid");
        assertThatThrownBy(() -> MemberConfig.of(cluster(unknown)))
                .hasMessage("cluster.host: cannot resolve nobody.invalid on this machine");
    }
}
