package dev.ganglion.agent.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.agent.AgentHost;
import dev.ganglion.agent.AgentProfile;
import dev.ganglion.agent.CommandOutcome;
import dev.ganglion.protocol.frame.Command;
import dev.ganglion.protocol.json.Json;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class SimulatedCommandsTest {
    private static final String PARAMETERS =
            "{\"task_id\":\"t-1\",\"filter\":{},\"max\":10,\"queue\":\"mail\",\"delta\":2,"
                    + "\"worker_name\":\"celery@w\",\"task_name\":\"shop.mail.send_receipt\",\"rate\":\"10/m\"}";
    /** Always draws a middle value, so that nothing fails or is slow by chance. */
    private static final RandomGenerator EVEN = () -> 0x7FFF_FFFF_FFFF_FFFFL;

    static List<String> actions() {
        return AgentProfile.ALL_ACTIONS;
    }

    private Vertx vertx;
    private AgentHost host;

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
        host = AgentHost.on(vertx);
    }

    @AfterEach
    void close() {
        vertx.close().await();
    }

    @ParameterizedTest
    @MethodSource("actions")
    void carries_out_every_action(String action) {
        SimulatedCommands commands = new SimulatedCommands(host, "celery@w", EVEN);

        CommandOutcome outcome = commands.handle(command(action, PARAMETERS)).await();

        assertThat(outcome.ok()).as(outcome.toString()).isTrue();
        assertThat(outcome.result().isObject()).isTrue();
    }

    @Test
    void answers_that_the_state_of_a_task_is_unknown() {
        SimulatedCommands commands = new SimulatedCommands(host, "celery@w", EVEN);

        assertThat(run(commands, "reconcile_task", PARAMETERS))
                .isEqualTo(new JsonObject().put("task_id", "t-1").put("engine_state", "unknown"));
    }

    @Test
    void keeps_the_state_that_commands_change() {
        SimulatedCommands commands = new SimulatedCommands(host, "celery@w", EVEN);

        assertThat(run(commands, "pool_grow", "{\"delta\":3}").getInteger("pool_size"))
                .isEqualTo(11);
        assertThat(run(commands, "pool_shrink", "{\"delta\":10}").getInteger("pool_size"))
                .isEqualTo(1);
        assertThat(commands.handle(command("pool_shrink", "{\"delta\":1}"))
                        .await()
                        .errorCode())
                .isEqualTo("pool_limit");
        assertThat(run(commands, "add_consumer", "{\"queue\":\"new\"}").getJsonArray("queues"))
                .contains("new");
        assertThat(run(commands, "cancel_consumer", "{\"queue\":\"new\"}").getJsonArray("queues"))
                .doesNotContain("new");
        assertThat(commands.handle(command("cancel_consumer", "{\"queue\":\"new\"}"))
                        .await()
                        .errorCode())
                .isEqualTo("not_consuming");
    }

    @Test
    void rejects_unknown_workers_queues_and_actions() {
        SimulatedCommands commands = new SimulatedCommands(host, "celery@w", EVEN);

        assertThat(List.of(
                        code(commands, "restart_worker", "{\"worker_name\":\"celery@other\"}"),
                        code(commands, "purge_queue", "{\"queue\":\"nowhere\"}"),
                        code(commands, "fly", "{}")))
                .containsExactly("worker_unknown", "queue_unknown", "unsupported");
    }

    @Test
    void gives_the_same_outcomes_for_the_same_seed_including_failures() {
        List<String> first = codes(new Random(5));

        assertThat(codes(new Random(5))).isEqualTo(first);
        assertThat(first).contains("null", "broker_unreachable");
    }

    private List<String> codes(RandomGenerator random) {
        SimulatedCommands commands = new SimulatedCommands(host, "celery@w", random);
        // All commands run at once, so that their simulated delays overlap.
        List<Future<CommandOutcome>> outcomes = IntStream.range(0, 100)
                .mapToObj(number -> commands.handle(command("rate_limit", PARAMETERS)))
                .toList();
        return outcomes.stream()
                .map(outcome -> String.valueOf(outcome.await().errorCode()))
                .toList();
    }

    private static String code(SimulatedCommands commands, String action, String parameters) {
        return String.valueOf(
                commands.handle(command(action, parameters)).await().errorCode());
    }

    private static JsonObject run(SimulatedCommands commands, String action, String parameters) {
        CommandOutcome outcome = commands.handle(command(action, parameters)).await();
        assertThat(outcome.ok()).as(outcome.toString()).isTrue();
        return new JsonObject(outcome.result().text());
    }

    private static Command command(String action, String parameters) {
        Json said = Json.parse(parameters);
        return new Command("c-1", action, said, action, Json.EMPTY_OBJECT, said, 60, null);
    }
}
