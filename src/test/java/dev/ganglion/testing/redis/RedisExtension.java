package dev.ganglion.testing.redis;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.ganglion.config.value.RedisUri;
import dev.ganglion.config.value.Secret;
import dev.ganglion.dev.redis.RedisProcess;
import dev.ganglion.dev.redis.RedisSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Runs a real Redis for the tests of a class, on free ports and with its own data. For a class with {@link OnCluster},
 * runs a Redis Cluster. Tests may freeze and kill the servers: {@code @RegisterExtension static final RedisExtension
 * redis = new RedisExtension();}
 */
public final class RedisExtension implements BeforeAllCallback, AfterAllCallback {
    /** Shared by all tests, so that the server is extracted only once. */
    private static final Path BINARIES = Path.of("target", "redis");

    private final List<String> directives;
    private @Nullable Path data;
    private @Nullable RedisProcess process;
    private @Nullable RedisCluster cluster;

    /** Prepares a Redis with the brain's settings and further configuration lines. */
    public RedisExtension(String... directives) {
        this.directives = List.of(directives);
    }

    /** Returns the description of a Redis for tests that start one themselves. */
    public static RedisSpec spec(Path data) {
        return RedisSpec.inHome(BINARIES).withData(data);
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        data = Files.createTempDirectory("ganglion-redis");
        if (AnnotationSupport.isAnnotated(context.getRequiredTestClass(), OnCluster.class)) {
            cluster = RedisCluster.start(data);
        } else {
            process = RedisProcess.start(spec(data).withDirectives(directives.toArray(String[]::new)));
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        if (process != null) {
            process.stop();
            process = null;
        }
        if (cluster != null) {
            cluster.close();
            cluster = null;
        }
        if (data != null) {
            try (Stream<Path> paths = Files.walk(data)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    /** Returns the server process, which tests may freeze, thaw, kill and restart. */
    public RedisProcess process() {
        return Objects.requireNonNull(process, "the extension has not started Redis yet");
    }

    /** Returns the cluster of a class with {@link OnCluster}. */
    public RedisCluster cluster() {
        return Objects.requireNonNull(cluster, "the test class is not annotated with @OnCluster");
    }

    /** Returns the address of Redis, with its password. */
    public RedisUri uri() {
        return cluster != null ? cluster.uri() : process().uri();
    }

    /** Returns the URI for the Redis client. */
    public Secret connectionString() {
        return uri().connectionString();
    }

    /** Sends one command over a new connection. */
    @CanIgnoreReturnValue
    public String call(String... command) {
        return RedisCalls.call(uri(), command);
    }

    /** Deletes all data. */
    public void flush() {
        call("FLUSHALL");
    }
}
