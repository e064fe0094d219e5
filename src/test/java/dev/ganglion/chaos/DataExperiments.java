package dev.ganglion.chaos;

import dev.ganglion.testing.redis.RedisCalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Experiments in which Redis answers, but has lost its data, its durability or its scripts. */
final class DataExperiments {
    private static final Duration NOTICED = Duration.ofSeconds(8);
    private static final Duration BACK = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String FILES = "appendonlydir";

    private DataExperiments() {}

    /** Restarts Redis without its data, and later with it. */
    static void emptied(ExperimentRun run) {
        run.letLoadRun(5);
        Path data = run.cluster().redis().log().toAbsolutePath().getParent();
        run.cluster().redis().kill9();
        move(data.resolve(FILES), data.resolve("kept"));
        run.cluster().redis().restart();
        long emptied = System.nanoTime();
        awaitStandstill(run);
        assertNothingIsAcked(run, Duration.ofSeconds(8));
        run.cluster().redis().kill9();
        delete(data.resolve(FILES));
        move(data.resolve("kept"), data.resolve(FILES));
        run.cluster().redis().restart();
        run.recordMeasurement("Redis was empty for", since(emptied), PATIENCE);
        served(run);
    }

    /** Turns off the append-only file of Redis, and later turns it on again. */
    static void undurable(ExperimentRun run) {
        run.letLoadRun(5);
        long off = System.nanoTime();
        redis(run, "CONFIG", "SET", "appendonly", "no");
        awaitStandstill(run);
        run.recordMeasurement("acks stopped after", since(off), NOTICED);
        assertNothingIsAcked(run, Duration.ofSeconds(5));
        redis(run, "CONFIG", "SET", "appendonly", "yes");
        served(run);
    }

    /** Removes all scripts from Redis five times. */
    static void scripts(ExperimentRun run) {
        run.letLoadRun(5);
        for (int i = 0; i < 5; i++) {
            redis(run, "SCRIPT", "FLUSH");
            run.letLoadRun(2);
        }
        run.require(
                run.load().operator().failures().stream().noneMatch(failure -> failure.contains("store_unavailable")),
                "calls failed although Redis only lost its scripts");
        served(run);
    }

    /** Waits for acks that were on their way to the agents. */
    private static void awaitStandstill(ExperimentRun run) {
        Wait.until("the agents to have all acks", PATIENCE, () -> {
            long before = run.load().acked();
            Wait.pass(Duration.ofSeconds(1));
            return run.load().acked() == before;
        });
    }

    private static void assertNothingIsAcked(ExperimentRun run, Duration time) {
        long before = run.load().acked();
        Wait.pass(time);
        run.require(run.load().acked() == before, "events were acknowledged in a Redis that the nodes must not use");
        run.require(run.load().members().stream().noneMatch(LoadWorker::stopped), "an agent was told to stop for good");
    }

    private static void served(ExperimentRun run) {
        long back = System.nanoTime();
        run.cluster().awaitTogether(List.of(0, 1, 2), PATIENCE);
        long before = run.load().acked();
        run.load().awaitAllOnline(PATIENCE);
        Wait.until("acks to resume", PATIENCE, () -> run.load().acked() > before + 500);
        run.recordMeasurement("acks resumed after", since(back), BACK);
        CrossNodeDelivery.check(run);
        run.letLoadRun(5);
    }

    private static void redis(ExperimentRun run, String... command) {
        String unused = RedisCalls.call(run.cluster().redis().uri(), command);
    }

    private static Duration since(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private static void move(Path from, Path to) {
        try {
            Path unused = Files.move(from, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
