package dev.ganglion.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.protocol.frame.Command;
import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.command.CommandOperator;
import dev.ganglion.testing.command.CommandSteps;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.wire.WireAgent;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests the frame of each verb, which has the documented form and the library's form. */
class CommandVerbsTest {
    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    private static CommandOperator operator;
    private static WireAgent agent;

    @RegisterExtension
    final QuietLog log = new QuietLog();

    @BeforeAll
    static void connect() {
        EnrolledAgent enrolled = brain.agent();
        operator = CommandOperator.to(enrolled);
        agent = enrolled.connect();
    }

    @AfterAll
    static void leave() {
        agent.close();
    }

    /** A verb, its body, and the action, target and parameters of the library's form. */
    record Case(String verb, String body, String action, String target, String parameters) {
        @Override
        public String toString() {
            return verb + " " + body;
        }
    }

    static Stream<Case> verbs() {
        return Stream.concat(ofTasks(), ofWorkers());
    }

    private static Stream<Case> ofTasks() {
        return Stream.of(
                new Case(
                        "retry-task",
                        "{'engine':'celery','task_id':'t','override_args':[1,{'a':null}],'override_kwargs':{'k':1.50}}",
                        "retry_task",
                        "{'type':'task','id':'celery:t','engine':'celery'}",
                        "{'engine':'celery','task_id':'t','override_args':[1,{'a':null}],'override_kwargs':{'k':1.5}}"),
                new Case(
                        "cancel-task",
                        "{'engine':'celery','task_id':'a:b'}",
                        "cancel_task",
                        "{'type':'task','id':'celery:a:b','engine':'celery'}",
                        "{'engine':'celery','task_id':'a:b'}"),
                new Case(
                        "reconcile-task",
                        "{'engine':'celery','task_id':'a:b'}",
                        "reconcile_task",
                        "{'type':'task','id':'celery:a:b','engine':'celery'}",
                        "{'engine':'celery','task_id':'a:b'}"),
                new Case(
                        "bulk-retry",
                        "{'filter':{'state':'failure'},'max':10}",
                        "bulk_retry",
                        "{'type':'bulk','id':null,'engine':'celery'}",
                        "{'engine':'celery','filter':{'state':'failure'},'max':10}"),
                new Case(
                        "purge-queue",
                        "{'queue':'q'}",
                        "purge_queue",
                        "{'type':'queue','id':'q','engine':'celery'}",
                        "{'engine':'celery','queue':'q','force':false}"),
                new Case(
                        "purge-queue",
                        "{'queue':'q','force':true,'confirm_token':'sure'}",
                        "purge_queue",
                        "{'type':'queue','id':'q','engine':'celery'}",
                        "{'engine':'celery','queue':'q','force':true,'confirm_token':'sure'}"));
    }

    private static Stream<Case> ofWorkers() {
        return Stream.of(
                new Case(
                        "restart-worker",
                        "{'worker_name':'celery@h'}",
                        "restart_worker",
                        "{'type':'worker','id':'celery@h','engine':'celery'}",
                        "{'engine':'celery','worker_name':'celery@h'}"),
                new Case(
                        "pool-resize",
                        "{'worker_name':'w','delta':3}",
                        "pool_grow",
                        "{'type':'worker','id':'w','engine':'celery'}",
                        "{'engine':'celery','worker_name':'w','delta':3}"),
                new Case(
                        "pool-resize",
                        "{'worker_name':'w','delta':-100}",
                        "pool_shrink",
                        "{'type':'worker','id':'w','engine':'celery'}",
                        "{'engine':'celery','worker_name':'w','delta':100}"),
                new Case(
                        "add-consumer",
                        "{'worker_name':'w','queue':'q'}",
                        "add_consumer",
                        "{'type':'worker','id':'w','engine':'celery'}",
                        "{'engine':'celery','worker_name':'w','queue':'q'}"),
                new Case(
                        "cancel-consumer",
                        "{'worker_name':'w','queue':'q'}",
                        "cancel_consumer",
                        "{'type':'worker','id':'w','engine':'celery'}",
                        "{'engine':'celery','worker_name':'w','queue':'q'}"),
                new Case(
                        "rate-limit",
                        "{'task_name':'app.t','rate':'10/m'}",
                        "rate_limit",
                        "{'type':'task','id':null,'engine':'celery'}",
                        "{'engine':'celery','task_name':'app.t','rate':'10/m'}"),
                new Case(
                        "rate-limit",
                        "{'task_name':'app.t','rate':'0','worker_name':'w'}",
                        "rate_limit",
                        "{'type':'task','id':'w','engine':'celery'}",
                        "{'engine':'celery','task_name':'app.t','rate':'0','worker_name':'w'}"));
    }

    private static JsonObject json(String text) {
        return new JsonObject(text.replace('\'', '"'));
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void sendsTheDocumentedAndTheLibrarysFormInOneFrame(Case wanted) {
        JsonObject body = json(wanted.body()).put("timeout_seconds", 77);

        JsonObject issued = operator.issue(wanted.verb(), body);

        Command command = CommandSteps.receive(agent, issued.getString("id"));
        assertThat(command.verb()).isEqualTo(wanted.verb().replace('-', '_'));
        assertThat(new JsonObject(command.args().text())).isEqualTo(json(wanted.body()));
        assertThat(command.action()).isEqualTo(wanted.action());
        assertThat(new JsonObject(command.target().text())).isEqualTo(json(wanted.target()));
        assertThat(new JsonObject(command.parameters().text())).isEqualTo(json(wanted.parameters()));
        assertThat(command.timeoutSeconds()).isEqualTo(77);
        assertThat(command.issuedBy()).isEqualTo("admin-key");
        CommandSteps.complete(agent, command.id(), null);
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void acceptsUnderscoresInTheRoute(Case wanted) {
        JsonObject issued = operator.issue(wanted.verb().replace('-', '_'), json(wanted.body()));

        assertThat(issued.getString("verb")).isEqualTo(wanted.verb().replace('-', '_'));
        CommandSteps.receive(agent, issued.getString("id"));
        CommandSteps.complete(agent, issued.getString("id"), null);
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void returnsTheIssuedCommandFromRest(Case wanted) {
        Instant before = Instant.now().minusSeconds(1);

        JsonObject issued = operator.issue(wanted.verb(), json(wanted.body()));

        CommandSteps.receive(agent, issued.getString("id"));
        JsonObject target = json(wanted.target());
        assertThat(issued.getString("agent_id")).isEqualTo(operator.agentId());
        assertThat(issued.getString("status")).isEqualTo("pending");
        assertThat(issued.getString("action")).isEqualTo(wanted.action());
        assertThat(issued.getString("target_type")).isEqualTo(target.getString("type"));
        assertThat(issued.getString("target_id")).isEqualTo(target.getString("id"));
        assertThat(issued.getJsonObject("payload")).isEqualTo(json(wanted.body()));
        assertThat(issued.getString("project_id"))
                .isEqualTo(agent.helloAck().getJsonObject("payload").getString("project_id"));
        assertThat(issued.getInteger("timeout_seconds")).isEqualTo(60);
        assertThat(issued.getJsonArray("dropped_arguments")).isEmpty();
        assertThat(issued.getInstant("issued_at"))
                .isBetween(before, Instant.now().plusSeconds(1));
        assertThat(issued.getInstant("timeout_at"))
                .isEqualTo(issued.getInstant("issued_at").plusSeconds(60));
        for (String later : new String[] {"result", "error", "dispatched_at", "acknowledged_at", "completed_at"}) {
            assertThat(issued.containsKey(later)).isTrue();
            assertThat(issued.getValue(later)).isNull();
        }
        CommandSteps.complete(agent, issued.getString("id"), null);
    }

    @Test
    void sendsAnEtaInUnixSeconds() {
        long before = Instant.now().getEpochSecond();
        JsonObject body = CommandOperator.cancelBody("t").put("eta_seconds", 86_400);

        JsonObject issued = operator.issue("retry-task", body);

        Command command = CommandSteps.receive(agent, issued.getString("id"));
        long eta = new JsonObject(command.parameters().text()).getLong("eta");
        assertThat(eta).isBetween(before + 86_400, Instant.now().getEpochSecond() + 86_400);
        assertThat(new JsonObject(command.args().text()).getInteger("eta_seconds"))
                .isEqualTo(86_400);
        CommandSteps.complete(agent, command.id(), null);
    }

    @Test
    void dropsReservedArgumentsFromTheFilterOfABulkRetry() {
        JsonObject filter = json("{'state':'failure','task_names':{},'task_priorities':{'a':1},'overrides':{'b':[]}}");

        JsonObject issued = operator.issue(
                "bulk-retry", new JsonObject().put("filter", filter).put("max", 5));

        JsonObject left = json("{'state':'failure'}");
        assertThat(issued.getJsonArray("dropped_arguments"))
                .isEqualTo(new JsonArray()
                        .add("filter.task_names")
                        .add("filter.task_priorities")
                        .add("filter.overrides"));
        assertThat(issued.getJsonObject("payload").getJsonObject("filter")).isEqualTo(left);
        Command command = CommandSteps.receive(agent, issued.getString("id"));
        assertThat(new JsonObject(command.args().text()).getJsonObject("filter"))
                .isEqualTo(left);
        assertThat(new JsonObject(command.parameters().text()).getJsonObject("filter"))
                .isEqualTo(left);
        CommandSteps.complete(agent, command.id(), null);
    }

    @Test
    void dropsReservedArgumentsOutsideTheFilterOfABulkRetry() {
        JsonObject body = json("{'filter':{'state':'failure'},'max':5,'task_names':['a'],'overrides':{'b':[]}}");

        JsonObject issued = operator.issue("bulk-retry", body.putNull("task_priorities"));

        assertThat(issued.getJsonArray("dropped_arguments"))
                .isEqualTo(
                        new JsonArray().add("task_names").add("task_priorities").add("overrides"));
        Command command = CommandSteps.receive(agent, issued.getString("id"));
        JsonObject left = json("{'filter':{'state':'failure'},'max':5}");
        assertThat(new JsonObject(command.args().text())).isEqualTo(left);
        assertThat(new JsonObject(command.parameters().text()).getMap()).containsOnlyKeys("engine", "filter", "max");
        CommandSteps.complete(agent, command.id(), null);
    }
}
