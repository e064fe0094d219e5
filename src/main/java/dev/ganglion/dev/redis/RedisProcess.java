package dev.ganglion.dev.redis;

import dev.ganglion.config.value.RedisUri;
import dev.ganglion.config.value.Secret;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A Redis server on the loopback address, for {@code dev} and for tests. It writes everything to disk before it
 * answers.
 *
 * <p>The server does not outlive this process. If this process ends without {@link #stop}, a helper process ends Redis
 * right afterwards. If that also fails, the next start on the same directory ends Redis first.
 */
public final class RedisProcess implements AutoCloseable {
    private static final String HOST = "127.0.0.1";

    private static final int START_ATTEMPTS = 3;

    /**
     * Keeps running servers reachable. Otherwise garbage collection of the process object would close the pipe that
     * keeps Redis alive.
     */
    private static final Set<RedisProcess> RUNNING = ConcurrentHashMap.newKeySet();

    private final Path binary;
    private final RedisDirectory directory;
    private final Secret password;
    private final List<String> directives;
    private final int port;
    private RedisRun run;
    private @Nullable Thread exitHook;

    private RedisProcess(Path binary, RedisDirectory directory, RedisSpec spec, Secret password, int port) {
        this.binary = binary;
        this.directory = directory;
        this.password = password;
        this.directives = spec.directives();
        this.port = port;
        this.run = launched();
    }

    /** Starts a Redis and waits until it serves. */
    public static RedisProcess start(RedisSpec spec) {
        RedisDirectory directory = RedisDirectory.lock(spec.data());
        try {
            directory.endOrphan();
            Path binary = spec.server().orElseGet(() -> RedisBinary.extracted(spec.binaries()));
            RedisProcess process = started(binary, directory, spec);
            RUNNING.add(process);
            return process;
        } catch (RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    /** Tries again with another free port, because another process may take a free port before Redis binds it. */
    private static RedisProcess started(Path binary, RedisDirectory directory, RedisSpec spec) {
        Secret password = spec.password().orElseGet(RedisProcess::randomPassword);
        for (int attempt = 1; ; attempt++) {
            try {
                int port = spec.port() == 0 ? FreePorts.one() : spec.port();
                return new RedisProcess(binary, directory, spec, password, port);
            } catch (RedisProcessException e) {
                if (spec.port() != 0 || attempt == START_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static Secret randomPassword() {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        return Secret.of(Base64.getUrlEncoder().withoutPadding().encodeToString(random));
    }

    /** Returns the IPv4 loopback address, even if the machine prefers IPv6. */
    static InetSocketAddress address(int port) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
    }

    private RedisRun launched() {
        RedisRun launched = RedisRun.launch(binary, directory, configuration());
        try {
            launched.awaitReady(port, password);
            return launched;
        } catch (RuntimeException e) {
            launched.kill();
            throw e;
        }
    }

    private List<String> configuration() {
        List<String> lines = new ArrayList<>(List.of(
                "bind " + HOST,
                "port " + port,
                "requirepass " + quoted(password.value()),
                "pidfile " + quoted(directory.pidFile().toString()),
                "set-proc-title no",
                "appendonly yes",
                "appendfsync always",
                "save \"\"",
                "maxmemory-policy noeviction"));
        lines.addAll(directives);
        return lines;
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    /** Returns the address of the server, with its password. */
    public RedisUri uri() {
        return new RedisUri(false, HOST, port, Optional.empty(), Optional.of(password), 0);
    }

    /** Returns the server's port on the loopback address. */
    public int port() {
        return port;
    }

    /** Returns the id of the server process. */
    public synchronized long pid() {
        return run.pid();
    }

    /** Returns whether the server process exists, even if it is frozen. */
    public synchronized boolean alive() {
        return run.alive();
    }

    /**
     * Reports the end of the running server to the listener, unless {@link #stop} caused it. The listener gets a
     * sentence that names the process and what to do, and runs on another thread.
     */
    public synchronized void onDeath(Consumer<String> listener) {
        RedisRun watched = run;
        var unused = watched.ended().thenAccept(ended -> {
            if (RUNNING.contains(this)) {
                listener.accept(
                        "Redis (process %d) ended; the brain stores nothing without it. Agents keep their events. Stop this command with Ctrl-C and start it again. Redis's log: %s"
                                .formatted(watched.pid(), log()));
            }
        });
    }

    /** Returns the path of the server's log. */
    public Path log() {
        return directory.log();
    }

    /**
     * Stops Redis in a shutdown hook, when this process receives SIGTERM or Ctrl-C. Shutdown hooks run concurrently:
     * code that must write to Redis during shutdown calls {@link #stop} itself afterwards instead.
     */
    public synchronized void stopAtExit() {
        if (exitHook == null) {
            exitHook = new Thread(this::stop, "redis-stop");
            Runtime.getRuntime().addShutdownHook(exitHook);
        }
    }

    /** Shuts Redis down cleanly, even a frozen one, and unlocks the directory. A second call has no effect. */
    public synchronized void stop() {
        if (RUNNING.remove(this)) {
            try {
                run.end();
            } finally {
                directory.close();
                forgetHook();
            }
        }
    }

    private void forgetHook() {
        try {
            boolean unused = exitHook != null && Runtime.getRuntime().removeShutdownHook(exitHook);
        } catch (IllegalStateException e) {
            // This process is ending, and this code runs within the hook.
        }
    }

    /** Does the same as {@link #stop}. */
    @Override
    public void close() {
        stop();
    }

    /** Freezes the server with SIGSTOP: its sockets stay open, but it does not answer. */
    public synchronized void freeze() {
        run.signal("STOP");
    }

    /** Resumes a frozen server. */
    public synchronized void thaw() {
        run.signal("CONT");
    }

    /** Kills the server, as a crash would. {@link #restart} starts it again. */
    public synchronized void kill9() {
        run.kill();
    }

    /** Shuts the server down cleanly if it runs, and starts it again with the same port, data and password. */
    public synchronized void restart() {
        run.end();
        run = launched();
    }
}
