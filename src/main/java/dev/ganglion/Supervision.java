package dev.ganglion;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ganglion.config.ConfigSources;
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
 * A node's end of the pipe that its supervisor holds: its configuration comes over it, and nothing after that. When the
 * supervisor ends, in whatever way, the pipe does too, and the node with it.
 */
final class Supervision {
    /** Without the supervisor its Redis is gone as well, and a node that waits for it is not to stay. */
    private static final Duration END_LIMIT = Duration.ofSeconds(4);

    private final BufferedReader input;

    Supervision(InputStream input) {
        this.input = new BufferedReader(new InputStreamReader(input, UTF_8));
    }

    /** Waits for the configuration; from then on this process ends with its supervisor. */
    ConfigSources begin(Map<String, String> environment) throws IOException {
        @Nullable String line = input.readLine();
        if (line == null) {
            throw new IOException("the supervisor ended before it said what to run");
        }
        daemon("ganglion-supervision", this::endWithSupervisor);
        return NodeTerms.sources(line, environment);
    }

    private void endWithSupervisor() {
        try {
            while (input.readLine() != null) {
                // Nothing is said any more.
            }
        } catch (IOException e) {
            // As good as its end.
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
