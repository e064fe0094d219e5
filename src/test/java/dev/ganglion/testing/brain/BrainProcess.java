package dev.ganglion.testing.brain;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ganglion.cli.Main;
import dev.ganglion.testing.http.Rest;
import dev.ganglion.testing.redis.RedisExtension;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A brain in its own process that tests can kill: {@code serve} with a Redis that outlives it. */
public final class BrainProcess implements AutoCloseable {
    /** Key of the admin in REST. */
    public static final String ADMIN_KEY = "z4k_the_admin_key_of_a_brain_that_dies";

    private static final int START_SECONDS = 120;
    private static final Pattern SERVES = Pattern.compile("serves on http://[^:]+:(\\d+)");

    private final RedisExtension redis;
    private final @Nullable Path log;
    private final List<String> jvmOptions;
    private @Nullable Process process;
    private volatile int port;

    private BrainProcess(RedisExtension redis, @Nullable Path log, List<String> jvmOptions) {
        this.redis = redis;
        this.log = log;
        this.jvmOptions = jvmOptions;
    }

    /** Starts a brain, with further options of its JVM, and waits until it serves. */
    public static BrainProcess start(RedisExtension redis, String... jvmOptions) {
        BrainProcess brain = new BrainProcess(redis, null, List.of(jvmOptions));
        brain.start();
        return brain;
    }

    /** Starts a brain whose log goes to a file, and waits until it serves. */
    public static BrainProcess startLoggingTo(Path log, RedisExtension redis) {
        BrainProcess brain = new BrainProcess(redis, log, List.of());
        brain.start();
        return brain;
    }

    /** Starts the brain again, on another port. */
    public void start() {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC"));
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), "serve"));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment()
                .putAll(Map.of(
                        "GANGLION_HTTP_PORT",
                        "0",
                        "GANGLION_HTTP_EVENT_LOOPS",
                        "2",
                        "GANGLION_MASTER_SECRET",
                        BrainExtension.MASTER_SECRET,
                        "GANGLION_ADMIN_KEY",
                        ADMIN_KEY,
                        "GANGLION_REDIS_URI",
                        redis.connectionString().value()));
        builder.redirectError(
                log == null ? ProcessBuilder.Redirect.INHERIT : ProcessBuilder.Redirect.appendTo(log.toFile()));
        CompletableFuture<Integer> listening = new CompletableFuture<>();
        try {
            Process started = builder.start();
            process = started;
            Thread reader = new Thread(() -> read(started.getInputStream(), listening), "brain-output");
            reader.setDaemon(true);
            reader.start();
            port = listening.get(START_SECONDS, TimeUnit.SECONDS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ExecutionException | TimeoutException e) {
            kill9();
            throw new IllegalStateException("the brain did not start", e);
        } catch (InterruptedException e) {
            kill9();
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /**
     * Completes with the port as soon as the brain prints it. Continues to read so that the brain never blocks on a
     * full pipe.
     */
    private static void read(InputStream output, CompletableFuture<Integer> listening) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(output, UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher matcher = SERVES.matcher(line);
                if (matcher.find()) {
                    listening.complete(Integer.parseInt(matcher.group(1)));
                }
            }
            listening.completeExceptionally(new EOFException("the brain ended before it listened"));
        } catch (IOException e) {
            listening.completeExceptionally(e);
        }
    }

    /** Returns the port of the current or last run. */
    public int port() {
        return port;
    }

    /** Returns a REST client with the admin key. */
    public Rest rest() {
        return Rest.at(port, "Bearer " + ADMIN_KEY);
    }

    /** Kills the brain, like {@code kill -9}. */
    public void kill9() {
        try {
            int unused = Objects.requireNonNull(process, "the brain was never started")
                    .destroyForcibly()
                    .waitFor();
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
