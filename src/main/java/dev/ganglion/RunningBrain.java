package dev.ganglion;

import dev.ganglion.config.GanglionConfig;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.logging.log4j.core.config.Configurator;

/** A brain in this process. The main thread starts it and waits for it; a shutdown hook stops it. */
public final class RunningBrain {
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(15);

    private final Brain brain;
    private final Duration drainWindow;
    private final CountDownLatch ended = new CountDownLatch(1);

    private RunningBrain(Brain brain, Duration drainWindow) {
        this.brain = brain;
        this.drainWindow = drainWindow;
    }

    /**
     * Configures logging, then starts a brain and waits until it serves, for at most 2 minutes. Must not be called on
     * an event loop.
     */
    public static RunningBrain start(GanglionConfig config) throws Exception {
        logAsConfigured(config);
        Brain brain = await(Brain.start(config, Clock.systemUTC()), START_LIMIT);
        // System.exit runs on its own thread: it waits for the shutdown hooks, and those wait for the brain to stop.
        brain.leaveHandler(() -> new Thread(() -> System.exit(0), "ganglion-leave").start());
        return new RunningBrain(brain, config.http().drainWindow());
    }

    /** Configures the level and the format of the log. Call it before the brain logs its first line. */
    public static void logAsConfigured(GanglionConfig config) {
        config.observability().log().properties().forEach(System::setProperty);
        // A library may have initialised the log with default settings while the configuration was read.
        Configurator.reconfigure();
    }

    public Brain brain() {
        return brain;
    }

    /**
     * Registers a shutdown hook for SIGTERM and Ctrl-C that stops the brain.
     *
     * @param before action to run before the brain stops
     * @param afterwards action to run after the brain has stopped, even if it failed to stop
     */
    public void stopAtExit(Runnable before, Runnable afterwards) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            try {
                                before.run();
                                Void unused = await(brain.stop(), drainWindow.plus(STOP_LIMIT));
                            } catch (Exception e) {
                                System.err.println("ganglion: the brain did not stop cleanly: " + e);
                            } finally {
                                afterwards.run();
                                ended.countDown();
                            }
                        },
                        "ganglion-stop"));
    }

    /** Blocks until the process ends. */
    public void awaitEnd() throws InterruptedException {
        ended.await();
    }

    /**
     * Waits for a future and returns its value. Must not be called on an event loop. Throws the cause if the future
     * fails.
     *
     * @throws IOException if the future does not complete within the limit
     */
    public static <T> T await(Future<T> future, Duration limit) throws Exception {
        try {
            return future.toCompletionStage().toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | CompletionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        } catch (TimeoutException e) {
            throw new IOException(
                    "not ready after " + limit.toSeconds() + " s; check that Redis is running and reachable", e);
        }
    }
}
