package dev.ganglion.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests which of an agent's sessions receives a command, by the engines of its own hello. */
@Timeout(60)
class RightSessionTest {
    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private final EnrolledAgent enrolled = brain.agent();
    private final CommandOperator operator = CommandOperator.to(enrolled);

    static JsonObject hello(String worker, String... engines) {
        JsonObject hello = WireFrames.helloOf(worker);
        JsonObject capabilities = new JsonObject();
        for (String engine : engines) {
            capabilities.put(engine, new JsonArray().add("retry_task").add("cancel_task"));
        }
        hello.getJsonObject("payload")
                .put("engines", new JsonArray(List.of(engines)))
                .put("capabilities", capabilities);
        return hello;
    }

    private String retry(String engine, String task) {
        JsonObject body = new JsonObject().put("engine", engine).put("task_id", task);
        return operator.issue("retry-task", body).getString("id");
    }

    @Test
    void deliversEveryCommandToASessionOfItsEngine() {
        try (WireAgent arq = enrolled.connect(hello("a-arq", "arq"));
                WireAgent rq = enrolled.connect(hello("b-rq", "rq"))) {
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                ids.add(retry("rq", "job-" + i));
            }
            String other = retry("arq", "job");

            assertThat(CommandSteps.receive(rq, 6)).isEqualTo(ids);
            CommandSteps.assertNothingReceived(rq);
            CommandSteps.receive(arq, other);
            CommandSteps.assertNothingReceived(arq);
        }
    }

    @Test
    void keepsACommandForTheEngineThatIsAwayForAMoment() {
        try (WireAgent arq = enrolled.connect(hello("arq", "arq"))) {
            String id;
            try (WireAgent rq = enrolled.connect(hello("rq-1", "rq"))) {
                rq.closeInOrder();
                id = retry("rq", "job");
            }
            CommandSteps.assertNothingReceived(arq);
            assertThat(operator.status(id)).isEqualTo("pending");
            try (WireAgent rq = enrolled.connect(hello("rq-2", "rq"))) {
                CommandSteps.receive(rq, id);
            }
            CommandSteps.assertNothingReceived(arq);
        }
    }

    @Test
    void redeliversToASessionOfTheSameEngine() {
        try (WireAgent arq = enrolled.connect(hello("arq", "arq"))) {
            String id;
            try (WireAgent rq = enrolled.connect(hello("rq-1", "rq"))) {
                id = retry("rq", "job");
                CommandSteps.receive(rq, id);
                rq.closeInOrder();
            }
            CommandSteps.assertNothingReceived(arq);
            try (WireAgent rq = enrolled.connect(hello("rq-2", "rq"))) {
                CommandSteps.receive(rq, id);
            }
        }
    }

    @Test
    void refusesAnEngineThatNoSessionHasAndNamesThoseThatExist() {
        try (WireAgent arq = enrolled.connect(hello("arq", "arq"));
                WireAgent rq = enrolled.connect(hello("rq", "rq"))) {
            Rest.Response refused =
                    operator.post("retry-task", CommandOperator.cancelBody("t").put("engine", "huey"));

            assertThat(refused.expect(422).getString("message")).contains("huey", "arq, rq");
            assertThat(refused.field()).isEqualTo("engine");
            rq.closeInOrder();
            arq.closeInOrder();
        }
        await().until(() -> enrolled.view().getInteger("connections") == 0);
        assertThat(operator.post("cancel-task", CommandOperator.cancelBody("t").put("engine", "huey"))
                        .status())
                .as("the engines of an offline agent are those of its last sessions")
                .isEqualTo(422);
        assertThat(retry("rq", "t")).isNotNull();
    }

    @Test
    void givesNoCommandToASessionWithoutEnginesWhileAnotherHasTheEngine() {
        try (WireAgent flask = enrolled.connect(hello("flask"))) {
            String id;
            try (WireAgent rq = enrolled.connect(hello("rq-1", "rq"))) {
                CommandSteps.receive(rq, retry("rq", "one"));
                rq.closeInOrder();
                id = retry("rq", "two");
            }
            CommandSteps.assertNothingReceived(flask);
            try (WireAgent rq = enrolled.connect(hello("rq-2", "rq"))) {
                assertThat(CommandSteps.receive(rq, 2)).endsWith(id);
            }
            CommandSteps.assertNothingReceived(flask);
        }
    }

    @Test
    void deliversToASessionThatNamesNoEnginesIfNoSessionDoes() {
        try (WireAgent unknown = enrolled.connect(hello("w"))) {
            CommandSteps.receive(unknown, retry("rq", "job"));
            CommandSteps.receive(
                    unknown,
                    operator.issue("purge-queue", new JsonObject().put("queue", "q"))
                            .getString("id"));
        }
    }

    @Test
    void prefersASessionWhoseHelloNamesTheAction() {
        JsonObject without = hello("a", "rq");
        without.getJsonObject("payload").put("capabilities", new JsonObject("{\"rq\":[\"cancel_task\"]}"));
        try (WireAgent old = enrolled.connect(without);
                WireAgent able = enrolled.connect(hello("b", "rq"))) {
            CommandSteps.receive(able, retry("rq", "job"));
            CommandSteps.assertNothingReceived(old);
        }
    }

    @Test
    void showsTheUnionOfTheSessionsAndEachSessionsOwnFeatures() {
        JsonObject helloOfFlask = hello("flask", "arq");
        helloOfFlask
                .getJsonObject("payload")
                .put("framework", "flask")
                .put("schedulers", new JsonArray().add("arqcron"))
                .put("runtime_features", new JsonArray().add("retry_by_reference"));
        try (WireAgent flask = enrolled.connect(helloOfFlask);
                WireAgent rq = enrolled.connect(hello("rq", "rq"))) {
            assertThat(enrolled.view().getJsonArray("engine_adapters")).containsExactly("arq", "rq");
            assertThat(enrolled.view().getJsonArray("scheduler_adapters")).containsExactly("arqcron");
            assertThat(enrolled.view().getJsonArray("framework_adapters")).containsExactly("bare", "flask");
            assertThat(enrolled.view().getJsonObject("capabilities").fieldNames())
                    .containsExactly("arq", "rq");
            List<JsonObject> sessions = CommandOperator.items(
                    brain.rest().get(enrolled.path() + "/workers").expect(200));
            assertThat(sessions.get(0).getString("worker_id")).isEqualTo("flask");
            assertThat(sessions.get(0).getString("framework")).isEqualTo("flask");
            assertThat(sessions.get(0).getJsonArray("engine_adapters")).containsExactly("arq");
            assertThat(sessions.get(0).getJsonArray("scheduler_adapters")).containsExactly("arqcron");
            assertThat(sessions.get(0).getJsonArray("runtime_features")).containsExactly("retry_by_reference");
            assertThat(sessions.get(1).getJsonObject("capabilities").fieldNames())
                    .containsExactly("rq");
            flask.closeInOrder();
            await().untilAsserted(() ->
                    assertThat(enrolled.view().getJsonArray("engine_adapters")).containsExactly("rq"));
            rq.closeInOrder();
        }
        await().until(() -> enrolled.view().getInteger("connections") == 0);
        assertThat(enrolled.view().getJsonArray("engine_adapters"))
                .as("offline: the engines of the last sessions")
                .containsExactly("arq", "rq");
    }

    @Test
    void statesWhyACommandReachedNoSession() {
        try (WireAgent arq = enrolled.connect(hello("arq", "arq"))) {
            try (WireAgent rq = enrolled.connect(hello("rq", "rq"))) {
                rq.closeInOrder();
            }
            JsonObject body =
                    new JsonObject().put("engine", "rq").put("task_id", "t").put("timeout_seconds", 1);
            JsonObject ended =
                    operator.await(operator.issue("cancel-task", body).getString("id"), 20);

            assertThat(ended.getString("status")).isEqualTo("timeout");
            assertThat(ended.getBoolean("may_have_run")).isFalse();
            assertThat(ended.getJsonObject("error").getString("message")).contains("no session of the engine rq");
            CommandSteps.assertNothingReceived(arq);
        }
    }

    @Test
    void deliversToOneEngineAlthoughManyCommandsWaitForAnother() {
        try (WireAgent arq = enrolled.connect(hello("arq", "arq"))) {
            try (WireAgent rq = enrolled.connect(hello("rq-1", "rq"))) {
                rq.closeInOrder();
            }
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < 1_010; i++) {
                ids.add(retry("rq", "job-" + i));
            }
            CommandSteps.receive(arq, retry("arq", "job"));
            try (WireAgent rq = enrolled.connect(hello("rq-2", "rq"))) {
                assertThat(CommandSteps.receive(rq, 200)).isEqualTo(ids.subList(0, 200));
            }
        }
    }

    @Test
    void deliversToASessionAndShowsAnAgentThatAnEarlierBrainStored() {
        try (WireAgent agent = enrolled.connect(hello("w", "rq"))) {
            String project = enrolled.view().getString("project_id");
            brain.redis().call("DEL", "{" + project + "/0}:agent:" + enrolled.id() + ":features");

            CommandSteps.receive(agent, retry("rq", "job"));
            assertThat(enrolled.view().getJsonArray("engine_adapters")).containsExactly("rq");
            assertThat(enrolled.view().getJsonArray("framework_adapters")).containsExactly("bare");
            agent.closeInOrder();
        }
        await().until(() -> enrolled.view().getInteger("connections") == 0);
    }
}
