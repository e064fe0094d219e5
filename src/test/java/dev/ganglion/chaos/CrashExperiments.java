package dev.ganglion.chaos;

import dev.ganglion.agent.BackoffRange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Experiments in which nodes or Redis crash or hang. The victim is the oldest node, which led the cluster. */
final class CrashExperiments {
    private static final Duration FREED = Duration.ofSeconds(20);
    private static final Duration BACK = Duration.ofSeconds(20);
    private static final Duration DIRECTORY = Duration.ofSeconds(40);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Slow back-off, so that the test sees a lost slot with its new holder before the victim returns. */
    private static final BackoffRange SLOW =
            new BackoffRange(Duration.ofSeconds(3), Duration.ofSeconds(3), Duration.ofSeconds(4));

    private CrashExperiments() {}

    /** Kills one of three nodes with {@code kill -9}. */
    static void kill(ExperimentRun run) {
        LoadWorker.Enrolled agent = run.load().enrol("holder", 1);
        LoadWorker victim = run.load().pin(agent, "victim", 0, SLOW);
        Wait.until("the victim to be online", PATIENCE, victim::online);
        run.letLoadRun(5);
        long killed = System.nanoTime();
        Instant when = Instant.now();
        run.cluster().node(0).kill9();
        freed(run, agent, killed);
        back(run, when);
        run.letLoadRun(5);
        run.awaitDirectoryMatchesSockets(killed, DIRECTORY);
        run.cluster().node(0).start();
        run.cluster().awaitAll();
        run.letLoadRun(5);
        CrossNodeDelivery.check(run);
    }

    /**
     * Measures the time until another node admits a worker whose agent's only slot belonged to a dead or frozen node.
     * The worker then disconnects.
     */
    private static void freed(ExperimentRun run, LoadWorker.Enrolled agent, long since) {
        LoadWorker probe = run.connectUntilAdmitted(agent, PATIENCE);
        Duration let = since(since);
        run.recordMeasurement("new worker at the cap admitted after", let, FREED);
        Duration gone = Wait.until(
                        "REST to stop listing the dead slot",
                        PATIENCE,
                        () -> !run.shows(1, agent, "victim") && !run.shows(2, agent, "victim"))
                .plus(let);
        run.recordMeasurement("slot gone from REST after", gone, FREED);
        probe.agent().stop(Duration.ZERO).await();
    }

    /**
     * Measures the time until all agents have reconnected. The agents' own clocks determine it, so the time of this
     * check does not matter.
     */
    private static void back(ExperimentRun run, Instant since) {
        Wait.until(
                "all agents to reconnect to other nodes",
                PATIENCE,
                () -> run.load().members().stream()
                        .filter(member -> !member.worker().equals("victim"))
                        .allMatch(member -> member.online() && member.node() > 0));
        Instant last = run.load().members().stream()
                .flatMap(member -> member.onlineSince().stream())
                .max(Instant::compareTo)
                .orElse(since);
        run.recordMeasurement("all agents on other nodes after", Duration.between(since, last), BACK);
    }

    private static Duration since(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** Freezes a node with SIGSTOP, and resumes it with SIGCONT after other nodes have taken over its slots. */
    static void freeze(ExperimentRun run) {
        Duration frozenFor = Duration.ofSeconds(run.quick() ? 20 : 45);
        LoadWorker.Enrolled agent = run.load().enrol("holder", 1);
        LoadWorker victim = run.load().pin(agent, "victim", 0, SLOW);
        Wait.until("the victim to be online", PATIENCE, victim::online);
        run.letLoadRun(5);
        long frozen = System.nanoTime();
        Instant when = Instant.now();
        run.freeze(0);
        LoadWorker probe = run.connectUntilAdmitted(agent, PATIENCE);
        run.recordMeasurement("new worker at the cap admitted after", since(frozen), FREED);
        Wait.until("REST to stop listing the lost slot", PATIENCE, () -> !run.shows(1, agent, "victim"));
        run.recordMeasurement("slot gone from REST after", since(frozen), FREED);
        back(run, when);
        Wait.pass(frozenFor.minus(since(frozen)));
        int endings = victim.endings().size();
        run.require(victim.online(), "the victim has left the frozen node: " + victim.endings());
        long thawed = System.nanoTime();
        run.thaw(0);
        Wait.until(
                "the resumed node to close the lost session",
                PATIENCE,
                () -> victim.endings().size() > endings);
        run.recordMeasurement("resumed node closed the lost session after", since(thawed), ExperimentRun.CLOSED);
        run.recordMeasurement("reason that the victim received: "
                + victim.endings().get(endings).reason());
        probe.agent().stop(Duration.ZERO).await();
        run.cluster().awaitTogether(List.of(0, 1, 2), PATIENCE);
        run.recordMeasurement("all nodes in one cluster again after", since(thawed), Duration.ofSeconds(40));
        Wait.until("the victim to reconnect", PATIENCE, victim::online);
        run.recordMeasurement(String.format(
                "rejected late writes of the resumed node: %.0f",
                run.cluster().calls(0).metric("ganglion_writes_fenced_total")));
        run.awaitDirectoryMatchesSockets(thawed, DIRECTORY);
        CrossNodeDelivery.check(run);
        run.letLoadRun(5);
    }

    /** Freezes a node long enough that the cluster removes it, but so briefly that its record in Redis remains. */
    static void hiccup(ExperimentRun run) {
        for (int node = 0; node < ThreeNodes.SIZE - 1; node++) {
            run.letLoadRun(4);
            run.freeze(node);
            Wait.pass(Duration.ofSeconds(8));
            long thawed = System.nanoTime();
            run.thaw(node);
            run.cluster().awaitTogether(List.of(0, 1, 2), PATIENCE);
            run.recordMeasurement(
                    "all nodes in one cluster after the hiccup of node " + node, since(thawed), DIRECTORY);
            run.load().awaitAllOnline(PATIENCE);
            run.awaitDirectoryMatchesSockets(thawed, DIRECTORY);
        }
        CrossNodeDelivery.check(run);
        run.letLoadRun(8);
        CrossNodeDelivery.check(run);
    }

    /** Kills two of three nodes at once; then, after the cluster has recovered, one after the other. */
    static void two(ExperimentRun run) {
        run.letLoadRun(5);
        long killed = System.nanoTime();
        run.cluster().node(0).kill9();
        run.cluster().node(1).kill9();
        alone(run, killed, "survivor of 3 -> 1 ready in a cluster of one after");
        run.letLoadRun(3);
        run.cluster().node(0).start();
        run.cluster().node(1).start();
        run.cluster().awaitAll();
        run.letLoadRun(3);
        run.cluster().node(1).kill9();
        run.cluster().awaitTogether(List.of(0, 2), PATIENCE);
        run.letLoadRun(3);
        killed = System.nanoTime();
        run.cluster().node(0).kill9();
        alone(run, killed, "survivor of 2 -> 1 ready in a cluster of one after");
        run.cluster().node(0).start();
        run.cluster().node(1).start();
        run.cluster().awaitAll();
        CrossNodeDelivery.check(run);
    }

    private static void alone(ExperimentRun run, long killed, String what) {
        run.cluster().awaitTogether(List.of(2), PATIENCE);
        run.recordMeasurement(what, since(killed), FREED);
        Wait.until(
                "all agents to be on the survivor",
                PATIENCE,
                () -> run.load().members().stream().allMatch(member -> member.online() && member.node() == 2));
        run.recordMeasurement("all agents on the survivor after", since(killed), BACK);
        run.awaitDirectoryMatchesSockets(killed, DIRECTORY);
    }

    /** Kills Redis with {@code kill -9} and restarts it while three nodes are busy. */
    static void redis(ExperimentRun run) {
        run.letLoadRun(5);
        long acked = run.load().acked();
        long killed = System.nanoTime();
        run.cluster().redis().kill9();
        Wait.pass(Duration.ofSeconds(3));
        run.cluster().redis().restart();
        run.recordMeasurement("Redis was down for", since(killed), PATIENCE);
        run.require(acked > 0, "nothing was acknowledged before the fault");
        run.cluster().awaitTogether(List.of(0, 1, 2), PATIENCE);
        run.recordMeasurement("all nodes ready after", since(killed), BACK);
        long before = run.load().acked();
        run.load().awaitAllOnline(PATIENCE);
        Wait.until("acks to resume", PATIENCE, () -> run.load().acked() > before + 500);
        run.recordMeasurement("acks resumed after", since(killed), BACK);
        run.awaitDirectoryMatchesSockets(killed, DIRECTORY);
        CrossNodeDelivery.check(run);
        run.letLoadRun(5);
    }
}
