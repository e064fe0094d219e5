package dev.ganglion.command;

import static dev.ganglion.command.RightSessionTest.hello;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.command.CommandOperator;
import dev.ganglion.testing.command.CommandSteps;
import dev.ganglion.testing.http.Rest;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.wire.WireAgent;
import dev.ganglion.testing.wire.WireFrames;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests that a command for a named worker reaches the process of this worker, or none. */
@Timeout(60)
class RightWorkerTest {
    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private final EnrolledAgent enrolled = brain.agent();
    private final CommandOperator operator = CommandOperator.to(enrolled);

    private static JsonObject event(String engine, String worker) {
        return WireFrames.eventWith("engine", engine).put("data", new JsonObject().put("worker", worker));
    }

    private static JsonObject named(String worker) {
        return new JsonObject().put("engine", "rq").put("worker_name", worker);
    }

    private String restart(String worker) {
        return operator.issue("restart-worker", named(worker)).getString("id");
    }

    /** Connects a process that ran a task as this worker. */
    private WireAgent worker(String workerId, String name) {
        WireAgent agent = enrolled.connect(hello(workerId, "rq"));
        agent.ingest(event("rq", name));
        return agent;
    }

    @Test
    void restartsTheWorkerThatTheOperatorNamed() {
        try (WireAgent a = worker("rq-1", "a");
                WireAgent b = worker("rq-2", "b");
                WireAgent c = worker("rq-3", "c")) {
            CommandSteps.receive(c, restart("c"));
            CommandSteps.receive(a, restart("a"));
            CommandSteps.receive(b, restart("b"));
            CommandSteps.receive(b, restart("rq-2"));
            CommandSteps.assertNothingReceived(a);
            CommandSteps.assertNothingReceived(c);
        }
    }

    @Test
    void refusesAnUnknownWorkerAndNamesThoseThatExist() {
        try (WireAgent a = worker("rq-1", "a");
                WireAgent b = worker("rq-2", "b")) {
            for (String verb : new String[] {"restart-worker", "pool-resize", "add-consumer", "cancel-consumer"}) {
                JsonObject body = named("c");
                if (verb.equals("pool-resize")) {
                    body.put("delta", 1);
                } else if (verb.endsWith("consumer")) {
                    body.put("queue", "q");
                }
                Rest.Response refused = operator.post(verb, body);

                assertThat(refused.expect(422).getString("message")).contains("\"c\"", "a, b, rq-1, rq-2");
                assertThat(refused.field()).isEqualTo("worker_name");
            }
            CommandSteps.assertNothingReceived(a);
            CommandSteps.assertNothingReceived(b);
        }
    }

    @Test
    void refusesAWorkerThatTwoSessionsReport() {
        try (WireAgent a = worker("rq-1", "same");
                WireAgent b = worker("rq-2", "same")) {
            Rest.Response refused = operator.post("restart-worker", named("same"));

            assertThat(refused.expect(422).getString("message")).contains("2 sessions", "rq-1, rq-2");
            CommandSteps.receive(b, restart("rq-2"));
            CommandSteps.assertNothingReceived(a);
        }
    }

    @Test
    void neverDeliversToAnotherWorkerAlthoughTheNamedOneLeft() {
        try (WireAgent a = worker("rq-1", "a")) {
            String id;
            try (WireAgent b = worker("rq-2", "b")) {
                id = restart("b");
                CommandSteps.receive(b, id);
                b.closeInOrder();
            }
            CommandSteps.assertNothingReceived(a);
            try (WireAgent next = worker("rq-3", "b")) { // another process now runs a worker of this name
                CommandSteps.assertNothingReceived(next);
            }
            CommandSteps.assertNothingReceived(a);
        }
    }

    @Test
    void deliversOnceTheOnlySessionReportsTheWorker() {
        String id = restart("c"); // the agent is offline and may have this worker when it comes back
        try (WireAgent a = worker("rq-1", "a");
                WireAgent c = enrolled.connect(hello("rq-3", "rq"))) {
            CommandSteps.assertNothingReceived(a);
            CommandSteps.assertNothingReceived(c);
            c.ingest(event("rq", "c"));
            CommandSteps.receive(c, id);
            CommandSteps.assertNothingReceived(a);
        }
    }

    @Test
    void keepsTheNameOfAWorkerWhileItsProcessReconnects() {
        JsonObject hello = hello("rq-3", "rq");
        hello.getJsonObject("payload")
                .put("host", new JsonObject().put("hostname", "h"))
                .put("worker_pid", 7)
                .put("worker_started_at", "2026-01-02T03:04:05Z");
        try (WireAgent a = worker("rq-1", "a")) {
            try (WireAgent c = enrolled.connect(hello)) {
                c.ingest(event("rq", "c"));
                c.closeInOrder();
            }
            try (WireAgent again = enrolled.connect(hello)) {
                CommandSteps.receive(again, restart("c"));
                again.closeInOrder();
            }
            hello.getJsonObject("payload").put("worker_pid", 8);
            try (WireAgent other = enrolled.connect(hello)) {
                assertThat(operator.post("restart-worker", named("c")).status())
                        .as("another process under this worker id has other workers")
                        .isEqualTo(422);
                CommandSteps.assertNothingReceived(other);
            }
            CommandSteps.assertNothingReceived(a);
        }
    }

    @Test
    void ignoresWorkersOfTasksThatTheSessionOnlySentOrRevoked() {
        try (WireAgent web = enrolled.connect(hello("web", "rq"));
                WireAgent a = worker("rq-1", "a")) {
            web.ingest(
                    event("rq", "a").put("kind", "task.sent"), event("rq", "a").put("kind", "task.revoked"));

            CommandSteps.receive(a, restart("a"));
            CommandSteps.assertNothingReceived(web);
        }
    }

    @Test
    void sendsACommandForACeleryWorkerToAnySessionOfCelery() {
        try (WireAgent rq = worker("a-rq", "x");
                WireAgent celery = enrolled.connect(hello("b-celery", "celery"))) {
            JsonObject body = new JsonObject().put("engine", "celery").put("worker_name", "celery@elsewhere");
            CommandSteps.receive(celery, operator.issue("restart-worker", body).getString("id"));
            CommandSteps.assertNothingReceived(rq);
        }
    }

    @Test
    void showsTheWorkersThatEachSessionReported() {
        try (WireAgent a = enrolled.connect(hello("own-1", "own"))) {
            for (int i = 0; i < 40; i++) {
                a.ingest(event("own", "w" + i));
            }
            JsonObject session = CommandOperator.items(
                            brain.rest().get(enrolled.path() + "/workers").expect(200))
                    .get(0);

            assertThat(session.getJsonArray("reported_workers"))
                    .hasSize(16)
                    .contains(new JsonObject("{\"engine\":\"own\",\"name\":\"w39\"}"));
        }
    }

    @Test
    void sendsTheCommandToTheOnlySessionThatHasNoName() {
        JsonObject nameless = hello("", "rq");
        try (WireAgent only = enrolled.connect(nameless)) {
            CommandSteps.receive(only, restart("a"));
            only.ingest(event("rq", "a"));
            assertThat(operator.post("restart-worker", named("c")).status()).isEqualTo(422);
            CommandSteps.receive(only, restart("a"));
        }
    }

    @Test
    void knowsAnRqProcessByItsFirstWorkerSinceRetriedJobsNameTheFormerOne() {
        try (WireAgent a = worker("rq-1", "a");
                WireAgent b = worker("rq-2", "b")) {
            b.ingest(event("rq", "a")); // a job that worker a ran before

            CommandSteps.receive(a, restart("a"));
            CommandSteps.receive(b, restart("b"));
            CommandSteps.assertNothingReceived(a);
        }
    }
}
