package dev.ganglion.benchmarks.suite;

import dev.ganglion.RedisProcess;
import dev.ganglion.RedisSpec;
import dev.ganglion.benchmarks.host.RedisProbe;
import dev.ganglion.config.Secret;
import java.nio.file.Path;
import java.util.Optional;

/** A Redis of the run's own. */
final class LocalRedis implements AutoCloseable {
    static final String PASSWORD = "benchmark";

    private final RedisProcess process;

    /** Starts one that syncs as told: always or everysec. */
    LocalRedis(Path home, String appendfsync) {
        RedisSpec spec = new RedisSpec(
                        home.resolve("bin"),
                        home.resolve("redis-" + appendfsync),
                        0,
                        Optional.of(Secret.of(PASSWORD)),
                        java.util.List.of())
                .withDirectives("appendfsync " + appendfsync, "auto-aof-rewrite-percentage 0");
        process = RedisProcess.start(spec);
        process.stopAtExit();
    }

    String uri(int port) {
        return "redis://:" + PASSWORD + "@127.0.0.1:" + port;
    }

    int port() {
        return process.port();
    }

    long pid() {
        return process.pid();
    }

    RedisProbe probe() {
        return new RedisProbe("127.0.0.1", port(), PASSWORD);
    }

    @Override
    public void close() {
        process.stop();
    }
}
