package dev.ganglion.projection.lost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ganglion.projection.task.SubjectKey;
import dev.ganglion.protocol.frame.Command;
import dev.ganglion.testing.agent.PollAgent;
import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.command.CommandOperator;
import dev.ganglion.testing.command.CommandSteps;
import dev.ganglion.testing.wire.WireAgent;
import dev.ganglion.testing.wire.WireFrames;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests lost tasks against the sessions of a running brain. */
@Timeout(60)
class LostTaskSweeperTest {
    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    private final EnrolledAgent enrolled = brain.agent();
    private final Sweeps sweeps = new Sweeps(brain.brain(), enrolled);

    private SubjectKey startATask(WireAgent agent, String worker) {
        assertThat(agent.ingest(Sweeps.started("job")).accepted()).isEqualTo(1);
        return sweeps.add("job", worker);
    }

    private void awaitLost(SubjectKey task, String reason) {
        await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> {
            sweeps.pass(3);
            assertThat(sweeps.reason(task)).isEqualTo(reason);
        });
    }

    @Test
    void anotherProcessIsAskedAboutTheTaskOfTheOneThatItReplaced() {
        SubjectKey task;
        try (WireAgent agent = enrolled.connect(Sweeps.hello("w1", 100))) {
            task = startATask(agent, "w1");
            sweeps.pass(300);
            assertThat(sweeps.reason(task)).isEmpty();
        }
        try (WireAgent next = enrolled.connect(Sweeps.hello("w1", 101))) {
            awaitLost(task, "worker_replaced");

            Command question = CommandSteps.receive(next);
            assertThat(question.action()).isEqualTo("reconcile_task");
            assertThat(question.issuedBy()).isEqualTo("brain");
            assertThat(new JsonObject(question.parameters().text()))
                    .isEqualTo(new JsonObject().put("engine", "rq").put("task_id", "job"));
            JsonObject answer = new JsonObject()
                    .put("task_id", "job")
                    .put("engine_state", "failure")
                    .put("finished_at", WireFrames.now())
                    .put("exception", "ValueError: gone");
            CommandSteps.complete(next, question.id(), answer);

            await().until(() -> !enrolled.events("kind=task.failed").isEmpty());
            JsonObject end = enrolled.events("kind=task.failed").get(0);
            assertThat(end.getString("task_id")).isEqualTo("job");
            assertThat(end.getString("occurred_at")).isEqualTo(answer.getString("finished_at"));
            assertThat(end.getJsonObject("data"))
                    .isEqualTo(new JsonObject().put("source", "reconcile").put("exception", "ValueError: gone"));
            assertThat(CommandOperator.to(enrolled).get(question.id()).getString("issued_by"))
                    .isEqualTo("brain");
        }
    }

    @Test
    void anAnswerThatIsNoneIsNotKept() {
        SubjectKey task;
        try (WireAgent agent = enrolled.connect(Sweeps.hello("w1", 100))) {
            task = startATask(agent, "w1");
        }
        try (WireAgent next = enrolled.connect(Sweeps.hello("w1", 101))) {
            awaitLost(task, "worker_replaced");
            Command question = CommandSteps.receive(next);
            CommandSteps.complete(next, question.id(), new JsonObject().put("engine_state", "unknown"));
            sweeps.pass(30);
            assertThat(sweeps.reason(task)).isEqualTo("worker_replaced");
            assertThat(enrolled.events()).hasSize(1);
        }
    }

    @Test
    void aReconnectLosesNothing() {
        JsonObject hello = Sweeps.hello("w1", 100);
        SubjectKey task;
        try (WireAgent agent = enrolled.connect(hello)) {
            task = startATask(agent, "w1");
            sweeps.pass(30);
        }
        await().until(() -> enrolled.view().getInteger("connections") == 0);
        sweeps.pass(60);
        try (WireAgent again = enrolled.connect(hello)) {
            sweeps.pass(600);
            CommandSteps.assertNothingReceived(again);
        }
        assertThat(sweeps.reason(task)).isEmpty();
    }

    @Test
    void aWorkerThatStaysAwayLosesItsTaskAfterNinetySeconds() {
        SubjectKey task;
        JsonObject hello = Sweeps.hello("w1", 100);
        try (WireAgent agent = enrolled.connect(hello)) {
            task = startATask(agent, "w1");
            sweeps.pass(30);
        }
        await().until(() -> enrolled.view().getInteger("connections") == 0);
        sweeps.pass(84);
        assertThat(sweeps.reason(task)).isEmpty();
        sweeps.pass(15);
        assertThat(sweeps.reason(task)).isEqualTo("worker_absent");

        try (WireAgent back = enrolled.connect(hello)) {
            assertThat(back.sessionId()).isNotEmpty();
            sweeps.pass(3);
            assertThat(sweeps.reason(task)).as("the same process is back").isEmpty();
        }
    }

    @Test
    void longPollLosesNothing() {
        PollAgent poll = PollAgent.of(enrolled);
        poll.uploaded(brain.port(), poll.sign("event_batch", WireFrames.batch(Sweeps.started("job"))));
        SubjectKey task = sweeps.add("job", poll.nonce());
        sweeps.pass(600);
        assertThat(sweeps.reason(task)).isEmpty();
        PollAgent.of(enrolled).begin(brain.port());
        sweeps.pass(600);
        assertThat(sweeps.reason(task)).isEmpty();
    }

    @Test
    void readsWhichProcessesAreConnected() {
        JsonObject named = Sweeps.started("a").put("data", new JsonObject().put("worker", "rq-1"));
        try (WireAgent agent = enrolled.connect(Sweeps.hello("w1", 100));
                WireAgent nameless = enrolled.connect()) {
            assertThat(agent.ingest(named).accepted()).isEqualTo(1);
            assertThat(nameless.sessionId()).isNotEmpty();
            PresenceView view = sweeps.run(
                    () -> sweeps.ports.presence().read(sweeps.place, Set.of(enrolled.id(), "nobody"), Set.of()));

            assertThat(view.cluster().healthy()).isTrue();
            assertThat(view.cluster().nodes()).hasSize(1);
            assertThat(view.of("nobody")).isEmpty();
            assertThat(view.of("another")).isNull();
            List<PresentProcess> sessions = view.agents().getOrDefault(enrolled.id(), List.of());
            assertThat(sessions).hasSize(2);
            PresentProcess worker = sessions.stream()
                    .filter(session -> session.identity() != null)
                    .findFirst()
                    .orElseThrow();
            assertThat(worker.engines()).containsExactly("rq");
            assertThat(worker.workers()).containsExactly(new SubjectKey("rq", "rq-1"));
            assertThat(worker.identity())
                    .extracting(PresentProcess.Identity::host, PresentProcess.Identity::pid)
                    .containsExactly("host", 100);
        }
    }
}
