package dev.ganglion.testing.redis;

import dev.ganglion.config.value.RedisUri;
import dev.ganglion.config.value.Secret;
import dev.ganglion.dev.redis.RedisBinary;
import dev.ganglion.testing.network.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A sentinel on the loopback address that watches a master. The sentinel ends when this process ends, even by a kill.
 */
public final class RedisSentinel implements AutoCloseable {
    public static final String MASTER = "the-master";
    public static final Secret PASSWORD = Secret.of("the password of the sentinels");

    private static final String UNTIL_INPUT_ENDS =
            "\"$0\" \"$1\" --sentinel >\"$1.log\" 2>&1 & s=$!; cat >/dev/null; kill -KILL $s";

    private final Process shell;
    private final int port;

    private RedisSentinel(Process shell, int port) {
        this.shell = shell;
        this.port = port;
    }

    /**
     * Starts a sentinel.
     *
     * @param quorum number of sentinels that must agree that the master is down
     */
    public static RedisSentinel start(Path directory, RedisUri master, int quorum) {
        int port = Ports.free();
        String watched = " " + MASTER + " ";
        String password = master.password().orElseThrow().value();
        try {
            Path configuration = Files.write(
                    directory.resolve("sentinel-" + port + ".conf"),
                    List.of(
                            "bind 127.0.0.1",
                            "port " + port,
                            "dir \"" + directory + "\"",
                            "requirepass \"" + PASSWORD.value() + "\"",
                            "sentinel sentinel-pass \"" + PASSWORD.value() + "\"",
                            "sentinel monitor" + watched + "127.0.0.1 " + master.port() + " " + quorum,
                            "sentinel auth-pass" + watched + "\"" + password + "\"",
                            "sentinel down-after-milliseconds" + watched + "2000",
                            "sentinel failover-timeout" + watched + "6000"));
            Path binary = RedisBinary.extracted(Path.of("target", "redis", "bin"));
            Process shell = new ProcessBuilder(
                            "sh", "-c", UNTIL_INPUT_ENDS, binary.toString(), configuration.toString())
                    .start();
            return new RedisSentinel(shell, port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the address of the sentinel. */
    public RedisUri uri() {
        return new RedisUri(false, "127.0.0.1", port, Optional.empty(), Optional.of(PASSWORD), 0);
    }

    @Override
    public void close() {
        try {
            shell.getOutputStream().close();
            int unused = shell.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
