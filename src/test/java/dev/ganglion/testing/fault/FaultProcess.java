package dev.ganglion.testing.fault;

import static org.awaitility.Awaitility.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A command of the brain in its own JVM that tests can kill. */
public final class FaultProcess implements AutoCloseable {
    /**
     * Skips the second compiler, which costs more than it gains in a short life. Also applies to the nodes that `dev`
     * starts.
     */
    private static final String SHORT_LIFE = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

    private final Process process;
    private final Path output;

    private FaultProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Starts the command with settings from the environment. Its output goes to a new file in the directory. */
    public static FaultProcess start(Path directory, Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.ganglion.cli.Main"));
        command.addAll(List.of(arguments));
        try {
            Path output = Files.createTempFile(directory, "output", ".txt");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
            builder.environment().put("JDK_JAVA_OPTIONS", SHORT_LIFE);
            builder.environment().putAll(environment);
            return new FaultProcess(builder.start(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the id of the process. */
    public long pid() {
        return process.pid();
    }

    /** Waits for a line that matches the pattern and returns the pattern's first group. */
    @CanIgnoreReturnValue
    public String awaitLine(String pattern) {
        return awaitLine(pattern, Duration.ofMinutes(2));
    }

    /** Waits up to the limit for a line that matches the pattern and returns the pattern's first group. */
    @CanIgnoreReturnValue
    public String awaitLine(String pattern, Duration limit) {
        Pattern wanted = Pattern.compile(pattern);
        await().atMost(limit).until(() -> wanted.matcher(output()).find() || !process.isAlive());
        Matcher matcher = wanted.matcher(output());
        if (!matcher.find()) {
            throw new IllegalStateException("the process ended: " + output());
        }
        return matcher.group(matcher.groupCount() > 0 ? 1 : 0);
    }

    /** Returns the output so far. */
    public String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills the process, as a crash would. */
    public void kill9() {
        boolean ended = end(process.destroyForcibly(), Duration.ofSeconds(5));
        assert ended;
    }

    /** Sends SIGTERM and returns whether the process ended within the limit. */
    public boolean terminate(Duration limit) {
        process.destroy();
        return end(process, limit);
    }

    private static boolean end(Process process, Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        kill9();
    }
}
