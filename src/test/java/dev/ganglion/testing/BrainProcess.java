package dev.ganglion.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ganglion.Main;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
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

/** A brain in a process of its own, to be killed: {@code serve} with a Redis that outlives it. */
public final class BrainProcess implements AutoCloseable {
    private static final String ADMIN_KEY = "z4k_the_admin_key_of_a_brain_that_dies";
    private static final int START_SECONDS = 120;
    private static final Pattern SERVES = Pattern.compile("serves on http://[^:]+:(\\d+)");

    private final RedisExtension redis;
    private @Nullable Process process;
    private volatile int port;

    private BrainProcess(RedisExtension redis) {
        this.redis = redis;
    }

    /** A brain that serves. */
    public static BrainProcess start(RedisExtension redis) {
        BrainProcess brain = new BrainProcess(redis);
        brain.start();
        return brain;
    }

    /** Starts it anew, on another port. */
    public void start() {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "serve"));
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
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        CompletableFuture<Integer> served = new CompletableFuture<>();
        try {
            Process started = builder.start();
            process = started;
            Thread reader = new Thread(() -> read(started.getInputStream(), served), "brain-output");
            reader.setDaemon(true);
            reader.start();
            port = served.get(START_SECONDS, TimeUnit.SECONDS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ExecutionException | TimeoutException e) {
            kill9();
            throw new IllegalStateException("the brain does not serve", e);
        } catch (InterruptedException e) {
            kill9();
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Completes with the port when it is said, and reads on so that nothing that the brain prints holds it up. */
    private static void read(InputStream output, CompletableFuture<Integer> served) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(output, UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher matcher = SERVES.matcher(line);
                if (matcher.find()) {
                    served.complete(Integer.parseInt(matcher.group(1)));
                }
            }
            served.completeExceptionally(new EOFException("the brain ended before it served"));
        } catch (IOException e) {
            served.completeExceptionally(e);
        }
    }

    /** Where it listens, or did. */
    public int port() {
        return port;
    }

    /** REST with the admin key. */
    public Rest rest() {
        return Rest.at(port, "Bearer " + ADMIN_KEY);
    }

    /** Ends it in an instant, as {@code kill -9} does. */
    public void kill9() {
        try {
            int unused = Objects.requireNonNull(process, "it never started")
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
