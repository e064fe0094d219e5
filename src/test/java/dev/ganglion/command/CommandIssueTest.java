package dev.ganglion.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.command.CommandOperator;
import dev.ganglion.testing.http.Rest;
import dev.ganglion.testing.log.QuietLog;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests which commands may be issued, and that a rejection names the wrong field. */
class CommandIssueTest {
    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    private static CommandOperator operator;

    @RegisterExtension
    final QuietLog log = new QuietLog();

    @BeforeAll
    static void enroll() {
        operator = CommandOperator.to(brain.agent());
    }

    private static JsonObject body(String verb) {
        return switch (verb) {
            case "retry-task", "cancel-task" -> CommandOperator.cancelBody("t");
            case "bulk-retry" ->
                new JsonObject().put("filter", new JsonObject()).put("max", 1);
            case "purge-queue" -> new JsonObject().put("queue", "q");
            case "restart-worker" -> new JsonObject().put("worker_name", "w");
            case "pool-resize" -> new JsonObject().put("worker_name", "w").put("delta", 1);
            case "rate-limit" -> new JsonObject().put("task_name", "t").put("rate", "1/s");
            default -> new JsonObject().put("worker_name", "w").put("queue", "q");
        };
    }

    /** Values of a field at its limits and beyond them. */
    record Limit(String verb, String field, List<?> allowed, List<?> refused) {
        static Limit length(String verb, String field, int most) {
            return new Limit(
                    verb,
                    field,
                    List.of("a", "a".repeat(most), "\uD83D\uDE00".repeat(most)),
                    List.of("", "a".repeat(most + 1), 1, true));
        }

        @Override
        public String toString() {
            return verb + " " + field;
        }
    }

    static Stream<Limit> limits() {
        Function<Integer, JsonObject> object = size -> new JsonObject().put("k", "x".repeat(size - 8));
        Function<Integer, JsonArray> array = size -> new JsonArray().add("x".repeat(size - 4));
        return Stream.of(
                Limit.length("retry-task", "task_id", 200),
                Limit.length("retry-task", "engine", 40),
                new Limit("retry-task", "eta_seconds", List.of(0, 86_400), List.of(-1, 86_401, "1", 1.5)),
                new Limit(
                        "retry-task", "override_args", List.of(array.apply(65_536)), List.of(array.apply(65_537), "x")),
                new Limit(
                        "retry-task",
                        "override_kwargs",
                        List.of(object.apply(65_536)),
                        List.of(object.apply(65_537), 1)),
                Limit.length("cancel-task", "task_id", 200),
                new Limit("bulk-retry", "max", List.of(1, 10_000), List.of(0, 10_001, "1")),
                new Limit("bulk-retry", "filter", List.of(object.apply(65_536)), List.of(object.apply(65_537), "x")),
                Limit.length("purge-queue", "queue", 200),
                new Limit("purge-queue", "force", List.of(true, false), List.of("true", 1)),
                Limit.length("restart-worker", "worker_name", 200),
                new Limit("pool-resize", "delta", List.of(-100, -1, 1, 100), List.of(-101, 0, 101, 1.5)),
                Limit.length("add-consumer", "worker_name", 200),
                Limit.length("add-consumer", "queue", 200),
                Limit.length("cancel-consumer", "queue", 200),
                Limit.length("rate-limit", "task_name", 500),
                Limit.length("rate-limit", "worker_name", 200),
                new Limit(
                        "rate-limit",
                        "rate",
                        List.of("0", "1", "10/s", "200/m", "3/h"),
                        List.of("", "01", "-1", "1/d", "0/s", "1/", "1 /s", "1/s\n", "x")),
                new Limit("cancel-task", "timeout_seconds", List.of(1, 3600), List.of(0, 3601, "60")),
                Limit.length("cancel-task", "idempotency_key", 200));
    }

    @ParameterizedTest
    @MethodSource("limits")
    void acceptsAFieldAtItsLimitsAndRejectsItBeyond(Limit limit) {
        for (Object value : limit.allowed()) {
            operator.issue(limit.verb(), body(limit.verb()).put(limit.field(), value));
        }
        for (Object value : limit.refused()) {
            Rest.Response refused =
                    operator.post(limit.verb(), body(limit.verb()).put(limit.field(), value));
            assertThat(refused.status()).as("%s", value).isIn(400, 422);
            assertThat(refused.field()).as("%s", value).isEqualTo(limit.field());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "retry-task",
                "cancel-task",
                "bulk-retry",
                "purge-queue",
                "restart-worker",
                "pool-resize",
                "add-consumer",
                "cancel-consumer",
                "rate-limit"
            })
    void rejectsMissingAndUnknownFields(String verb) {
        for (String field : body(verb).fieldNames()) {
            JsonObject without = body(verb);
            without.remove(field);
            Rest.Response refused = operator.post(verb, without);
            assertThat(refused.status()).as(field).isEqualTo(422);
            assertThat(refused.field()).isEqualTo(field);
        }
        Rest.Response surplus = operator.post(verb, body(verb).put("surplus", 1));
        assertThat(surplus.status()).isEqualTo(422);
        assertThat(surplus.field()).isEqualTo("surplus");
        assertThat(operator.post(verb, body(verb).put("timeout_seconds", 0))
                        .json()
                        .getString("message"))
                .isEqualTo("timeout_seconds: 0 is less than 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"explode", "retry-tasks", "RETRY-TASK", "retry-task_"})
    void answersNotFoundForAnUnknownVerb(String verb) {
        assertThat(operator.post(verb, CommandOperator.cancelBody("t"))
                        .expect(404)
                        .getString("error"))
                .isEqualTo("not_found");
    }

    @Test
    void answersNotFoundForAgentsAndCommandsOfAnotherProject() {
        EnrolledAgent elsewhere = brain.agent();
        CommandOperator theirs = CommandOperator.to(elsewhere);
        String id = theirs.cancel("t");

        assertThat(operator.post("cancel-task", CommandOperator.cancelBody("t").put("agent_id", elsewhere.id()))
                        .status())
                .isEqualTo(404);
        assertThat(brain.rest().get(operator.path() + "/" + id).status()).isEqualTo(404);
        assertThat(brain.rest().get(operator.path() + "/" + id + "?wait=5").status())
                .isEqualTo(404);
        assertThat(brain.rest()
                        .post(
                                "/projects/no-such/commands/cancel-task",
                                CommandOperator.cancelBody("t").put("agent_id", "a"))
                        .status())
                .isEqualTo(404);
    }

    @Test
    void rejectsARequestWithoutAKey() {
        Rest stranger = brain.rest("");
        JsonObject body = body("cancel-task").put("agent_id", operator.agentId());
        assertThat(stranger.post(operator.path() + "/cancel-task", body).status())
                .isEqualTo(401);
        assertThat(stranger.post(operator.path() + "/cancel_task", body).status())
                .isEqualTo(401);
        assertThat(stranger.get(operator.path()).status()).isEqualTo(401);
    }

    @Test
    void returnsTheSameCommandForTheSameIdempotencyKeyAndBody() {
        JsonObject body = CommandOperator.cancelBody("t").put("idempotency_key", "once");
        String id = operator.issue("cancel-task", body).getString("id");

        assertThat(operator.issue("cancel-task", body).getString("id")).isEqualTo(id);
        assertThat(operator.issue("cancel_task", body).getString("id")).isEqualTo(id);
        assertThat(CommandOperator.ids(operator.list("limit=500"))).containsOnlyOnce(id);
    }

    @Test
    void rejectsAnIdempotencyKeyWithAnotherBody() {
        JsonObject body = CommandOperator.cancelBody("t").put("idempotency_key", "mine");
        operator.issue("cancel-task", body);

        Rest.Response other = operator.post("cancel-task", body.copy().put("task_id", "u"));
        assertThat(other.expect(409).getString("error")).isEqualTo("conflict");
        assertThat(other.field()).isEqualTo("idempotency_key");
        assertThat(operator.post("retry-task", body).status()).isEqualTo(409);
        assertThat(operator.post("cancel-task", body.copy().put("timeout_seconds", 5))
                        .status())
                .isEqualTo(409);
    }

    @Test
    void separatesIdempotencyKeysByProject() {
        CommandOperator theirs = CommandOperator.to(brain.agent());
        JsonObject body = CommandOperator.cancelBody("t").put("idempotency_key", "shared");

        assertThat(theirs.issue("cancel-task", body).getString("id"))
                .isNotEqualTo(operator.issue("cancel-task", body).getString("id"));
    }

    @Test
    void storesOneCommandForConcurrentRequestsWithOneIdempotencyKey() {
        JsonObject body = CommandOperator.cancelBody("t").put("idempotency_key", "crowd");
        Set<String> ids = ConcurrentHashMap.newKeySet();

        IntStream.range(0, 16)
                .parallel()
                .forEach(i -> ids.add(operator.issue("cancel-task", body).getString("id")));

        assertThat(ids).hasSize(1);
    }
}
