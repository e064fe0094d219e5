package dev.ganglion.benchmarks.host;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** A child process of a benchmark run. A shutdown hook ends it with this process. */
public final class ChildProcess implements AutoCloseable {
    private static final long START_SECONDS = 60;
    private static final long END_SECONDS = 20;

    private final Process process;
    private final Thread exitHook;
    private final CompletableFuture<String> ready = new CompletableFuture<>();
    private final List<String> lines = new ArrayList<>();

    private ChildProcess(Process process, Predicate<String> isReady, Path log) {
        this.process = process;
        this.exitHook = new Thread(process::destroy);
        Runtime.getRuntime().addShutdownHook(exitHook);
        Thread reader = new Thread(() -> read(isReady, log), "output of " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts a command whose output goes to the log. A line that satisfies {@code isReady} marks it as ready. */
    public static ChildProcess start(
            List<String> command, Map<String, String> environment, Predicate<String> isReady, Path log) {
        try {
            Files.createDirectories(log.toAbsolutePath().getParent());
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().putAll(environment);
            return new ChildProcess(builder.start(), isReady, log);
        } catch (IOException e) {
            throw new IllegalStateException("Cannot start " + command.get(0), e);
        }
    }

    /**
     * Starts a main class on this process's own class path. A line that starts with {@code READY} marks it as ready.
     */
    public static ChildProcess java(Class<?> main, List<String> jvm, List<String> arguments, Path log) {
        List<String> command = new ArrayList<>(List.of(javaBinary()));
        command.addAll(jvm);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        return start(command, Map.of(), line -> line.startsWith("READY"), log);
    }

    /** Path of the {@code java} binary that runs this process. */
    public static String javaBinary() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private void read(Predicate<String> isReady, Path log) {
        try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8);
                var out = Files.newBufferedWriter(log)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                out.write(line);
                out.newLine();
                out.flush();
                synchronized (lines) {
                    lines.add(line);
                }
                if (isReady.test(line)) {
                    ready.complete(line);
                }
            }
            ready.completeExceptionally(new IllegalStateException("The process ended before it was ready: " + copy()));
        } catch (IOException e) {
            ready.completeExceptionally(e);
        }
    }

    /** Waits up to 60 s for the line that marks the process as ready, and returns that line. */
    public String awaitReady() {
        try {
            return ready.get(START_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            close();
            throw new IllegalStateException("A child process was not ready within " + START_SECONDS + " s", e);
        }
    }

    /** Waits for a successful end and returns all lines of output. A failure or a time-out throws an exception. */
    public List<String> awaitEnd(long seconds) {
        try {
            if (!process.waitFor(seconds, TimeUnit.SECONDS) || process.exitValue() != 0) {
                close();
                throw new IllegalStateException("A child process failed or did not end in time: " + copy());
            }
            ready.handle((line, ended) -> null).get(START_SECONDS, TimeUnit.SECONDS);
            forgetHook();
            return copy();
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> copy() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    /** The process id. */
    public long pid() {
        return process.pid();
    }

    /** Asks the process to end and kills it after 20 s. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        forgetHook();
    }

    private void forgetHook() {
        try {
            boolean unused = Runtime.getRuntime().removeShutdownHook(exitHook);
        } catch (IllegalStateException e) {
            // This process is shutting down, and the hook runs already.
        }
    }
}
