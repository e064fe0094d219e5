package dev.ganglion.docs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** A shell in which a test types commands, like a person in a terminal. Variables live from one command to the next. */
final class Terminal implements AutoCloseable {
    private static final Duration END = Duration.ofSeconds(30);

    private final Process shell;
    private final Path output;
    private final Path scripts;
    private int typed;

    private Terminal(Process shell, Path output, Path scripts) {
        this.shell = shell;
        this.output = output;
        this.scripts = scripts;
    }

    /**
     * Opens a terminal.
     *
     * @param directory working directory of the shell
     * @param scripts directory for the texts and the output of the terminal
     */
    static Terminal open(Path directory, Path scripts, Map<String, String> environment) {
        try {
            Path output = Files.createTempFile(scripts, "terminal", ".txt");
            ProcessBuilder builder = new ProcessBuilder("bash", "--norc")
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            return new Terminal(builder.start(), output, scripts);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Types the text and waits until it has run; fails if it ends with an error or takes longer than the limit. */
    void run(String name, String text, Duration limit) {
        String done = type(text) + " ended with ";
        Awaitility.await(name)
                .pollInterval(Duration.ofMillis(100))
                .atMost(limit)
                .until(() -> !shell.isAlive() || output().contains(done));
        if (!output().contains(done + "0\n")) {
            throw new AssertionError(name + " failed. The terminal shows:\n" + output());
        }
    }

    /** Types the text, which runs until the terminal closes, and waits for a line of its output. */
    void start(String name, String text, String line, Duration limit) {
        String unused = type(text);
        Awaitility.await(name + ": " + line)
                .pollInterval(Duration.ofMillis(100))
                .atMost(limit)
                .until(() -> !shell.isAlive() || output().contains(line));
        if (!output().contains(line)) {
            throw new AssertionError(name + " ended early. The terminal shows:\n" + output());
        }
    }

    private String type(String text) {
        typed++;
        String marker = "=== block " + typed;
        try {
            Path script = Files.writeString(
                    scripts.resolve(shell.pid() + "-" + typed + ".sh"), "set -e\n" + text + "set +e\n");
            Writer input = new OutputStreamWriter(shell.getOutputStream(), UTF_8);
            input.write(". '%s' < /dev/null; echo \"%s ended with $?\"\n".formatted(script, marker));
            input.flush();
            return marker;
        } catch (IOException e) {
            throw new UncheckedIOException(output(), e);
        }
    }

    /** Returns everything that the terminal shows. */
    String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops what runs, as Ctrl-C does, and closes the terminal. Returns the processes that remain. */
    List<ProcessHandle> stop() {
        List<ProcessHandle> running = new ArrayList<>(shell.descendants().toList());
        shell.children().forEach(ProcessHandle::destroy);
        try {
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(100))
                    .atMost(END)
                    .until(() -> running.stream().noneMatch(ProcessHandle::isAlive));
        } catch (ConditionTimeoutException tooLong) {
            // The caller reports the remaining processes.
        }
        shell.destroy();
        running.removeIf(process -> !process.isAlive());
        return running;
    }

    @Override
    public void close() {
        List<ProcessHandle> running = shell.descendants().toList();
        try {
            shell.getOutputStream().close();
            boolean unused = shell.waitFor(1, TimeUnit.SECONDS);
        } catch (IOException | InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        running.forEach(ProcessHandle::destroyForcibly);
        shell.destroyForcibly();
    }
}
