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
    static void kill(ExperimentRun scene) {
        LoadWorker.Enrolled agent = scene.load().enrol("holder", 1);
        LoadWorker victim = scene.load().pin(agent, "victim", 0, SLOW);
        Wait.until("the victim to be online", PATIENCE, victim::online);
        scene.letLoadRun(5);
        long killed = System.nanoTime();
        Instant when = Instant.now();
        scene.trio().node(0).kill9();
        freed(scene, agent, killed);
        back(scene, when);
        scene.letLoadRun(5);
        scene.awaitDirectoryMatchesSockets(killed, DIRECTORY);
        scene.trio().node(0).start();
        scene.trio().awaitAll();
        scene.letLoadRun(5);
        CrossNodeDelivery.check(scene);
    }

    /**
     * Measures the time until another node admits a worker whose agent's only slot belonged to a dead or frozen node.
     * The worker then disconnects.
     */
    private static void freed(ExperimentRun scene, LoadWorker.Enrolled agent, long since) {
        LoadWorker probe = scene.connectUntilAdmitted(agent, PATIENCE);
        Duration let = since(since);
        scene.recordMeasurement("new worker at the cap admitted after", let, FREED);
        Duration gone = Wait.until(
                        "REST to stop listing the dead slot",
                        PATIENCE,
                        () -> !scene.shows(1, agent, "victim") && !scene.shows(2, agent, "victim"))
                .plus(let);
        scene.recordMeasurement("slot gone from REST after", gone, FREED);
        probe.agent().stop(Duration.ZERO).await();
    }

    /**
     * Measures the time until all agents have reconnected. The agents' own clocks determine it, so the time of this
     * check does not matter.
     */
    private static void back(ExperimentRun scene, Instant since) {
        Wait.until(
                "all agents to reconnect to other nodes",
                PATIENCE,
                () -> scene.load().members().stream()
                        .filter(member -> !member.worker().equals("victim"))
                        .allMatch(member -> member.online() && member.node() > 0));
        Instant last = scene.load().members().stream()
                .flatMap(member -> member.onlineSince().stream())
                .max(Instant::compareTo)
                .orElse(since);
        scene.recordMeasurement("all agents on other nodes after", Duration.between(since, last), BACK);
    }

    private static Duration since(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** Freezes a node with SIGSTOP, and resumes it with SIGCONT after other nodes have taken over its slots. */
    static void freeze(ExperimentRun scene) {
        Duration frozenFor = Duration.ofSeconds(scene.quick() ? 20 : 45);
        LoadWorker.Enrolled agent = scene.load().enrol("holder", 1);
        LoadWorker victim = scene.load().pin(agent, "victim", 0, SLOW);
        Wait.until("the victim to be online", PATIENCE, victim::online);
        scene.letLoadRun(5);
        long frozen = System.nanoTime();
        Instant when = Instant.now();
        scene.freeze(0);
        LoadWorker probe = scene.connectUntilAdmitted(agent, PATIENCE);
        scene.recordMeasurement("new worker at the cap admitted after", since(frozen), FREED);
        Wait.until("REST to stop listing the lost slot", PATIENCE, () -> !scene.shows(1, agent, "victim"));
        scene.recordMeasurement("slot gone from REST after", since(frozen), FREED);
        back(scene, when);
        Wait.pass(frozenFor.minus(since(frozen)));
        int endings = victim.endings().size();
        scene.require(victim.online(), "the victim has left the frozen node: " + victim.endings());
        long thawed = System.nanoTime();
        scene.thaw(0);
        Wait.until(
                "the resumed node to close the lost session",
                PATIENCE,
                () -> victim.endings().size() > endings);
        scene.recordMeasurement("resumed node closed the lost session after", since(thawed), ExperimentRun.CLOSED);
        scene.recordMeasurement("reason that the victim received: "
                + victim.endings().get(endings).reason());
        probe.agent().stop(Duration.ZERO).await();
        scene.trio().awaitTogether(List.of(0, 1, 2), PATIENCE);
        scene.recordMeasurement("all nodes in one cluster again after", since(thawed), Duration.ofSeconds(40));
        Wait.until("the victim to reconnect", PATIENCE, victim::online);
        scene.recordMeasurement(String.format(
                "rejected late writes of the resumed node: %.0f",
                scene.trio().calls(0).metric("ganglion_writes_fenced_total")));
        scene.awaitDirectoryMatchesSockets(thawed, DIRECTORY);
        CrossNodeDelivery.check(scene);
        scene.letLoadRun(5);
    }

    /** Freezes a node long enough that the cluster removes it, but so briefly that its record in Redis remains. */
    static void hiccup(ExperimentRun scene) {
        for (int node = 0; node < ThreeNodes.SIZE - 1; node++) {
            scene.letLoadRun(4);
            scene.freeze(node);
            Wait.pass(Duration.ofSeconds(8));
            long thawed = System.nanoTime();
            scene.thaw(node);
            scene.trio().awaitTogether(List.of(0, 1, 2), PATIENCE);
            scene.recordMeasurement(
                    "all nodes in one cluster after the hiccup of node " + node, since(thawed), DIRECTORY);
            scene.load().awaitAllOnline(PATIENCE);
            scene.awaitDirectoryMatchesSockets(thawed, DIRECTORY);
        }
        CrossNodeDelivery.check(scene);
        scene.letLoadRun(8);
        CrossNodeDelivery.check(scene);
    }

    /** Kills two of three nodes at once; then, after the cluster has recovered, one after the other. */
    static void two(ExperimentRun scene) {
        scene.letLoadRun(5);
        long killed = System.nanoTime();
        scene.trio().node(0).kill9();
        scene.trio().node(1).kill9();
        alone(scene, killed, "survivor of 3 -> 1 ready in a cluster of one after");
        scene.letLoadRun(3);
        scene.trio().node(0).start();
        scene.trio().node(1).start();
        scene.trio().awaitAll();
        scene.letLoadRun(3);
        scene.trio().node(1).kill9();
        scene.trio().awaitTogether(List.of(0, 2), PATIENCE);
        scene.letLoadRun(3);
        killed = System.nanoTime();
        scene.trio().node(0).kill9();
        alone(scene, killed, "survivor of 2 -> 1 ready in a cluster of one after");
        scene.trio().node(0).start();
        scene.trio().node(1).start();
        scene.trio().awaitAll();
        CrossNodeDelivery.check(scene);
    }

    private static void alone(ExperimentRun scene, long killed, String what) {
        scene.trio().awaitTogether(List.of(2), PATIENCE);
        scene.recordMeasurement(what, since(killed), FREED);
        Wait.until(
                "all agents to be on the survivor",
                PATIENCE,
                () -> scene.load().members().stream().allMatch(member -> member.online() && member.node() == 2));
        scene.recordMeasurement("all agents on the survivor after", since(killed), BACK);
        scene.awaitDirectoryMatchesSockets(killed, DIRECTORY);
    }

    /** Kills Redis with {@code kill -9} and restarts it while three nodes are busy. */
    static void redis(ExperimentRun scene) {
        scene.letLoadRun(5);
        long acked = scene.load().acked();
        long killed = System.nanoTime();
        scene.trio().redis().kill9();
        Wait.pass(Duration.ofSeconds(3));
        scene.trio().redis().restart();
        scene.recordMeasurement("Redis was down for", since(killed), PATIENCE);
        scene.require(acked > 0, "nothing was acknowledged before the fault");
        scene.trio().awaitTogether(List.of(0, 1, 2), PATIENCE);
        scene.recordMeasurement("all nodes ready after", since(killed), BACK);
        long before = scene.load().acked();
        scene.load().awaitAllOnline(PATIENCE);
        Wait.until("acks to resume", PATIENCE, () -> scene.load().acked() > before + 500);
        scene.recordMeasurement("acks resumed after", since(killed), BACK);
        scene.awaitDirectoryMatchesSockets(killed, DIRECTORY);
        CrossNodeDelivery.check(scene);
        scene.letLoadRun(5);
    }
}
