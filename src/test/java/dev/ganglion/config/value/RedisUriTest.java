package dev.ganglion.config.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisUriTest {
    @Test
    void parsesAndDecodesEveryPart() {
        assertThat(RedisUri.parse("rediss://brain:p%40ss%2F+@store.example:6380/3"))
                .isEqualTo(new RedisUri(
                        true, "store.example", 6380, Optional.of("brain"), Optional.of(Secret.of("p@ss/ ")), 3));
    }

    @Test
    void usesDefaultsForOmittedParts() {
        assertThat(RedisUri.parse("redis://store"))
                .isEqualTo(new RedisUri(false, "store", 6379, Optional.empty(), Optional.empty(), 0));
        assertThat(RedisUri.parse("redis://:pw@[::1]/").host()).isEqualTo("[::1]");
    }

    @ParameterizedTest
    @CsvSource({
        "redis://store, redis://store:6379",
        "redis://:p@store:1/2, redis://:[REDACTED]@store:1/2",
        "rediss://u:p@store, rediss://u:[REDACTED]@store:6379",
        "redis://u@store, redis://u@store:6379",
        "'redis-cluster://u:p@a,b:7001', 'redis-cluster://u:[REDACTED]@a:6379,b:7001'",
        "'rediss-sentinel://:p@a,[::1]:1/m/2', 'rediss-sentinel://:[REDACTED]@a:26379,[::1]:1/m/2'"
    })
    void masksThePassword(String text, String shown) {
        assertThat(RedisUri.parse(text)).hasToString(shown);
    }

    @Test
    void parsesItsOwnConnectionString() {
        for (String text : List.of("redis://store", "redis-cluster://a:1,b", "rediss-sentinel://a,b/m/1")) {
            RedisUri uri = RedisUri.parse(text).withPassword(Secret.of("a b+c/@:%é"));

            assertThat(RedisUri.parse(uri.connectionString().value())).isEqualTo(uri);
        }
    }

    @Test
    void parsesSentinelsWithTheNameOfTheMaster() {
        assertThat(RedisUri.parse("redis-sentinel://brain:p%40ss@s1,s2:26380/my.master-1/3"))
                .isEqualTo(new RedisUri(
                        RedisUri.Kind.SENTINEL,
                        false,
                        List.of(new RedisAddress("s1", 26_379), new RedisAddress("s2", 26_380)),
                        Optional.of("brain"),
                        Optional.of(Secret.of("p@ss")),
                        Optional.of("my.master-1"),
                        3));
    }

    @Test
    void parsesTheServersOfACluster() {
        RedisUri uri = RedisUri.parse("rediss-cluster://:pw@h1:7000,h2:7001,[::1]:7002");

        assertThat(uri.kind()).isEqualTo(RedisUri.Kind.CLUSTER);
        assertThat(uri.tls()).isTrue();
        assertThat(uri.servers())
                .extracting(RedisAddress::toString)
                .containsExactly("h1:7000", "h2:7001", "[::1]:7002");
        assertThat(uri.at(uri.servers().get(1)))
                .isEqualTo(new RedisUri(true, "h2", 7001, Optional.empty(), Optional.of(Secret.of("pw")), 0));
    }

    @ParameterizedTest
    @CsvSource({
        "'redis://a,b', lists several servers",
        "'redis-sentinel://a,b', lacks the name",
        "'redis-sentinel://a,b/', lacks the name",
        "'redis-sentinel://a/m n', has a master",
        "'redis-sentinel://a/m%20n', has a master",
        "'redis-sentinel://a/m/x', not a database number",
        "'redis-cluster://a,b/1', a Redis Cluster has no databases",
        "'redis-cluster://a,,b', without a valid host name",
        "'redis-cluster://a,b:0', a port out of range",
        "'redis-ring://a', 'a scheme other than redis://, redis-sentinel://, redis-cluster://'"
    })
    void namesTheFaultInAListOfServers(String text, String words) {
        assertThatThrownBy(() -> RedisUri.parse(text)).hasMessageContaining(words);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "redis-cluster://u:hunter2@a,b/x",
                "redis-cluster://a,u:hunter2@b",
                "redis-sentinel://u:hunter2@a,b",
                "redis-sentinel://u:hunter2,a/m",
                "store:6379",
                "http://store",
                "redis:store",
                "redis://",
                "redis://under_score",
                "redis://store:0",
                "redis://store:65536",
                "redis://store:x",
                "redis://store/name",
                "redis://store/0/1",
                "redis://store?password=hunter2",
                "redis://store#hunter2",
                "redis://:%zz@store",
                "redis://:hunter2 @store",
                "redis://:hunter2",
                "hunter2"
            })
    void rejectsAnyOtherTextWithoutRepeatingIt(String text) {
        assertThatThrownBy(() -> RedisUri.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasNoCause()
                .message()
                .doesNotContain("hunter2");
        assertThat(new RedisUriType().quote(text)).doesNotContain("hunter2");
    }

    @ParameterizedTest
    @CsvSource({
        "redis://under_score:1, redis://under_score:1",
        "redis://:x@store:99999, redis://[REDACTED]@store:99999",
        "redis://:x@y@store, redis://[REDACTED]@store",
        "redis://:x, [REDACTED]",
        "'redis-sentinel://:x@a,b', 'redis-sentinel://[REDACTED]@a,b'",
        "'redis-sentinel://:x@a,b/m/y', [REDACTED]"
    })
    void quotesAnInvalidUriOnlyIfItCannotContainASecret(String text, String shown) {
        assertThat(new RedisUriType().quote(text)).isEqualTo(shown);
    }
}
