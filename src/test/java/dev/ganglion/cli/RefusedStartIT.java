package dev.ganglion.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.config.value.RedisUri;
import dev.ganglion.dev.redis.RedisProcess;
import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.network.Ports;
import dev.ganglion.testing.redis.RedisExtension;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests that a start on a Redis that is set up differently ends with a message, without a stack trace. */
@Timeout(90)
class RefusedStartIT {
    @TempDir
    Path data;

    private final StringWriter err = new StringWriter();

    private int serve(RedisUri uri) {
        PrintWriter out = new PrintWriter(new StringWriter(), true);
        return Main.commandLine(new Console(
                        out,
                        new PrintWriter(err, true),
                        Map.of(
                                "GANGLION_REDIS_URI",
                                uri.connectionString().value(),
                                "GANGLION_HTTP_PORT",
                                "0",
                                "GANGLION_HTTP_EVENT_LOOPS",
                                "1",
                                "GANGLION_DRAIN_WINDOW",
                                "0s",
                                "GANGLION_MASTER_SECRET",
                                BrainExtension.MASTER_SECRET,
                                "GANGLION_ADMIN_KEY",
                                BrainExtension.ADMIN_KEY)))
                .execute("serve");
    }

    private void assertRefuses(RedisProcess redis, RedisUri uri, String... words) {
        try {
            assertThat(serve(uri)).isEqualTo(ExitCode.INVALID_CONFIGURATION);
        } finally {
            redis.stop();
        }
        assertThat(err.toString())
                .contains("127.0.0.1:" + redis.port())
                .contains(words)
                .doesNotContain("\tat ")
                .hasLineCount(1);
    }

    @Test
    void namesTheServerThatKeepsTooLittle() {
        RedisProcess redis = RedisProcess.start(RedisExtension.spec(data).withDirectives("appendfsync everysec"));

        assertRefuses(redis, redis.uri(), "appendfsync everysec", "set appendonly yes and appendfsync always");
    }

    @Test
    void namesTheSchemeForAServerOfACluster() {
        RedisProcess redis = RedisProcess.start(
                RedisExtension.spec(data).withDirectives("cluster-enabled yes", "cluster-port " + Ports.free()));

        assertRefuses(redis, redis.uri(), "use redis-cluster://");
    }

    @Test
    void namesTheSchemeForAServerThatIsNoCluster() {
        RedisProcess redis = RedisProcess.start(RedisExtension.spec(data));
        RedisUri own = redis.uri();

        assertRefuses(
                redis,
                new RedisUri(
                        RedisUri.Kind.CLUSTER,
                        false,
                        own.servers(),
                        Optional.empty(),
                        own.password(),
                        Optional.empty(),
                        0),
                "use redis:// in redis.uri");
    }
}
