package dev.ganglion.gateway.poll;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.agent.PollAgent;
import dev.ganglion.testing.brain.ClusterExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.command.CommandOperator;
import dev.ganglion.testing.http.Rest;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.wire.WireAgent;
import dev.ganglion.testing.wire.WireFrames;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Checks a long-poll session whose requests reach several nodes. */
class LongPollNodesIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int LONG_WAIT = 60;

    @RegisterExtension
    static final ClusterExtension nodes = new ClusterExtension();

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private final EnrolledAgent enrolled = nodes.first().agent();
    private final PollAgent agent = PollAgent.of(enrolled);

    /** Deletes the agent, since its sessions would otherwise stay online for a while and disturb the next test. */
    @AfterEach
    void deleteTheAgent() {
        assertThat(nodes.rest(0).delete(enrolled.path()).status()).isIn(204, 404);
    }

    private CompletableFuture<Rest.Response> waitingOn(int node) {
        CompletableFuture<Rest.Response> poll = agent.pollLater(nodes.port(node), LONG_WAIT);
        Awaitility.await()
                .until(() -> nodes.rest(0)
                        .get(enrolled.path() + "/workers")
                        .expect(200)
                        .encode()
                        .contains(nodes.id(node)));
        return poll;
    }

    private static Rest.Response soon(CompletableFuture<Rest.Response> poll) {
        Awaitility.await().atMost(SOON).until(poll::isDone);
        return poll.join();
    }

    @Test
    void acceptsUploadsAndRejectsReplaysOnEveryNode() {
        String first = agent.batch();
        String second = agent.batch();
        assertThat(agent.upload(nodes.port(0), first).expect(200).getInteger("accepted"))
                .isEqualTo(1);
        assertThat(agent.upload(nodes.port(1), second).expect(200).getInteger("accepted"))
                .isEqualTo(1);

        JsonObject replay = agent.upload(nodes.port(2), second, agent.batch()).expect(200);

        assertThat(replay.getInteger("accepted")).isZero();
        assertThat(replay.getInteger("rejected")).isEqualTo(2);
        assertThat(agent.upload(nodes.port(0), agent.batch()).status()).isEqualTo(503);
        assertThat(agent.poll(nodes.port(1), 0).status()).isEqualTo(409);
        assertThat(enrolled.events()).hasSize(2);
    }

    @Test
    void rejectsANonceThatAnotherNodeSaw() {
        JsonObject first = agent.envelope("heartbeat", new JsonObject());
        agent.uploaded(nodes.port(0), agent.sign(first));
        JsonObject second = agent.envelope("heartbeat", new JsonObject()).put("nonce", first.getString("nonce"));

        assertThat(agent.upload(nodes.port(1), agent.sign(second)).expect(200).getInteger("rejected"))
                .isEqualTo(1);
    }

    @Test
    void handlesACommandWithPollResultAndIssuerOnThreeNodes() {
        CompletableFuture<Rest.Response> poll = waitingOn(1);
        CommandOperator operator = CommandOperator.to(enrolled, () -> nodes.rest(2));
        String command = operator.cancel("t");

        assertThat(agent.commands(soon(poll))).containsExactly(command);
        agent.uploaded(nodes.port(0), agent.completing(command, "done"));
        assertThat(operator.await(command, 20).getString("status")).isEqualTo("completed");
    }

    @Test
    void wakesAPollForTheAckOfAnUploadToAnotherNode() {
        CompletableFuture<Rest.Response> poll = waitingOn(2);
        JsonObject batch = agent.envelope("event_batch", WireFrames.batchOf(1));
        agent.uploaded(nodes.port(0), agent.sign(batch));

        assertThat(agent.acked(soon(poll))).containsExactly(batch.getString("id"));
    }

    @Test
    void countsAPollingAgentOnceAcrossTheCluster() {
        onlineOnEveryNode(0);
        agent.begin(nodes.port(0));
        agent.begin(nodes.port(1));
        agent.begin(nodes.port(0));
        onlineOnEveryNode(1);
        Awaitility.await()
                .untilAsserted(() -> assertThat(gauges("z4j_agents_online")).isEqualTo(1));
        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(gauges("ganglion_poll_sessions")).isEqualTo(1));

        PollAgent.of(enrolled).begin(nodes.port(1));
        try (WireAgent socket = nodes.connect(1, enrolled, "w")) {
            onlineOnEveryNode(1);
            Awaitility.await()
                    .untilAsserted(() -> assertThat(gauges("z4j_agents_online")).isEqualTo(1));
            Awaitility.await()
                    .untilAsserted(
                            () -> assertThat(gauges("ganglion_poll_sessions")).isEqualTo(2));
            assertThat(gauges("ganglion_agent_connections")).isEqualTo(1);
            socket.closeInOrder();
        }
        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(gauges("ganglion_agent_connections")).isZero());
        onlineOnEveryNode(1);

        assertThat(nodes.rest(2).delete(enrolled.path()).status()).isEqualTo(204);
        onlineOnEveryNode(0);
        Awaitility.await()
                .untilAsserted(() -> assertThat(gauges("z4j_agents_online")).isZero());
    }

    @Test
    void countsAnEndedSessionAsOffline() {
        onlineOnEveryNode(0);
        agent.begin(nodes.port(0));
        onlineOnEveryNode(1);
        String batch = agent.batch();
        agent.uploaded(nodes.port(2), batch);
        assertThat(agent.upload(nodes.port(1), batch).expect(200).getInteger("rejected"))
                .isEqualTo(1);
        onlineOnEveryNode(0);
        // The session must also end on the node that saw it last, which is not the node that ended it.
        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(gauges("ganglion_poll_sessions")).isZero());
    }

    private static int online(int node) {
        return nodes.rest(node).get("/cluster").expect(200).getInteger("agents_online");
    }

    private static void onlineOnEveryNode(int agents) {
        for (int i = 0; i < 3; i++) {
            int node = i;
            Awaitility.await()
                    .atMost(SOON)
                    .untilAsserted(() -> assertThat(online(node)).isEqualTo(agents));
        }
    }

    private double gauges(String name) {
        double sum = nodes.first().metric(name, "project", enrolled.slug());
        for (int i = 1; i < 3; i++) {
            sum += nodes.another(i).metric(name, "project", enrolled.slug());
        }
        return sum;
    }

    @Test
    void endsAPollThatWaitsOnAnotherNodeAndContinuesTheSequence() {
        CommandOperator operator = CommandOperator.to(enrolled);
        String first = operator.cancel("t1");
        assertThat(agent.commands(nodes.port(0))).containsExactly(first);
        agent.uploaded(nodes.port(0), agent.acknowledging(first));
        CompletableFuture<Rest.Response> poll = waitingOn(1);
        String second = operator.cancel("t2");
        CompletableFuture<Rest.Response> both = poll;
        List<String> got = agent.commands(soon(both));
        assertThat(got).containsExactly(second);
        agent.uploaded(nodes.port(2), agent.acknowledging(second));

        CompletableFuture<Rest.Response> old = waitingOn(1);
        assertThat(agent.frames(agent.poll(nodes.port(2), 0))).isEmpty();
        assertThat(agent.frames(soon(old))).isEmpty();
    }
}
