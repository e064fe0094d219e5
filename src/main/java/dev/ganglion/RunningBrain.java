package dev.ganglion;

import dev.ganglion.config.GanglionConfig;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A brain in this process: started and waited for by the main thread, stopped when the process is told to end. */
final class RunningBrain {
    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration STOP = Duration.ofSeconds(15);

    private final Brain brain;
    private final Duration drainWindow;
    private final CountDownLatch ended = new CountDownLatch(1);

    private RunningBrain(Brain brain, Duration drainWindow) {
        this.brain = brain;
        this.drainWindow = drainWindow;
    }

    /** Starts a brain; what it logs goes by the configuration's level. */
    static RunningBrain start(GanglionConfig config) throws Exception {
        logAsConfigured(config);
        Brain brain = await(Brain.start(config, Clock.systemUTC()), START);
        // On a thread of its own: the end of the process waits for what runs in its shutdown hooks.
        brain.leaveHandler(() -> new Thread(() -> System.exit(0), "ganglion-leave").start());
        return new RunningBrain(brain, config.drainWindow());
    }

    /** Logs as the configuration says; only before the first line is logged. */
    static void logAsConfigured(GanglionConfig config) {
        config.log().properties().forEach(System::setProperty);
    }

    Brain brain() {
        return brain;
    }

    /** Has the brain stopped on SIGTERM or Ctrl-C, one thing before it and another after it. */
    void stopAtExit(Runnable before, Runnable afterwards) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            try {
                                before.run();
                                Void unused = await(brain.stop(), drainWindow.plus(STOP));
                            } catch (Exception e) {
                                System.err.println("ganglion: the brain did not stop in order: " + e);
                            } finally {
                                afterwards.run();
                                ended.countDown();
                            }
                        },
                        "ganglion-stop"));
    }

    /** Blocks until the process ends. */
    void waitForEnd() throws InterruptedException {
        ended.await();
    }

    /** Waits on a thread that is no event loop; fails as the future does. */
    static <T> T await(Future<T> future, Duration limit) throws Exception {
        try {
            return future.toCompletionStage().toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (java.util.concurrent.ExecutionException | CompletionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        } catch (TimeoutException e) {
            throw new java.io.IOException("not ready after " + limit.toSeconds() + " s; is Redis there?", e);
        }
    }
}
