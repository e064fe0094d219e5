package dev.ganglion.gateway.poll;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.agent.PollAgent;
import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.command.CommandOperator;
import dev.ganglion.testing.command.CommandSteps;
import dev.ganglion.testing.http.Rest;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.wire.WireAgent;
import dev.ganglion.testing.wire.WireFrames;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks which frames a poll receives, and when it ends. */
class LongPollCommandsIT {
    /** Well below the wait time of a poll that nothing wakes. */
    private static final Duration SOON = Duration.ofSeconds(15);

    private static final int LONG_WAIT = 60;
    private static final long DUE_MS = 10_000;

    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private final EnrolledAgent enrolled = brain.agent();
    private final PollAgent agent = PollAgent.of(enrolled);
    private final CommandOperator operator = CommandOperator.to(enrolled);

    private Rest.Response poll(int wait) {
        return agent.poll(brain.port(), wait);
    }

    /** Starts a poll and waits until it has reached the brain: from then on its session is listed as online. */
    private CompletableFuture<Rest.Response> waiting(PollAgent who) {
        CompletableFuture<Rest.Response> poll = who.pollLater(brain.port(), LONG_WAIT);
        Awaitility.await()
                .until(() -> brain.rest()
                        .get(enrolled.path() + "/workers")
                        .expect(200)
                        .encode()
                        .contains(who.nonce()));
        return poll;
    }

    private static Rest.Response soon(CompletableFuture<Rest.Response> poll) {
        Awaitility.await().atMost(SOON).until(poll::isDone);
        return poll.join();
    }

    @Test
    void derivesTheEnginesOfAPollingAgentFromItsFrames() {
        JsonObject body = new JsonObject().put("agent_id", enrolled.id()).put("task_id", "t");
        String retry = "/projects/" + enrolled.slug() + "/commands/cancel-task";
        assertThat(brain.rest().post(retry, body).status()).isEqualTo(422);

        agent.uploaded(brain.port(), agent.batch());
        awaitEngines("celery");
        assertThat(brain.rest().post(retry, body).expect(202).getString("target_id"))
                .isEqualTo("celery:t");

        agent.uploaded(
                brain.port(), agent.sign("registry_delta", new JsonObject().put("engine", "rq")), health("dramatiq"));
        awaitEngines("celery", "dramatiq", "rq");
        assertThat(brain.rest().post(retry, body).json().getString("error")).isEqualTo("engine_required");

        try (WireAgent socket = enrolled.connect(WireFrames.hello())) {
            awaitEngines(WireFrames.hello().getJsonObject("payload").getJsonArray("engines").stream()
                    .map(String::valueOf)
                    .toArray(String[]::new));
            socket.closeInOrder();
        }
    }

    private String health(String engine) {
        JsonObject health = new JsonObject().put(engine + ".queue_depths", "{\"q\":1}");
        return agent.sign("heartbeat", new JsonObject().put("adapter_health", health));
    }

    private void awaitEngines(String... engines) {
        Awaitility.await()
                .atMost(SOON)
                .untilAsserted(() -> assertThat(enrolled.view().getJsonArray("engine_adapters"))
                        .containsExactly((Object[]) engines));
    }

    @Test
    void deliversCommandsInIssueOrderUpToTheRequestedNumber() {
        List<String> issued = operator.cancelMany(7);

        assertThat(agent.frames(agent.poll(brain.port(), 0, 0))).isEmpty();
        assertThat(operator.status(issued.get(0))).isEqualTo("pending");
        List<String> got = new ArrayList<>(agent.commands(agent.poll(brain.port(), 0, 3)));
        assertThat(got).hasSize(3);
        got.addAll(agent.commands(agent.poll(brain.port(), 0, 500)));

        assertThat(got).isEqualTo(issued);
        assertThat(agent.commands(brain.port())).isEmpty();
        assertThat(operator.status(issued.get(6))).isEqualTo("dispatched");
    }

    @Test
    void wakesAWaitingPollForACommand() {
        CompletableFuture<Rest.Response> poll = waiting(agent);
        String command = operator.cancel("t");

        assertThat(agent.commands(soon(poll))).containsExactly(command);
    }

    @Test
    void wakesAWaitingPollForTheAckOfAnUpload() {
        CompletableFuture<Rest.Response> poll = waiting(agent);
        JsonObject batch = agent.envelope("event_batch", WireFrames.batchOf(1));
        agent.uploaded(brain.port(), agent.sign(batch));

        assertThat(agent.acked(soon(poll))).containsExactly(batch.getString("id"));
    }

    @Test
    void answersAPollWithNoFramesAfterItsWaitTime() {
        long begin = System.nanoTime();
        Rest.Response answer = poll(1);

        assertThat(agent.frames(answer)).isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofMillis(990));
        assertThat(answer.header("X-Z4J-Agent-Id")).contains(enrolled.id());
        assertThat(answer.header("X-Z4J-Project-Id")).isPresent();
    }

    @Test
    void endsAWaitingPollWhenANewPollOfTheSessionArrives() {
        CompletableFuture<Rest.Response> first = waiting(agent);
        assertThat(agent.frames(poll(0))).isEmpty();

        assertThat(agent.frames(soon(first))).isEmpty();
    }

    @Test
    void redeliversOnlyUnacknowledgedCommandsToAWaitingPoll() {
        List<String> issued = operator.cancelMany(2);
        long begin = System.nanoTime();
        assertThat(agent.commands(brain.port())).isEqualTo(issued);
        agent.uploaded(brain.port(), agent.acknowledging(issued.get(0)));

        assertThat(agent.commands(poll(LONG_WAIT))).containsExactly(issued.get(1));
        assertThat((System.nanoTime() - begin) / 1_000_000).isGreaterThanOrEqualTo(DUE_MS - 100);
        agent.uploaded(brain.port(), agent.completing(issued.get(1), 1));
        assertThat(operator.await(issued.get(1), 0).getString("status")).isEqualTo("completed");
    }

    @Test
    void redeliversToAnotherSessionOnlyCommandsThatMayRunTwice() {
        String cancel = operator.cancel("t");
        String purge = operator.issue(
                        "purge-queue", new JsonObject().put("queue", "q").put("force", true))
                .getString("id");
        assertThat(agent.commands(brain.port())).containsExactly(cancel, purge);
        PollAgent other = PollAgent.of(enrolled);

        assertThat(other.commands(other.poll(brain.port(), LONG_WAIT))).containsExactly(cancel);
        assertThat(agent.commands(brain.port())).containsExactly(purge);
    }

    @Test
    void deliversACommandToAConnectionOrAPollButNotBoth() {
        CompletableFuture<Rest.Response> poll = waiting(agent);
        try (WireAgent connection = enrolled.connect()) {
            String command = operator.cancel("t");
            CommandSteps.receive(connection, command);
            CommandSteps.complete(connection, command, 1);
            assertThat(enrolled.view().getInteger("connections")).isEqualTo(1);
            connection.closeInOrder();
        }
        Awaitility.await().until(() -> enrolled.view().getInteger("connections") == 0);
        String after = operator.cancel("after");

        assertThat(agent.commands(soon(poll))).containsExactly(after);
    }

    @Test
    void listsAPollSessionAsOnlineWithoutASlot() {
        EnrolledAgent capped = brain.agent(brain.project(), new JsonObject().put("connection_cap", 1));
        PollAgent first = PollAgent.of(capped);
        first.begin(brain.port());
        PollAgent.of(capped).begin(brain.port());

        assertThat(capped.view().getString("state")).isEqualTo("online");
        assertThat(capped.view().getInteger("connections")).isZero();
        assertThat(capped.view().getString("last_seen_at")).isNotNull();
        try (WireAgent connection = capped.connect()) {
            JsonArray workers =
                    brain.rest().get(capped.path() + "/workers").expect(200).getJsonArray("items");
            assertThat(workers.stream().map(worker -> ((JsonObject) worker).getString("transport")))
                    .containsExactly("websocket", "long_poll", "long_poll");
            assertThat(workers.encode()).contains(first.nonce(), connection.sessionId());
        }
        Awaitility.await()
                .untilAsserted(() -> assertThat(brain.rest()
                                .get(capped.path() + "/journal")
                                .expect(200)
                                .encode())
                        .contains("\"connect\"", "\"long_poll\"", first.nonce()));
    }

    @Test
    void evictsTheOldestSessionForTheSeventeenth() {
        List<PollAgent> sessions = new ArrayList<>();
        CompletableFuture<Rest.Response> oldest = waiting(agent);
        sessions.add(agent);
        for (int i = 1; i < 17; i++) {
            PollAgent next = PollAgent.of(enrolled);
            next.begin(brain.port());
            sessions.add(next);
        }

        assertThat(soon(oldest).status()).isEqualTo(409);
        assertThat(agent.poll(brain.port(), 0).status()).isEqualTo(409);
        assertThat(agent.upload(brain.port(), agent.batch()).status()).isEqualTo(503);
        for (PollAgent session : sessions.subList(1, 17)) {
            assertThat(session.poll(brain.port(), 0).status()).isEqualTo(200);
        }
        assertThat(enrolled.events()).isEmpty();
    }

    @Test
    void rejectsARevokedAgentAndEndsItsWaitingPoll() {
        CompletableFuture<Rest.Response> poll = waiting(agent);
        JsonObject unused = brain.rest().delete(enrolled.path()).expect(204);

        assertThat(soon(poll).status()).isEqualTo(401);
        assertThat(poll(0).status()).isEqualTo(401);
        assertThat(agent.upload(brain.port(), "x").status()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"wait=61", "wait=-1", "wait=x", "wait=", "max_frames=501", "max_frames=-1", "max_frames=1.5"})
    void namesAnInvalidParameterOfAPoll(String query) {
        Rest.Response answer = agent.poll(brain.port(), query);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().getString("error")).isEqualTo("invalid_request");
        assertThat(answer.json().getString("message")).startsWith(query.substring(0, query.indexOf('=')) + ":");
    }
}
