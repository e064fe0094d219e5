package dev.ganglion.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.BrainInternals;
import dev.ganglion.bus.SessionRef;
import dev.ganglion.protocol.frame.AgentStatus;
import dev.ganglion.protocol.frame.CommandAck;
import dev.ganglion.protocol.frame.EventBatchAck;
import dev.ganglion.protocol.frame.Frame;
import dev.ganglion.testing.brain.ClusterExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.command.CommandOperator;
import dev.ganglion.testing.command.CommandSteps;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.wire.Ending;
import dev.ganglion.testing.wire.WireAgent;
import dev.ganglion.testing.wire.WireFrames;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests that three nodes act as one brain. */
class ClusterIT {
    @RegisterExtension
    static final ClusterExtension nodes = new ClusterExtension().with("agent.handshake-rate", "0");

    @RegisterExtension
    final QuietLog log = new QuietLog();

    @Test
    void listsAllNodesOnEveryNodeAndMarksThatNode() {
        List<String> ids = List.of(nodes.id(0), nodes.id(1), nodes.id(2));
        for (int i = 0; i < 3; i++) {
            String self = nodes.id(i);
            JsonObject cluster = nodes.rest(i).get("/cluster").expect(200);
            List<JsonObject> all = cluster.getJsonArray("nodes").stream()
                    .map(JsonObject.class::cast)
                    .toList();
            assertThat(all).extracting(node -> node.getString("id")).containsExactlyInAnyOrderElementsOf(ids);
            assertThat(all)
                    .filteredOn(node -> node.getBoolean("this"))
                    .extracting(node -> node.getString("id"))
                    .containsExactly(self);
            assertThat(all).allSatisfy(node -> {
                assertThat(node.getString("address")).startsWith("127.0.0.1:");
                assertThat(node.getString("version")).isNotBlank();
                assertThat(node.getInstant("started_at")).isNotNull();
                assertThat(node.getBoolean("draining")).isFalse();
            });
        }
    }

    @Test
    void reportsTheSlotCountOfEachNodeOnEveryNode() {
        EnrolledAgent agent = nodes.first().agent();
        int before = slots(2, 1);
        try (WireAgent one = nodes.connect(1, agent, "one");
                WireAgent another = nodes.connect(1, agent, "another")) {
            for (int i = 0; i < 3; i++) {
                int asked = i;
                Awaitility.await()
                        .untilAsserted(() -> assertThat(slots(asked, 1)).isEqualTo(before + 2));
            }
            one.closeInOrder();
            Awaitility.await().untilAsserted(() -> assertThat(slots(0, 1)).isEqualTo(before + 1));
            another.closeInOrder();
        }
        Awaitility.await().untilAsserted(() -> assertThat(slots(0, 1)).isEqualTo(before));
    }

    private static int slots(int asked, int of) {
        return nodes.rest(asked).get("/cluster").expect(200).getJsonArray("nodes").stream()
                .map(JsonObject.class::cast)
                .filter(node -> node.getString("id").equals(nodes.id(of)))
                .mapToInt(node -> node.getInteger("slots"))
                .sum();
    }

    @Test
    void replacesTheConnectionOfAWorkerProcessOnAnotherNodeWithinASecond() {
        EnrolledAgent agent = nodes.first().agent();
        WireAgent old = nodes.connect(0, agent, "w");
        long before = System.nanoTime();
        try (WireAgent next = nodes.connect(1, agent, "w")) {
            Ending ending = old.ending();

            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(1));
            assertThat(ending.code()).isEqualTo(4002);
            assertThat(ending.fatalError()).isEqualTo("displaced");
            assertThat(next.ingest(WireFrames.event()).accepted()).isEqualTo(1);
            assertThat(agent.view().getInteger("connections")).isEqualTo(1);
            assertThat(nodes.rest(2).get(agent.path() + "/workers").expect(200).getJsonArray("items"))
                    .hasSize(1);
            Awaitility.await().untilAsserted(() -> assertThat(owners(agent)).containsExactly(nodes.id(1)));
        }
        Awaitility.await().untilAsserted(() -> assertThat(owners(agent)).isEmpty());
    }

    private Set<String> owners(EnrolledAgent agent) {
        return BrainInternals.slots(nodes.brain(2)).nodesOf(agent.id()).await();
    }

    @Test
    void closesADeletedAgentsConnectionsOnEveryNode() {
        EnrolledAgent agent = nodes.first().agent();
        List<WireAgent> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            all.add(nodes.connect(i, agent, "w" + i));
        }
        assertThat(nodes.rest(1).delete(agent.path()).status()).isEqualTo(204);

        assertThat(all).allSatisfy(each -> assertThat(each.ending().code()).isEqualTo(4003));
    }

    @Test
    void notifiesAnAgentsConnectionsOfWorkersThatJoinAndLeaveOnOtherNodes() {
        EnrolledAgent agent = nodes.first().agent();
        try (WireAgent listener = nodes.connect(0, agent, "listener")) {
            WireAgent comer = nodes.connect(2, agent, "comer");
            assertThat(nextStatus(listener)).contains("joined").contains("comer");
            comer.closeInOrder();
            assertThat(nextStatus(listener)).contains("left").contains("comer");
        }
    }

    private static String nextStatus(WireAgent agent) {
        Frame frame = agent.receiveAny();
        assertThat(frame).isInstanceOf(AgentStatus.class);
        return ((AgentStatus) frame).payload().text();
    }

    @Test
    void deliversCommandsFromAnyNodeAndReportsTheirEndOnAnyNode() throws Exception {
        EnrolledAgent agent = nodes.first().agent();
        try (WireAgent worker = nodes.connect(0, agent, "w")) {
            for (int i = 0; i < 3; i++) {
                int from = i;
                CommandOperator operator = CommandOperator.to(agent, () -> nodes.rest(from));
                long before = System.nanoTime();
                String id = operator.cancel("t");
                String got = CommandSteps.receive(worker).id();
                assertThat(got).isEqualTo(id);
                int other = (i + 1) % 3;
                CommandOperator waiting = CommandOperator.to(agent, () -> nodes.rest(other));
                var answer = CompletableFuture.supplyAsync(() -> waiting.await(id, 30));
                CommandSteps.acknowledge(worker, id);
                CommandSteps.succeed(worker, id, "done");
                assertThat(answer.get().getString("status")).isEqualTo("completed");
                assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
                assertThat(worker.receive()).isInstanceOf(CommandAck.class);
            }
        }
    }

    @Test
    void deliversAnEarlierCommandOnWhicheverNodeTheAgentConnectsTo() {
        EnrolledAgent agent = nodes.first().agent();
        String id = CommandOperator.to(agent, () -> nodes.rest(1)).cancel("t");
        try (WireAgent worker = nodes.connect(2, agent, "w")) {
            assertThat(CommandSteps.receive(worker).id()).isEqualTo(id);
        }
    }

    @Test
    void deliversCommandsAtOnceToConnectionsOnTwoNodes() {
        EnrolledAgent agent = nodes.first().agent();
        CommandOperator operator = CommandOperator.to(agent, () -> nodes.rest(0));
        try (WireAgent here = nodes.connect(0, agent, "a");
                WireAgent there = nodes.connect(1, agent, "b")) {
            List<String> ids = operator.cancelMany(20);
            long before = System.nanoTime();
            List<String> got = new ArrayList<>(CommandSteps.receive(here, 10));
            got.addAll(CommandSteps.receive(there, 10));

            assertThat(got).containsExactlyInAnyOrderElementsOf(ids);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofMillis(1_900));
        }
    }

    @Test
    void acknowledgesARepeatedBatchOnAnotherNodeAndStoresItOnce() {
        EnrolledAgent agent = nodes.first().agent();
        JsonObject batch;
        try (WireAgent before = nodes.connect(0, agent, "w")) {
            batch = before.envelope("event_batch", WireFrames.batch(WireFrames.event(), new JsonObject()));
            before.ingestFrame(batch);
        }
        try (WireAgent after = nodes.connect(1, agent, "w")) {
            JsonObject repeat = after.envelope("event_batch", batch.getJsonObject("payload"))
                    .put("id", batch.getString("id"));
            EventBatchAck ack = after.ingestFrame(repeat);

            assertThat(List.of(ack.accepted(), ack.rejected())).isEqualTo(List.of(1, 1));
        }
        assertThat(agent.events()).hasSize(1);
    }

    @Test
    void rejectsAFrameOfAnEarlierSessionOnEveryNode() {
        EnrolledAgent agent = nodes.first().agent();
        String captured;
        try (WireAgent first = nodes.connect(0, agent, "w")) {
            captured = first.sign(first.envelope("event_batch", WireFrames.batch(WireFrames.event())));
            first.sendText(captured);
            first.ack();
        }
        for (int i = 0; i < 3; i++) {
            try (WireAgent next = nodes.connect(i, agent, "w")) {
                next.sendText(captured);
                assertThat(next.ending()).hasToString("4403 invalid_signature");
            }
        }
        assertThat(agent.events()).hasSize(1);
    }

    @Test
    void keepsTheDirectoryInLineWithTheSockets() {
        EnrolledAgent agent = nodes.first().agent();
        List<WireAgent> all = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            all.add(nodes.connect(i % 3, agent, "w" + i));
        }
        Awaitility.await()
                .untilAsserted(() -> assertThat(holds(agent))
                        .extracting(SessionRef::sessionId)
                        .containsExactlyInAnyOrderElementsOf(
                                all.stream().map(WireAgent::sessionId).toList()));
        all.forEach(WireAgent::close);
        Awaitility.await().untilAsserted(() -> assertThat(holds(agent)).isEmpty());
        Awaitility.await().untilAsserted(() -> assertThat(owners(agent)).isEmpty());
    }

    private List<SessionRef> holds(EnrolledAgent agent) {
        List<SessionRef> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            BrainInternals.slots(nodes.brain(i)).held().stream()
                    .filter(session -> session.agentId().equals(agent.id()))
                    .forEach(all::add);
        }
        return all;
    }
}
