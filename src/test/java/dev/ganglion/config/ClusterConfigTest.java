package dev.ganglion.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganglion.config.source.ConfigException;
import dev.ganglion.config.value.MemberAddress;
import dev.ganglion.testing.network.Certificates;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterConfigTest {
    @Test
    void isNotClusteredWithoutMembersOrDns() {
        assertThat(GanglionConfig.defaults().cluster().clustered()).isFalse();
        assertThat(with("cluster.dns", "ganglion.default.svc").clustered()).isTrue();
        assertThat(with("cluster.members", "a").clustered()).isTrue();
    }

    @Test
    void parsesMembersWithAndWithoutAPort() {
        assertThat(with("cluster.members", "10.0.0.1, node-2.local:5702, [::1]:5703, [fe80::1]")
                        .members())
                .extracting(MemberAddress::toString)
                .containsExactly("10.0.0.1", "node-2.local:5702", "[::1]:5703", "[fe80::1]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a:0", "a:65536", "a b", "a:", "::1", "http://a"})
    void rejectsAnInvalidMemberAndNamesTheAllowedForm(String text) {
        assertThatThrownBy(() -> with("cluster.members", text))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("cluster.members")
                .hasMessageContaining("host[:port]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "0:0:0:0:0:0:0:0", "0::0"})
    void rejectsAClusterHostThatIsNotReachable(String host) {
        assertThatThrownBy(() -> with("cluster.host", host))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("cluster.host");
    }

    @Test
    void requiresAllThreeFilesForTlsOnTheBus(@TempDir Path directory) {
        assertThatThrownBy(() -> with("cluster.tls.cert", "README.md"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("needs cluster.tls.key as well")
                .hasMessageContaining("needs cluster.tls.ca as well");
        ClusterConfig whole = GanglionConfig.with(
                        Certificates.make(directory, "node").settings())
                .cluster();
        assertThat(whole.tls()).isPresent();
    }

    private static ClusterConfig with(String key, String value) {
        return GanglionConfig.with(Map.of(key, value)).cluster();
    }
}
