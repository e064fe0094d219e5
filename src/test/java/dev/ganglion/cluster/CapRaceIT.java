package dev.ganglion.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.BrainInternals;
import dev.ganglion.testing.agent.Swarm;
import dev.ganglion.testing.agent.Swarm.Caller;
import dev.ganglion.testing.brain.ClusterExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.log.QuietLog;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Tests that three nodes together never exceed an agent's connection cap, by the slots in Redis and by the open
 * sockets.
 */
class CapRaceIT {
    private static final int CAP = 64;
    private static final int CALLERS = 500;
    private static final int ROUNDS = 20;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @RegisterExtension
    static final ClusterExtension nodes =
            new ClusterExtension().with("agent.handshake-rate", "0").with("agent.connection-cap", String.valueOf(CAP));

    private static final Swarm swarm = new Swarm();

    @RegisterExtension
    final QuietLog log = new QuietLog().withThreadsWatched();

    @AfterAll
    static void closeSwarm() {
        swarm.close();
    }

    private static String slotsKey(EnrolledAgent agent) {
        String project =
                nodes.rest(0).get("/projects/" + agent.slug()).expect(200).getString("id");
        return "{" + project + "/0}:agent:" + agent.id() + ":slots";
    }

    private static int slots(String key) {
        return Integer.parseInt(nodes.first().redis().call("HLEN", key));
    }

    private static int held(EnrolledAgent agent) {
        int held = 0;
        for (int i = 0; i < 3; i++) {
            held += (int) BrainInternals.slots(nodes.brain(i)).held().stream()
                    .filter(session -> session.agentId().equals(agent.id()))
                    .count();
        }
        return held;
    }

    private static int online(List<Caller> callers) {
        return (int) callers.stream().filter(Caller::online).count();
    }

    @Test
    void admitsSixtyFourOfFiveHundredConcurrentCallers() throws Exception {
        EnrolledAgent agent = nodes.first().agent();
        String key = slotsKey(agent);
        for (int round = 0; round < ROUNDS; round++) {
            List<Caller> callers = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                callers.add(swarm.connect(nodes.port(i % 3), agent, "w" + i));
            }
            CompletableFuture<Void> all = CompletableFuture.allOf(
                    callers.stream().map(Caller::decided).toArray(CompletableFuture[]::new));
            int most = 0;
            int samples = 0;
            for (long end = System.nanoTime() + LIMIT.toNanos(); !all.isDone() && System.nanoTime() < end; samples++) {
                most = Math.max(most, Math.max(slots(key), Math.max(held(agent), online(callers))));
            }
            all.get(1, TimeUnit.SECONDS);
            assertThat(most).as("round %d, of %d samples", round, samples).isLessThanOrEqualTo(CAP);
            assertThat(ends(callers)).as("round %d", round).isEqualTo(Map.of(0, CAP, 4429, CALLERS - CAP));
            assertThat(slots(key)).isEqualTo(CAP);
            assertThat(online(callers)).isEqualTo(CAP);

            callers.forEach(Caller::close);
            Awaitility.await()
                    .atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(20))
                    .untilAsserted(() -> assertThat(List.of(slots(key), held(agent), online(callers)))
                            .containsOnly(0));
            Awaitility.await()
                    .atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(20))
                    .untilAsserted(() -> assertThat(holds(agent)).isEmpty());
        }
    }

    private static List<SlotHold> holds(EnrolledAgent agent) {
        return ((SharedSlots) BrainInternals.slots(nodes.brain(1)))
                .holds(agent.id())
                .await();
    }

    private static Map<Integer, Integer> ends(List<Caller> callers) {
        return callers.stream().collect(Collectors.toMap(Caller::end, caller -> 1, Integer::sum, TreeMap::new));
    }

    @Test
    void replacesASessionOfTheSameWorkerProcessAtTheCap() throws Exception {
        EnrolledAgent agent = nodes.first().agent(nodes.first().project(), cap(3));
        List<Caller> first = connect(agent, 3);
        List<Caller> second = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            second.add(swarm.connect(nodes.port((i + 1) % 3), agent, "w" + i));
        }
        for (Caller caller : second) {
            assertThat(caller.decided().get(30, TimeUnit.SECONDS).online()).isTrue();
        }
        Awaitility.await()
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(ends(first)).isEqualTo(Map.of(4002, 3)));
        assertThat(online(second)).isEqualTo(3);
        second.forEach(Caller::close);
    }

    private static List<Caller> connect(EnrolledAgent agent, int count) throws Exception {
        List<Caller> callers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Caller caller = swarm.connect(nodes.port(i % 3), agent, "w" + i);
            callers.add(caller.decided().get(30, TimeUnit.SECONDS));
        }
        return callers;
    }

    private static JsonObject cap(int cap) {
        return new JsonObject().put("connection_cap", cap);
    }

    @Test
    void prefersTheAgentsCapToTheProjectsAndTheProjectsToTheNodes() throws Exception {
        String project = nodes.first().project(cap(4));
        JsonObject none = new JsonObject();
        assertThat(ends(connect(nodes.first().agent(project, none), 6))).isEqualTo(Map.of(0, 4, 4429, 2));
        assertThat(ends(connect(nodes.first().agent(project, cap(2)), 6))).isEqualTo(Map.of(0, 2, 4429, 4));
        assertThat(ends(connect(nodes.first().agent(project, cap(0)), CAP + 3)))
                .as("cap 0 means no cap")
                .isEqualTo(Map.of(0, CAP + 3));
        EnrolledAgent free = nodes.first().agent(nodes.first().project(cap(0)), none);
        assertThat(ends(connect(free, CAP + 3))).isEqualTo(Map.of(0, CAP + 3));
        assertThat(ends(connect(nodes.first().agent(), CAP + 3))).isEqualTo(Map.of(0, CAP, 4429, 3));
    }

    @Test
    void keepsTheLaterOfTwoConcurrentClaimsByRedisOrder() throws Exception {
        EnrolledAgent agent = nodes.first().agent(nodes.first().project(), cap(1));
        String key = slotsKey(agent);
        Caller before = connect(agent, 1).get(0);
        for (int round = 0; round < 200; round++) {
            List<Caller> two = List.of(
                    swarm.connect(nodes.port(round % 3), agent, "w0"),
                    swarm.connect(nodes.port((round + 1) % 3), agent, "w0"));
            for (Caller caller : two) {
                caller.decided().get(30, TimeUnit.SECONDS);
            }
            Caller last = before;
            Awaitility.await()
                    .atMost(LIMIT)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(5))
                    .untilAsserted(() -> assertThat(List.of(
                                    last.end(), two.get(0).end() + two.get(1).end()))
                            .containsOnly(4002));
            Caller winner = two.get(two.get(0).online() ? 0 : 1);
            assertThat(winner.online()).isTrue();
            String[] slot = nodes.first().redis().call("HGET", key, "w0").split("\\|", -1);
            assertThat(slot[0]).as("round %d", round).isEqualTo(winner.sessionId());
            assertThat(slot[2]).as("epoch of the claim").isEqualTo(String.valueOf(1 + 2 * (round + 1)));
            before = winner;
        }
        Caller winner = before;
        Awaitility.await()
                .atMost(LIMIT)
                .untilAsserted(() ->
                        assertThat(holds(agent)).extracting(SlotHold::session).containsExactly(winner.sessionId()));
        assertThat(BrainInternals.slots(nodes.brain(0)).nodesOf(agent.id()).await())
                .isEqualTo(Set.of(nodeOf(key)));
        winner.close();
    }

    private static String nodeOf(String key) {
        return nodes.first().redis().call("HGET", key, "w0").split("\\|", -1)[1];
    }
}
