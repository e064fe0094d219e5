package dev.ganglion.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.BrainInternals;
import dev.ganglion.testing.brain.ClusterExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.http.Rest;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.wire.Ending;
import dev.ganglion.testing.wire.WireAgent;
import dev.ganglion.testing.wire.WireFrames;
import java.time.Duration;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests which node owns a slot while its worker process moves between nodes, and the metrics of these moves. */
class OwnershipIT {
    private static final int ALTERNATIONS = 1_000;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @RegisterExtension
    static final ClusterExtension nodes = new ClusterExtension().with("agent.handshake-rate", "0");

    @RegisterExtension
    final QuietLog log = new QuietLog().withThreadsWatched();

    private static String slotsKey(EnrolledAgent agent) {
        String project =
                nodes.rest(0).get("/projects/" + agent.slug()).expect(200).getString("id");
        return "{" + project + "/0}:agent:" + agent.id() + ":slots";
    }

    private static String slot(EnrolledAgent agent, String worker) {
        return nodes.first().redis().call("HGET", slotsKey(agent), worker);
    }

    private static double metric(int node, String name) {
        Rest.Response answer = nodes.rest(node).call("GET", "/metrics", null);
        assertThat(answer.status()).isEqualTo(200);
        return answer.text()
                .lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static double fenced() {
        return metric(2, "ganglion_writes_fenced_total");
    }

    private static double sum(String name) {
        return metric(0, name) + metric(1, name) + metric(2, name);
    }

    private static Set<String> owners(int node, EnrolledAgent agent) {
        return BrainInternals.slots(nodes.brain(node)).nodesOf(agent.id()).await();
    }

    @Test
    void keepsOneSessionOfAWorkerProcessThatMovesAThousandTimes() {
        EnrolledAgent agent = nodes.first().agent();
        double moved = sum("ganglion_slots_moved_total");
        int slow = 0;
        WireAgent last = nodes.connect(0, agent, "w");
        for (int i = 1; i <= ALTERNATIONS; i++) {
            WireAgent next = nodes.connect(i % 3, agent, "w");
            long from = System.nanoTime();
            Ending ending = last.ending();
            if (System.nanoTime() - from > Duration.ofSeconds(1).toNanos()) {
                slow++;
            }
            assertThat(ending.code()).as("alternation %d", i).isEqualTo(4002);
            assertThat(ending.fatalError()).isEqualTo("displaced");
            last.close();
            last = next;
        }
        try (WireAgent live = last) {
            assertThat(slow).as("displaced after more than a second").isLessThanOrEqualTo(ALTERNATIONS / 100);
            Awaitility.await()
                    .atMost(LIMIT)
                    .untilAsserted(() -> assertThat(sum("z4j_ws_connections"))
                            .as("all replaced connections are closed")
                            .isEqualTo(1));
            String owner = nodes.id(ALTERNATIONS % 3);
            assertThat(slot(agent, "w")).startsWith(live.sessionId() + "|" + owner + "|" + (ALTERNATIONS + 1) + "|");
            assertThat(live.ingest(WireFrames.event()).accepted()).isEqualTo(1);
            for (int i = 0; i < 3; i++) {
                int node = i;
                Awaitility.await()
                        .atMost(LIMIT)
                        .untilAsserted(() -> assertThat(owners(node, agent)).containsExactly(owner));
            }
            assertThat(sum("ganglion_slots")).isEqualTo(1);
            assertThat(metric(ALTERNATIONS % 3, "ganglion_slots")).isEqualTo(1);
            assertThat(sum("ganglion_slots_moved_total") - moved).isEqualTo(ALTERNATIONS);
            try (WireAgent again = nodes.connect(ALTERNATIONS % 3, agent, "w")) {
                assertThat(live.ending().code()).isEqualTo(4002);
                assertThat(again.ingest(WireFrames.event()).accepted()).isEqualTo(1);
            }
            assertThat(sum("ganglion_slots_moved_total") - moved)
                    .as("a move on the same node does not count")
                    .isEqualTo(ALTERNATIONS);
        }
        assertEverySlotIsFree(agent);
    }

    private static void assertEverySlotIsFree(EnrolledAgent agent) {
        Awaitility.await()
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(slot(agent, "w")).isEmpty());
        Awaitility.await()
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(owners(1, agent)).isEmpty());
        Awaitility.await()
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(sum("ganglion_slots")).isEqualTo(0));
    }

    @Test
    void reportsThreeMembersAndNoSplitOnEveryNode() {
        for (int i = 0; i < 3; i++) {
            assertThat(metric(i, "ganglion_cluster_members")).isEqualTo(3);
            assertThat(metric(i, "ganglion_cluster_cut_off")).isZero();
        }
    }

    @Test
    void reassertsAndCountsSlotsThatTheDirectoryLost() {
        EnrolledAgent agent = nodes.first().agent();
        double before = metric(1, "ganglion_slots_reasserted_total");
        try (WireAgent worker = nodes.connect(1, agent, "w")) {
            Awaitility.await().atMost(LIMIT).until(() -> !owners(0, agent).isEmpty());
            SharedSlots slots = (SharedSlots) BrainInternals.slots(nodes.brain(2));
            slots.hazelcast().getMap(MemberConfig.SLOTS).delete(agent.id());
            assertThat(owners(0, agent)).isEmpty();

            Awaitility.await()
                    .atMost(LIMIT)
                    .untilAsserted(() -> assertThat(owners(0, agent)).containsExactly(nodes.id(1)));
            Awaitility.await()
                    .atMost(LIMIT)
                    .untilAsserted(() -> assertThat(metric(1, "ganglion_slots_reasserted_total") - before)
                            .isBetween(1.0, 2.0));
            assertThat(worker.ingest(WireFrames.event()).accepted()).isEqualTo(1);
        }
    }

    @Test
    void rejectsAndCountsAWriteOfAReplacedSession() {
        EnrolledAgent agent = nodes.first().agent();
        double before = fenced();
        try (WireAgent worker = nodes.connect(2, agent, "w")) {
            String slot = slot(agent, "w");
            nodes.first()
                    .redis()
                    .call("HSET", slotsKey(agent), "w", slot.replace(worker.sessionId(), "another-session"));
            worker.send("event_batch", WireFrames.batch(WireFrames.event()));

            assertThat(worker.ending().code()).isEqualTo(4002);
        }
        assertThat(fenced() - before).isEqualTo(1);
        assertThat(agent.events()).isEmpty();
        assertThat(slot(agent, "w"))
                .as("the closed session does not free the other session's slot")
                .startsWith("another-session");
    }
}
