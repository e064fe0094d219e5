package dev.ganglion.chaos;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Experiments in which nodes shut down in order. */
final class ShutdownExperiments {
    private static final Duration WINDOW = Duration.ofSeconds(5);
    private static final Duration LEFT = Duration.ofSeconds(20);

    private ShutdownExperiments() {}

    /** Shuts one node down with SIGTERM; the node closes its agents' connections over the drain window. */
    static void drain(ExperimentRun run) {
        run.letLoadRun(5);
        leave(run, 1);
        run.cluster().awaitTogether(List.of(0, 2), LEFT);
        run.load().awaitAllOnline(LEFT);
        run.letLoadRun(5);
        noCallFailed(run);
    }

    /** Shuts down and restarts one node after the other. */
    static void rolling(ExperimentRun run) {
        for (int node = 0; node < ThreeNodes.SIZE; node++) {
            run.letLoadRun(4);
            leave(run, node);
            run.cluster().node(node).start();
            run.cluster().awaitAll();
            run.load().awaitAllOnline(LEFT);
        }
        run.letLoadRun(4);
        noCallFailed(run);
        run.awaitDirectoryMatchesSockets(System.nanoTime(), LEFT);
        CrossNodeDelivery.check(run);
    }

    private static void leave(ExperimentRun run, int node) {
        long begun = System.nanoTime();
        List<LoadWorker> agents = run.load().members().stream()
                .filter(member -> member.node() == node)
                .toList();
        run.cluster().node(node).terminate();
        boolean ended = run.cluster().node(node).endsWithin(LEFT);
        run.require(ended, "node " + node + " did not end within " + LEFT.toSeconds() + " s");
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        List<LoadWorker.Ending> sent = agents.stream()
                .flatMap(member -> member.endings().stream())
                .filter(ending -> ending.at() > begun && ending.node() == node)
                .toList();
        long closedInOrder =
                sent.stream().filter(ending -> ending.reason().contains("1001")).count();
        long[] times = sent.stream().mapToLong(LoadWorker.Ending::at).sorted().toArray();
        double spread = times.length < 2 ? 0 : (times[times.length - 1] - times[0]) / 1e9;
        long busiest = IntStream.range(0, times.length)
                .mapToLong(i -> Arrays.stream(times)
                        .filter(at -> at >= times[i] && at < times[i] + 500_000_000L)
                        .count())
                .max()
                .orElse(0);
        run.recordMeasurement(String.format(
                "node %d: %d agents closed with 1001 over %.1f s (at most %d in half a second), process ended after"
                        + " %.1f s",
                node, closedInOrder, spread, busiest, took.toMillis() / 1e3));
        run.require(
                closedInOrder == sent.size(),
                "agents of node " + node + " were closed with other codes: "
                        + sent.stream()
                                .filter(ending -> !ending.reason().contains("1001"))
                                .map(LoadWorker.Ending::reason)
                                .distinct()
                                .toList());
        run.require(
                agents.size() < 4 || spread > WINDOW.toSeconds() / 2.0,
                "the agents of node " + node + " were all closed within " + spread + " s");
    }

    private static void noCallFailed(ExperimentRun run) {
        List<String> failures = run.load().operator().failures();
        run.require(
                failures.isEmpty(),
                failures.size() + " REST calls failed: "
                        + failures.stream().limit(5).toList());
    }
}
