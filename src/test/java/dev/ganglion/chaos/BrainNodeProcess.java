package dev.ganglion.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ganglion.cli.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A node of a cluster as a separate process that experiments kill, freeze and shut down. The node ends with this
 * process, because it reads its standard input. A shell that also reads from this process kills the node if it is
 * frozen at that time.
 */
final class BrainNodeProcess {
    private static final List<String> JVM = List.of(
            "-Xms64m",
            "-Xmx320m",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:TieredStopAtLevel=1",
            "-Djava.util.concurrent.ForkJoinPool.common.parallelism=4",
            "--add-modules=java.se",
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-opens=java.management/sun.management=ALL-UNNAMED",
            "--add-opens=jdk.management/com.sun.management.internal=ALL-UNNAMED");
    private static final String NO_TERMS = "{\"presets\":{},\"file\":null,\"flags\":{}}\n";
    private static final Duration END_LIMIT = Duration.ofSeconds(10);

    private final String name;
    private final Endpoint http;
    private final List<String> prefix;
    private final Map<String, String> environment;
    private final Path log;
    private Process process;
    private Process guard;
    private volatile boolean frozen;

    /**
     * Prepares a node that is not running yet.
     *
     * @param prefix words in front of the node's command; must keep the process id
     */
    BrainNodeProcess(String name, Endpoint http, List<String> prefix, Map<String, String> environment, Path log) {
        this.name = name;
        this.http = http;
        this.prefix = prefix;
        this.environment = new LinkedHashMap<>(environment);
        this.log = log;
    }

    String name() {
        return name;
    }

    Endpoint http() {
        return http;
    }

    boolean frozen() {
        return frozen;
    }

    /** Starts the node, for the first time or again, on the same ports. */
    void start() {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of("serve", "--supervised", name));
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().keySet().removeIf(key -> key.startsWith("GANGLION_"));
            builder.environment().putAll(environment);
            process = builder.start();
            process.getOutputStream().write(NO_TERMS.getBytes(UTF_8));
            process.getOutputStream().flush();
            guard = new ProcessBuilder("sh", "-c", "cat >/dev/null; sleep 8; kill -9 " + process.pid())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean alive() {
        return process != null && process.isAlive();
    }

    /** Kills the node, as a crash would. */
    void kill9() {
        if (process == null) {
            return;
        }
        boolean ended = endsWithin(process.destroyForcibly(), END_LIMIT);
        frozen = false;
        Process unused = guard.destroyForcibly();
        if (!ended) {
            throw new IllegalStateException(name + " did not end after SIGKILL");
        }
    }

    /** Freezes the node with SIGSTOP: its sockets stay open, but it does not answer. */
    void freeze() {
        frozen = true;
        signal("STOP");
    }

    /** Resumes a frozen node. */
    void thaw() {
        signal("CONT");
        frozen = false;
    }

    private void signal(String signal) {
        SystemCommands.run("kill", "-" + signal, String.valueOf(process.pid()));
    }

    /**
     * Shuts the node down in order. {@link Process#destroy} is not used, because it would also close the node's
     * standard input.
     */
    void terminate() {
        signal("TERM");
    }

    /** Waits for the node to end and returns whether it ended in time. */
    boolean endsWithin(Duration limit) {
        boolean ended = endsWithin(process, limit);
        if (ended) {
            Process unused = guard.destroyForcibly();
        }
        return ended;
    }

    private static boolean endsWithin(Process process, Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Returns the lines that the node has logged so far. */
    List<String> log() {
        try {
            return Files.exists(log) ? Files.readAllLines(log) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
