package dev.ganglion.testing;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.ganglion.RedisProcess;
import dev.ganglion.RedisSpec;
import dev.ganglion.config.RedisUri;
import dev.ganglion.config.Secret;
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
 * One real Redis for the tests of a class, or a cluster where the class is {@link OnCluster}, on free ports with data of
 * its own, which the tests may freeze and kill:
 * {@code @RegisterExtension static final RedisExtension redis = new RedisExtension();}
 */
public final class RedisExtension implements BeforeAllCallback, AfterAllCallback {
    /** The server is extracted once for all tests. */
    private static final Path BINARIES = Path.of("target", "redis");

    private final List<String> directives;
    private @Nullable Path data;
    private @Nullable RedisProcess process;
    private @Nullable RedisCluster cluster;

    /** A Redis as the brain wants it, with more lines of configuration if need be. */
    public RedisExtension(String... directives) {
        this.directives = List.of(directives);
    }

    /** What a test needs that starts a Redis itself. */
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

    /** The process, to freeze, thaw, kill and restart. */
    public RedisProcess process() {
        return Objects.requireNonNull(process, "the extension has not started Redis yet");
    }

    /** The cluster of a class that is {@link OnCluster}. */
    public RedisCluster cluster() {
        return Objects.requireNonNull(cluster, "the class is not on a cluster");
    }

    /** Where it is, with its password. */
    public RedisUri uri() {
        return cluster != null ? cluster.uri() : process().uri();
    }

    /** The URI as the Redis client takes it. */
    public Secret connectionString() {
        return uri().connectionString();
    }

    /** One command, over a connection of its own. */
    @CanIgnoreReturnValue
    public String call(String... command) {
        return RedisCalls.call(uri(), command);
    }

    /** Forgets everything. */
    public void flush() {
        call("FLUSHALL");
    }
}
