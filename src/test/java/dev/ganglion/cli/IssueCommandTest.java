package dev.ganglion.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.agent.Agent;
import dev.ganglion.agent.AgentHost;
import dev.ganglion.agent.AgentOptions;
import dev.ganglion.agent.AgentProfile;
import dev.ganglion.agent.CommandHandler;
import dev.ganglion.agent.CommandOutcome;
import dev.ganglion.config.value.Secret;
import dev.ganglion.protocol.json.Json;
import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests {@code ganglion command} with a real brain and a real agent. */
@Timeout(60)
class IssueCommandTest {
    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Map<String, String> environment = new HashMap<>();
    private final Vertx vertx = Vertx.vertx();
    private EnrolledAgent enrolled;

    @TempDir
    private Path directory;

    @BeforeEach
    void enrol() {
        enrolled = brain.agent();
        environment.put("GANGLION_ADMIN_KEY", BrainExtension.ADMIN_KEY);
        environment.put("GANGLION_HOME", directory.toString());
    }

    @AfterEach
    void close() {
        vertx.close().await();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "retry-task --task-id t-1 --args [1] --kwargs {\"a\":2} --eta 5, "
                        + "`{\"engine\":\"celery\",\"eta_seconds\":5,\"override_args\":[1],"
                        + "\"override_kwargs\":{\"a\":2},\"task_id\":\"t-1\"}`",
                "cancel-task --task-id t-1, `{\"engine\":\"celery\",\"task_id\":\"t-1\"}`",
                "bulk-retry --filter {\"state\":\"failure\"} --max 10, "
                        + "`{\"engine\":\"celery\",\"filter\":{\"state\":\"failure\"},\"max\":10}`",
                "purge-queue --queue q --force, `{\"engine\":\"celery\",\"force\":true,\"queue\":\"q\"}`",
                "restart-worker --worker w, `{\"engine\":\"celery\",\"worker_name\":\"w\"}`",
                "pool-resize --worker w --delta -2, `{\"delta\":-2,\"engine\":\"celery\",\"worker_name\":\"w\"}`",
                "add-consumer --worker w --queue q, `{\"engine\":\"celery\",\"queue\":\"q\",\"worker_name\":\"w\"}`",
                "cancel_consumer --worker w --queue q, `{\"engine\":\"celery\",\"queue\":\"q\",\"worker_name\":\"w\"}`",
                "purge-queue --queue q --confirm-token t, "
                        + "`{\"confirm_token\":\"t\",\"engine\":\"celery\",\"queue\":\"q\"}`",
                "retry-task --task-id t-1 --override-args [1] --eta-seconds 5, "
                        + "`{\"engine\":\"celery\",\"eta_seconds\":5,\"override_args\":[1],\"task_id\":\"t-1\"}`",
                "pool-resize --worker-name w --delta 2, `{\"delta\":2,\"engine\":\"celery\",\"worker_name\":\"w\"}`",
                "rate-limit --task a.b --rate 10/m, `{\"engine\":\"celery\",\"rate\":\"10/m\",\"task_name\":\"a.b\"}`"
            })
    void issuesEveryVerbAndPrintsTheResult(String line, String arguments) {
        answering(CommandOutcome.done(Json.parse("{\"answer\":42}")));

        assertThat(run(line)).as(err.toString()).isEqualTo(ExitCode.OK);

        assertThat(out.toString()).contains("completed after").contains("\"answer\" : 42");
        JsonObject issued = brain.rest()
                .get("/projects/" + enrolled.slug() + "/commands")
                .expect(200)
                .getJsonArray("items")
                .getJsonObject(0);
        assertThat(issued.getJsonObject("payload")).isEqualTo(new JsonObject(arguments));
    }

    @Test
    void printsTheCommandAsJson() {
        answering(CommandOutcome.done(Json.EMPTY_OBJECT));

        assertThat(run("cancel-task --task-id t-1 --json")).isEqualTo(ExitCode.OK);

        JsonObject command = new JsonObject(out.toString());
        assertThat(command.getString("status")).isEqualTo("completed");
        assertThat(command.getString("verb")).isEqualTo("cancel_task");
    }

    @Test
    void printsTheReasonOfAFailureAndExitsWith1() {
        answering(CommandOutcome.failed("queue_unknown", "the broker has no queue q"));

        assertThat(run("purge-queue --queue q")).isEqualTo(ExitCode.FAILED);

        assertThat(err.toString()).contains("failed after").contains("the broker has no queue q (queue_unknown)");
        assertThat(out.toString()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"c, 'the agent gave no reason (c)'", ", the agent gave no reason"})
    void reportsAFailureWithoutAReason(@Nullable String code, String said) {
        answering(new CommandOutcome(false, Json.NULL, code, null));

        assertThat(run("purge-queue --queue q")).isEqualTo(ExitCode.FAILED);

        assertThat(err.toString().strip()).endsWith(said);
    }

    @Test
    void reportsATimeoutAndExitsWith1() {
        assertThat(run("cancel-task --engine celery --task-id t-1 --timeout 1")).isEqualTo(ExitCode.FAILED);

        assertThat(err.toString()).contains("timed out after").contains("no agent received it");
    }

    @Test
    void returnsTheSameCommandForTheSameIdempotencyKey() {
        String line = "cancel-task --engine celery --task-id t-1 --no-wait --json --idempotency-key k-1";
        assertThat(run(line)).isEqualTo(ExitCode.OK);
        JsonObject first = new JsonObject(out.toString());
        out.getBuffer().setLength(0);

        assertThat(run(line)).isEqualTo(ExitCode.OK);

        assertThat(first.getString("status")).isEqualTo("pending");
        assertThat(new JsonObject(out.toString()).getString("id")).isEqualTo(first.getString("id"));
    }

    @Test
    void printsTheErrorOfTheBrainAndExitsWith1() {
        assertThat(run("cancel-task --engine celery --task-id t-1 --agent nobody"))
                .isEqualTo(ExitCode.FAILED);
        assertThat(run("pool-resize --worker w --delta 1000")).isEqualTo(ExitCode.FAILED);
        environment.put("GANGLION_ADMIN_KEY", "z4k_wrong");
        assertThat(run("restart-worker --worker w")).isEqualTo(ExitCode.FAILED);
        assertThat(run("restart-worker --worker w --url http://127.0.0.1:1")).isEqualTo(ExitCode.FAILED);

        assertThat(err.toString().lines())
                .hasSize(4)
                .satisfiesExactly(
                        line -> assertThat(line).contains("nobody"),
                        line -> assertThat(line).contains("delta", "422", "validation_failed"),
                        line -> assertThat(line).contains("401", "unauthorized"),
                        line -> assertThat(line).contains("http://127.0.0.1:1 cannot be reached"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cancel-task",
                "cancel-task --task-id t-1 --timeout 0",
                "bulk-retry --max 5 --filter [",
                "pool-resize --worker w --delta many",
                "fly --task-id t-1",
                "cancel-task --task-id t-1 --key a --key-file b",
                "cancel-task --task-id t-1 --key-file /no/such/file",
                "cancel-task --task-id t-1 --url http://brain.example"
            })
    void exitsWith2OnWrongUsage(String line) {
        assertThat(run(line)).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(err.toString()).isNotEmpty();
    }

    @Test
    void readsTheKeyFromAFileOrTheHomeOfDevAndNeverPrintsIt() throws Exception {
        environment.remove("GANGLION_ADMIN_KEY");
        String line = "cancel-task --engine celery --task-id t-1 --no-wait";
        assertThat(run(line)).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(err.toString()).contains("GANGLION_ADMIN_KEY");

        Path file = Files.writeString(directory.resolve("key"), BrainExtension.ADMIN_KEY + "\n");
        assertThat(run(line + " --key-file " + file)).isEqualTo(ExitCode.OK);
        Path kept = Files.move(file, directory.resolve("admin-key"));
        assertThat(run(line)).isEqualTo(ExitCode.OK);

        assertThat(kept).exists();
        assertThat(out.toString() + err).doesNotContain(BrainExtension.ADMIN_KEY);
    }

    private void answering(CommandOutcome outcome) {
        AgentOptions options = AgentOptions.of(
                        "ws://127.0.0.1:" + brain.port(), Secret.of(enrolled.token()), Secret.of(enrolled.secretText()))
                .withProfile(AgentProfile.simulated("w"));
        CommandHandler handler = command -> Future.succeededFuture(outcome);
        new Agent(AgentHost.on(vertx), options, handler, state -> {}).start().await();
    }

    /** Runs a command line. Adds the test brain's URL and the enrolled agent unless the line names others. */
    private int run(String line) {
        List<String> arguments = new ArrayList<>(List.of("command"));
        arguments.addAll(List.of(line.split(" ", -1)));
        arguments.addAll(List.of("--project", enrolled.slug()));
        if (!line.contains("--url")) {
            arguments.addAll(List.of("--url", "http://127.0.0.1:" + brain.port()));
        }
        if (!line.contains("--agent")) {
            arguments.addAll(List.of("--agent", enrolled.id()));
        }
        return Main.commandLine(new Console(new PrintWriter(out, true), new PrintWriter(err, true), environment))
                .execute(arguments.toArray(String[]::new));
    }
}
