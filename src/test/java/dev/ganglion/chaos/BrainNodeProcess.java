package dev.ganglion.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ganglion.Main;
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
 * One brain of a cluster as a process of its own, to be killed, frozen and told to leave. It ends with this process: it
 * reads its standard input, and a shell that does the same kills it should it be frozen then.
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

    /** A node that does not run yet; {@code prefix} stands before its command and must keep the process id. */
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

    /** Starts it, the first time or again, on the same ports. */
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

    /** Ends it as a crash would. */
    void kill9() {
        if (process == null) {
            return;
        }
        boolean ended = endsWithin(process.destroyForcibly(), END_LIMIT);
        frozen = false;
        Process unused = guard.destroyForcibly();
        if (!ended) {
            throw new IllegalStateException(name + " does not end");
        }
    }

    /** Stops its clock: its sockets stay open and nothing answers. */
    void freeze() {
        frozen = true;
        signal("STOP");
    }

    /** Lets it go on. */
    void thaw() {
        signal("CONT");
        frozen = false;
    }

    private void signal(String signal) {
        Commands.run("kill", "-" + signal, String.valueOf(process.pid()));
    }

    /** Tells it to leave in order; {@link Process#destroy} would close its input as well, as the end of this process does. */
    void terminate() {
        signal("TERM");
    }

    /** Waits for its end. */
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

    /** What it logged so far. */
    List<String> log() {
        try {
            return Files.exists(log) ? Files.readAllLines(log) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
