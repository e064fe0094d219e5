package dev.ganglion.chaos;

import dev.ganglion.agent.BackoffRange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Nodes that die or hang, and a Redis that does. The oldest node is the victim: it is the one that led the cluster. */
final class Deaths {
    private static final Duration FREED = Duration.ofSeconds(20);
    private static final Duration BACK = Duration.ofSeconds(20);
    private static final Duration DIRECTORY = Duration.ofSeconds(40);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Slow to return, so that a slot that it lost is found with the one who took it. */
    private static final BackoffRange SLOW =
            new BackoffRange(Duration.ofSeconds(3), Duration.ofSeconds(3), Duration.ofSeconds(4));

    private Deaths() {}

    /** {@code kill -9} of one node of three. */
    static void kill(Scene scene) {
        Member.Enrolled agent = scene.load().enrol("holder", 1);
        Member victim = scene.load().pin(agent, "victim", 0, SLOW);
        Wait.until("the victim to be online", PATIENCE, victim::online);
        scene.steady(5);
        long killed = System.nanoTime();
        Instant when = Instant.now();
        scene.trio().node(0).kill9();
        freed(scene, agent, killed);
        back(scene, when);
        scene.steady(5);
        scene.directoryAgrees(killed, DIRECTORY);
        scene.trio().node(0).start();
        scene.trio().awaitAll();
        scene.steady(5);
        Reach.check(scene);
    }

    /** A worker of the agent, whose one slot a dead or frozen node has, is let in elsewhere; and leaves again. */
    private static void freed(Scene scene, Member.Enrolled agent, long since) {
        Member probe = scene.knockUntilIn(agent, PATIENCE);
        Duration let = since(since);
        scene.figure("new worker at the cap admitted after", let, FREED);
        Duration gone = Wait.until(
                        "the dead slot to be out of sight",
                        PATIENCE,
                        () -> !scene.shows(1, agent, "victim") && !scene.shows(2, agent, "victim"))
                .plus(let);
        scene.figure("slot out of REST after", gone, FREED);
        probe.agent().stop(Duration.ZERO).await();
    }

    /** By the agents' own clocks, so that it does not matter when this asks. */
    private static void back(Scene scene, Instant since) {
        Wait.until(
                "all agents to be back elsewhere",
                PATIENCE,
                () -> scene.load().members().stream()
                        .filter(member -> !member.worker().equals("victim"))
                        .allMatch(member -> member.online() && member.node() > 0));
        Instant last = scene.load().members().stream()
                .flatMap(member -> member.onlineSince().stream())
                .max(Instant::compareTo)
                .orElse(since);
        scene.figure("all agents back elsewhere after", Duration.between(since, last), BACK);
    }

    private static Duration since(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** SIGSTOP, and SIGCONT after a while in which others took what the node had. */
    static void freeze(Scene scene) {
        Duration frozenFor = Duration.ofSeconds(scene.quick() ? 20 : 45);
        Member.Enrolled agent = scene.load().enrol("holder", 1);
        Member victim = scene.load().pin(agent, "victim", 0, SLOW);
        Wait.until("the victim to be online", PATIENCE, victim::online);
        scene.steady(5);
        long frozen = System.nanoTime();
        Instant when = Instant.now();
        scene.freeze(0);
        Member probe = scene.knockUntilIn(agent, PATIENCE);
        scene.figure("new worker at the cap admitted after", since(frozen), FREED);
        Wait.until("the lost slot to be out of sight", PATIENCE, () -> !scene.shows(1, agent, "victim"));
        scene.figure("slot out of REST after", since(frozen), FREED);
        back(scene, when);
        Wait.pass(frozenFor.minus(since(frozen)));
        int endings = victim.endings().size();
        scene.require(victim.online(), "the victim is not on the frozen node any more: " + victim.endings());
        long thawed = System.nanoTime();
        scene.thaw(0);
        Wait.until(
                "the awakened node to close what it lost",
                PATIENCE,
                () -> victim.endings().size() > endings);
        scene.figure("awakened node closed the lost session after", since(thawed), Scene.CLOSED);
        scene.figure("the victim was told: " + victim.endings().get(endings).reason());
        probe.agent().stop(Duration.ZERO).await();
        scene.trio().awaitTogether(List.of(0, 1, 2), PATIENCE);
        scene.figure("all nodes together again after", since(thawed), Duration.ofSeconds(40));
        Wait.until("the victim to be back", PATIENCE, victim::online);
        scene.figure(String.format(
                "late writes of the awakened node that were refused: %.0f",
                scene.trio().calls(0).metric("ganglion_writes_fenced_total")));
        scene.directoryAgrees(thawed, DIRECTORY);
        Reach.check(scene);
        scene.steady(5);
    }

    /** SIGSTOP for so long that the cluster gives the node up, and so short that its record in Redis stands. */
    static void hiccup(Scene scene) {
        for (int node = 0; node < Trio.SIZE - 1; node++) {
            scene.steady(4);
            scene.freeze(node);
            Wait.pass(Duration.ofSeconds(8));
            long thawed = System.nanoTime();
            scene.thaw(node);
            scene.trio().awaitTogether(List.of(0, 1, 2), PATIENCE);
            scene.figure("all nodes together after the hiccup of node " + node, since(thawed), DIRECTORY);
            scene.load().awaitAllOnline(PATIENCE);
            scene.directoryAgrees(thawed, DIRECTORY);
        }
        Reach.check(scene);
        scene.steady(8);
        Reach.check(scene);
    }

    /** Two of three at once; and, the cluster being whole again, one after the other. */
    static void two(Scene scene) {
        scene.steady(5);
        long killed = System.nanoTime();
        scene.trio().node(0).kill9();
        scene.trio().node(1).kill9();
        alone(scene, killed, "survivor of 3 -> 1 ready and alone after");
        scene.steady(3);
        scene.trio().node(0).start();
        scene.trio().node(1).start();
        scene.trio().awaitAll();
        scene.steady(3);
        scene.trio().node(1).kill9();
        scene.trio().awaitTogether(List.of(0, 2), PATIENCE);
        scene.steady(3);
        killed = System.nanoTime();
        scene.trio().node(0).kill9();
        alone(scene, killed, "survivor of 2 -> 1 ready and alone after");
        scene.trio().node(0).start();
        scene.trio().node(1).start();
        scene.trio().awaitAll();
        Reach.check(scene);
    }

    private static void alone(Scene scene, long killed, String what) {
        scene.trio().awaitTogether(List.of(2), PATIENCE);
        scene.figure(what, since(killed), FREED);
        Wait.until(
                "all agents to be on the survivor",
                PATIENCE,
                () -> scene.load().members().stream().allMatch(member -> member.online() && member.node() == 2));
        scene.figure("all agents there after", since(killed), BACK);
        scene.directoryAgrees(killed, DIRECTORY);
    }

    /** {@code kill -9} of Redis, and its restart, while three nodes are busy. */
    static void redis(Scene scene) {
        scene.steady(5);
        long acked = scene.load().acked();
        long killed = System.nanoTime();
        scene.trio().redis().kill9();
        Wait.pass(Duration.ofSeconds(3));
        scene.trio().redis().restart();
        scene.figure("Redis was away for", since(killed), PATIENCE);
        scene.require(acked > 0, "nothing was acked before");
        scene.trio().awaitTogether(List.of(0, 1, 2), PATIENCE);
        scene.figure("all nodes ready after", since(killed), BACK);
        long before = scene.load().acked();
        scene.load().awaitAllOnline(PATIENCE);
        Wait.until("acks to come again", PATIENCE, () -> scene.load().acked() > before + 500);
        scene.figure("acks again after", since(killed), BACK);
        scene.directoryAgrees(killed, DIRECTORY);
        Reach.check(scene);
        scene.steady(5);
    }
}
