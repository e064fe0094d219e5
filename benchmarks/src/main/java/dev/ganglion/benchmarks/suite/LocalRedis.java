package dev.ganglion.benchmarks.suite;

import dev.ganglion.benchmarks.host.RedisProbe;
import dev.ganglion.benchmarks.host.RedisServer;
import dev.ganglion.config.value.Secret;
import dev.ganglion.dev.redis.RedisProcess;
import dev.ganglion.dev.redis.RedisSpec;
import java.nio.file.Path;

/** A Redis that is started for this run. */
final class LocalRedis implements AutoCloseable {
    static final String PASSWORD = "benchmark";

    private final RedisProcess process;

    /** Starts a Redis with {@code appendfsync} set to always or everysec. */
    LocalRedis(Path home, String appendfsync) {
        RedisSpec plain = RedisSpec.inHome(home);
        RedisSpec spec = RedisServer.installed()
                .map(plain::withServer)
                .orElse(plain)
                .withData(home.resolve("redis-" + appendfsync))
                .withPassword(Secret.of(PASSWORD))
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
