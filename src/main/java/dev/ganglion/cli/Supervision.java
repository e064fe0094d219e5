package dev.ganglion.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ganglion.config.source.ConfigSources;
import dev.ganglion.dev.NodeConfigLine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The node's end of the pipe from its supervisor. The supervisor sends the configuration over the pipe, and nothing
 * after it. The pipe closes however the supervisor ends, and then the node ends too.
 */
final class Supervision {
    /**
     * Longest time that the node takes to end after its supervisor. The supervisor's Redis ends too, so a node that
     * waits for Redis would never end by itself.
     */
    private static final Duration END_LIMIT = Duration.ofSeconds(4);

    private final BufferedReader input;

    Supervision(InputStream input) {
        this.input = new BufferedReader(new InputStreamReader(input, UTF_8));
    }

    /** Waits for the configuration. From then on, this process ends when its supervisor ends. */
    ConfigSources begin(Map<String, String> environment) throws IOException {
        @Nullable String line = input.readLine();
        if (line == null) {
            throw new IOException("the supervisor ended before it sent the configuration");
        }
        daemon("ganglion-supervision", this::endWithSupervisor);
        return NodeConfigLine.sources(line, environment);
    }

    private void endWithSupervisor() {
        try {
            while (input.readLine() != null) {
                // The supervisor sends nothing more; only the end of the stream matters.
            }
        } catch (IOException e) {
            // A failed read means the same as the end of the stream.
        }
        daemon("ganglion-supervision-limit", Supervision::haltLater);
        System.exit(ExitCode.FAILED);
    }

    private static void haltLater() {
        try {
            boolean unused = new CountDownLatch(1).await(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(ExitCode.FAILED);
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }
}
