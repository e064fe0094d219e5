package dev.ganglion.dev;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ganglion.config.LogConfig;
import dev.ganglion.config.source.ConfigSources;
import dev.ganglion.dev.redis.TerminalSession;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A brain in a child process. This process holds the standard input of the child. The pipe closes however this process
 * ends, and then the node ends by itself.
 */
public final class NodeProcess {
    private static final int SIGNAL_BASE = 128;
    private static final int SIGTERM = 15;
    private static final int LAST_SIGNAL = 64;

    private static final List<String> HEAP = List.of("-Xms64m", "-Xmx384m");

    /**
     * JVM options of every node, here and in the container image. Hazelcast logs warnings without the {@code
     * --add-opens} options.
     */
    public static final List<String> JVM_OPTIONS = List.of(
            "-XX:+ExitOnOutOfMemoryError",
            "-Djava.util.concurrent.ForkJoinPool.common.parallelism=4",
            "--add-modules=java.se",
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-opens=java.management/sun.management=ALL-UNNAMED",
            "--add-opens=jdk.management/com.sun.management.internal=ALL-UNNAMED");

    private final int port;
    private final Process process;
    private final Thread output;

    private NodeProcess(int port, Process process, PrintWriter out) {
        this.port = port;
        this.process = process;
        this.output = new Thread(() -> printOutput(out), "node-output-" + port);
        output.setDaemon(true);
        output.start();
    }

    /** Starts a node. This process prints each line of the node's output, prefixed with the node's port. */
    static NodeProcess start(int port, LogConfig log, ConfigSources sources, NodeLauncher launcher) throws IOException {
        List<String> command = new ArrayList<>(TerminalSession.prefix());
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(HEAP);
        command.addAll(JVM_OPTIONS);
        // The log settings are JVM options because the node may log before it has read its configuration.
        log.properties().forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of(
                "-cp", System.getProperty("java.class.path"), launcher.main().getName()));
        command.addAll(List.of("serve", "--supervised", String.valueOf(port)));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        NodeProcess node = new NodeProcess(port, process, launcher.out());
        process.getOutputStream().write((NodeConfigLine.line(sources) + "\n").getBytes(UTF_8));
        process.getOutputStream().flush();
        return node;
    }

    private void printOutput(PrintWriter out) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                out.println("[" + port + "] " + line);
            }
        } catch (IOException e) {
            out.println("[" + port + "] cannot read the output of this node any more: " + e.getMessage());
        }
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    boolean alive() {
        return process.isAlive();
    }

    /**
     * Completes with a description of the exit, after all output of the node was printed, at the latest 1 s after the
     * exit.
     */
    CompletableFuture<String> ending() {
        return process.onExit().thenApply(ended -> {
            try {
                output.join(1_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return describeExit(ended.exitValue());
        });
    }

    private static String describeExit(int status) {
        int signal = status - SIGNAL_BASE;
        if (signal == SIGTERM) {
            return "stopped on SIGTERM";
        }
        return signal > 0 && signal <= LAST_SIGNAL ? "was killed by signal " + signal : "ended with status " + status;
    }

    /** Asks the node to shut down cleanly. */
    void terminate() {
        process.destroy();
    }

    /** Waits for the node to end. Returns whether it ended in time. */
    boolean endsWithin(long millis) throws InterruptedException {
        return process.waitFor(millis, TimeUnit.MILLISECONDS);
    }

    /** Kills the node at once, even if it is frozen. */
    void kill() {
        Process unused = process.destroyForcibly();
    }
}
