package dev.ganglion.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.config.Config;
import com.hazelcast.config.EndpointConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.core.IndeterminateOperationStateException;
import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.internal.serialization.Data;
import com.hazelcast.internal.serialization.InternalSerializationService;
import com.hazelcast.internal.serialization.SerializationClassNameFilter;
import com.hazelcast.internal.serialization.impl.DefaultSerializationServiceBuilder;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import com.hazelcast.spi.exception.TargetNotMemberException;
import dev.ganglion.config.ClusterConfig;
import dev.ganglion.config.GanglionConfig;
import java.io.IOException;
import java.io.Serializable;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    private static EndpointConfig memberEndpoint(Config config) {
        assertThat(config.getAdvancedNetworkConfig().isEnabled()).isTrue();
        assertThat(config.getAdvancedNetworkConfig().getEndpointConfigs().keySet())
                .containsExactly(EndpointQualifier.MEMBER);
        return Objects.requireNonNull(
                config.getAdvancedNetworkConfig().getEndpointConfigs().get(EndpointQualifier.MEMBER));
    }

    @Test
    void bindsToItsOwnAddressAndJoinsTheConfiguredMembers() {
        Config config = MemberConfig.of(cluster(Map.of("cluster.members", "127.0.0.1,127.0.0.1:5702")));
        EndpointConfig endpoint = memberEndpoint(config);
        assertThat(endpoint.getInterfaces().isEnabled()).isTrue();
        assertThat(endpoint.getInterfaces().getInterfaces()).containsExactly("127.0.0.1");
        assertThat(endpoint).isInstanceOfSatisfying(ServerSocketEndpointConfig.class, socket -> {
            assertThat(socket.getPort()).isEqualTo(5700);
            assertThat(socket.isPortAutoIncrement()).isFalse();
        });
        assertThat(config.getClusterName()).endsWith("/hazelcast-5.7");
        JoinConfig join = config.getAdvancedNetworkConfig().getJoin();
        assertThat(join.getMulticastConfig().isEnabled()).isFalse();
        assertThat(join.getAutoDetectionConfig().isEnabled()).isFalse();
        assertThat(config.getProperty("hazelcast.socket.bind.any")).isEqualTo("false");
        assertThat(join.getTcpIpConfig().getMembers()).containsExactly("127.0.0.1:5700", "127.0.0.1:5702");
    }

    @Test
    void opensNoOtherEndpointThanTheMembers(@TempDir Path directory) throws IOException {
        Path plain = Files.writeString(directory.resolve("plain.yaml"), """
                hazelcast:
                  network:
                    public-address: 192.0.2.7
                    interfaces:
                      enabled: true
                      interfaces: [192.0.2.1]
                """);
        Config config =
                MemberConfig.of(cluster(Map.of("cluster.members", "127.0.0.1", "cluster.hazelcast", plain.toString())));
        assertThat(memberEndpoint(config))
                .isInstanceOfSatisfying(
                        ServerSocketEndpointConfig.class,
                        socket -> assertThat(socket.getPublicAddress()).isEqualTo("192.0.2.7"));
        assertThat(memberEndpoint(config).getInterfaces().getInterfaces()).containsExactly("127.0.0.1");
        Path advanced = Files.writeString(directory.resolve("advanced.yaml"), """
                hazelcast:
                  advanced-network:
                    enabled: true
                    member-server-socket-endpoint-config:
                      reuse-address: true
                      port:
                        port: 1234
                """);
        config = MemberConfig.of(
                cluster(Map.of("cluster.members", "127.0.0.1", "cluster.hazelcast", advanced.toString())));
        assertThat(memberEndpoint(config)).isInstanceOfSatisfying(ServerSocketEndpointConfig.class, socket -> {
            assertThat(socket.isReuseAddress()).isTrue();
            assertThat(socket.getPort()).isEqualTo(5700);
        });
    }

    @Test
    void rejectsAFileThatOpensAnotherEndpoint(@TempDir Path directory) throws IOException {
        Map<String, String> files = Map.of(
                """
                advanced-network:
                    enabled: true
                    client-server-socket-endpoint-config:
                      port:
                        port: 9999
                """,
                "an endpoint for CLIENT",
                "network:\n    rest-api:\n      enabled: true\n",
                "network.rest-api",
                "network:\n    memcache-protocol:\n      enabled: true\n",
                "network.memcache-protocol");
        for (Map.Entry<String, String> each : files.entrySet()) {
            Path file = Files.writeString(directory.resolve("hazelcast.yaml"), "hazelcast:\n  " + each.getKey());
            ClusterConfig config =
                    cluster(Map.of("cluster.members", "127.0.0.1", "cluster.hazelcast", file.toString()));
            assertThatThrownBy(() -> MemberConfig.of(config))
                    .hasMessage("cluster.hazelcast: " + file + " enables " + each.getValue()
                            + "; remove it, since a node accepts other nodes alone at cluster.port");
        }
    }

    @Test
    void readsOnlyAllowedClassesByJavaSerialization() {
        Config config = MemberConfig.of(cluster(Map.of("cluster.members", "127.0.0.1")));
        var filter =
                new SerializationClassNameFilter(config.getSerializationConfig().getJavaSerializationFilterConfig());
        for (Class<?> allowed : List.of(
                IllegalStateException.class,
                StackTraceElement[].class,
                ArrayList.class,
                HazelcastInstanceNotActiveException.class,
                TargetNotMemberException.class,
                IndeterminateOperationStateException.class,
                HazelcastSerializationException.class)) {
            assertThatCode(() -> filter.filter(allowed.getName()))
                    .as(allowed.getName())
                    .doesNotThrowAnyException();
        }
        for (String refused : List.of(
                "java.lang.invoke.SerializedLambda",
                "java.rmi.server.UnicastRemoteObject",
                "javax.management.BadAttributeValueExpException",
                "java.net.URL",
                "java.lang.reflect.Proxy",
                "com.sun.org.apache.xalan.internal.xsltc.trax.TemplatesImpl",
                "com.hazelcast.internal.util.SimpleCompletedFuture",
                "dev.ganglion.cluster.SlotHold")) {
            assertThatThrownBy(() -> filter.filter(refused)).as(refused).isInstanceOf(SecurityException.class);
        }
    }

    @Test
    void refusesAnEntryOfAnotherClass() {
        Config config = MemberConfig.of(cluster(Map.of("cluster.members", "127.0.0.1")));
        InternalSerializationService service = new DefaultSerializationServiceBuilder()
                .setConfig(config.getSerializationConfig())
                .build();
        Data hostile = service.toData(new ForeignEntry(URI.create("http://127.0.0.1/")));
        assertThatThrownBy(() -> service.toObject(hostile))
                .hasRootCauseInstanceOf(SecurityException.class)
                .hasMessageContaining(ForeignEntry.class.getName());
        assertThat(service.<Object>toObject(service.toData(new IllegalStateException("of a member"))))
                .isInstanceOf(IllegalStateException.class);
        service.dispose();
    }

    /** An entry that a stranger might send. */
    private record ForeignEntry(URI uri) implements Serializable {}

    @Test
    void takesAnIpv6AddressWithoutJvmSettings() {
        Config config = MemberConfig.of(cluster(Map.of("cluster.host", "::1", "cluster.members", "[::1]")));
        assertThat(memberEndpoint(config).getInterfaces().getInterfaces()).containsExactly("0:0:0:0:0:0:0:1");
        assertThat(config.getProperty("hazelcast.prefer.ipv4.stack")).isEqualTo("false");
    }

    @Test
    void resolvesANameToAllOfItsAddresses() {
        assertThat(MemberNetwork.members(cluster(Map.of("cluster.dns", "localhost"))))
                .contains("127.0.0.1:5700");
        assertThat(MemberNetwork.members(cluster(Map.of("cluster.dns", "nobody.invalid"))))
                .isEmpty();
        assertThat(MemberNetwork.members(cluster(Map.of("cluster.members", "[::1]"))))
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
