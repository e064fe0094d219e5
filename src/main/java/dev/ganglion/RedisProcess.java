package dev.ganglion;

import dev.ganglion.config.RedisUri;
import dev.ganglion.config.Secret;
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
import org.jspecify.annotations.Nullable;

/**
 * A real Redis of our own on the loopback address, for {@code dev} and for tests: it keeps everything on disk before it
 * answers, and it does not outlive this process. When this process ends without {@link #stop}, Redis is ended right after it;
 * should that fail too, the next start on the same directory ends it first.
 */
public final class RedisProcess implements AutoCloseable {
    private static final String HOST = "127.0.0.1";

    private static final int START_ATTEMPTS = 3;

    /** Holds on to those that run: the pipe that keeps Redis alive would close with a process object that nobody holds. */
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

    /** A free port may be taken by another process before Redis has it; then another is tried. */
    private static RedisProcess started(Path binary, RedisDirectory directory, RedisSpec spec) {
        Secret password = spec.password().orElseGet(RedisProcess::madePassword);
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

    private static Secret madePassword() {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        return Secret.of(Base64.getUrlEncoder().withoutPadding().encodeToString(random));
    }

    /** Always IPv4, whatever the machine prefers for its loopback. */
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

    /** Where it is, with its password. */
    public RedisUri uri() {
        return new RedisUri(false, HOST, port, Optional.empty(), Optional.of(password), 0);
    }

    /** Its port on the loopback address. */
    public int port() {
        return port;
    }

    /** The id of the server process. */
    public synchronized long pid() {
        return run.pid();
    }

    /** Whether the server process is there, be it frozen. */
    public synchronized boolean alive() {
        return run.alive();
    }

    /** Its log. */
    public Path log() {
        return directory.log();
    }

    /**
     * Has Redis stopped when this process is told to end (SIGTERM, Ctrl-C), before it ends. Hooks run side by side: who
     * has to write to Redis while it shuts down calls {@link #stop} at the end of that instead.
     */
    public synchronized void stopAtExit() {
        if (exitHook == null) {
            exitHook = new Thread(this::stop, "redis-stop");
            Runtime.getRuntime().addShutdownHook(exitHook);
        }
    }

    /** Ends Redis in order, also a frozen one, and frees the directory. A second call does nothing. */
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
            // This process is ending, and the hook is what runs here.
        }
    }

    /** As {@link #stop}. */
    @Override
    public void close() {
        stop();
    }

    /** Stops the server's clock: its sockets stay open and nothing answers. */
    public synchronized void freeze() {
        run.signal("STOP");
    }

    /** Lets a frozen server go on. */
    public synchronized void thaw() {
        run.signal("CONT");
    }

    /** Ends the server as a crash would; {@link #restart} brings it back. */
    public synchronized void kill9() {
        run.kill();
    }

    /** Ends the server in order if it runs, and starts it again on the same port, data and password. */
    public synchronized void restart() {
        run.end();
        run = launched();
    }
}
