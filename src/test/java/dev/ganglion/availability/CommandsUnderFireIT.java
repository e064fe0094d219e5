package dev.ganglion.availability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.brain.BrainProcess;
import dev.ganglion.testing.command.CommandOperator;
import dev.ganglion.testing.command.JournalingAgent;
import dev.ganglion.testing.http.Rest;
import dev.ganglion.testing.redis.RedisExtension;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Issues commands while agents disconnect and reconnect at random and the brain is killed and restarted twice. */
@Timeout(420)
class CommandsUnderFireIT {
    private static final int AGENTS = 20;
    private static final int EACH = 50;
    private static final long BACK_OFF_NANOS = 50_000_000;
    private static final long SEED = 20_261_122;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @RegisterExtension
    static final RedisExtension redis = new RedisExtension();

    private final AtomicInteger issuedCount = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();

    /** Issues a command until a brain accepts it. The idempotency key prevents duplicates. */
    private String issue(BrainProcess brain, CommandOperator operator, int number) {
        JsonObject body = CommandOperator.cancelBody("t" + number)
                .put("timeout_seconds", 300)
                .put("idempotency_key", operator.agentId() + "-" + number);
        while (true) {
            try {
                Rest.Response answer = operator.post("cancel-task", body);
                if (answer.status() == 202) {
                    issuedCount.incrementAndGet();
                    return answer.json().getString("id");
                }
                assertThat(answer.status()).as(answer.text()).isEqualTo(503);
            } catch (UncheckedIOException unreachable) {
                assertThat(brain.port()).isPositive();
            }
            refused.incrementAndGet();
            LockSupport.parkNanos(BACK_OFF_NANOS);
        }
    }

    private void issueAll(BrainProcess brain, List<CommandOperator> operators, Map<String, List<String>> issued) {
        ExecutorService issuers = Executors.newFixedThreadPool(AGENTS);
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (CommandOperator operator : operators) {
            List<String> ids = new ArrayList<>();
            issued.put(operator.agentId(), ids);
            all.add(CompletableFuture.runAsync(
                    () -> {
                        for (int i = 0; i < EACH; i++) {
                            ids.add(issue(brain, operator, i));
                        }
                    },
                    issuers));
        }
        for (int kill = 1; kill <= 2; kill++) {
            int due = kill * AGENTS * EACH / 3;
            Awaitility.await().atMost(PATIENCE).until(() -> issuedCount.get() >= due);
            brain.kill9();
            brain.start();
        }
        all.forEach(CompletableFuture::join);
        issuers.shutdown();
    }

    @Test
    void executesEveryCommandOnceInOrder() {
        long begin = System.nanoTime();
        Map<String, List<String>> issued = new HashMap<>();
        Map<String, JournalingAgent> agents = new HashMap<>();
        List<CommandOperator> operators = new ArrayList<>();
        try (BrainProcess brain = BrainProcess.start(redis)) {
            try {
                JsonObject project = new JsonObject().put("slug", "fire").put("name", "Fire");
                assertThat(brain.rest().post("/projects", project).status()).isEqualTo(201);
                for (int i = 0; i < AGENTS; i++) {
                    JsonObject minted = brain.rest()
                            .post("/projects/fire/agents", new JsonObject().put("name", "a" + i))
                            .expect(201);
                    String id = minted.getJsonObject("agent").getString("id");
                    operators.add(new CommandOperator(brain::rest, "fire", id));
                    agents.put(id, new JournalingAgent(brain::port, minted, SEED + i));
                }
                issueAll(brain, operators, issued);
                CommandOperator any = operators.get(0);
                Awaitility.await("every command to be final")
                        .atMost(PATIENCE)
                        .failFast(() -> assertWell(agents))
                        .pollInterval(Duration.ofMillis(500))
                        .untilAsserted(() -> assertThat(any.list("limit=500&status=completed"))
                                .hasSize(AGENTS * EACH));
                assertThat(any.list("limit=500")).hasSize(AGENTS * EACH);
                Awaitility.await("every result to be acked")
                        .atMost(PATIENCE)
                        .failFast(() -> assertWell(agents))
                        .untilAsserted(() -> issued.forEach((agent, ids) -> assertThat(agents)
                                .hasEntrySatisfying(
                                        agent,
                                        its -> assertThat(its.confirmedResults())
                                                .containsExactlyInAnyOrderElementsOf(ids))));
            } finally {
                agents.values().forEach(JournalingAgent::close);
            }
        }
        assertWell(agents);
        issued.forEach((agent, ids) -> {
            assertThat(new HashSet<>(ids)).hasSize(EACH);
            assertThat(agents).hasEntrySatisfying(agent, journaling -> assertDelivered(ids, journaling));
        });
        report(agents, (System.nanoTime() - begin) / 1e9);
    }

    private static void assertWell(Map<String, JournalingAgent> agents) {
        agents.values().forEach(JournalingAgent::assertNoProtocolViolation);
    }

    /**
     * Asserts the deliveries to an agent, which itself drops repeated commands. A repeated delivery is correct only
     * over a later connection and before the brain has acknowledged the result. Over each connection, commands arrive
     * in the order in which they were issued.
     */
    private static void assertDelivered(List<String> issued, JournalingAgent agent) {
        assertThat(agent.journal()).isEqualTo(issued);
        assertThat(agent.deliveredAfterConfirmation())
                .as("commands delivered after their result was stored")
                .isEmpty();
        assertThat(agent.deliveries())
                .allSatisfy(session -> assertThat(session.stream().map(issued::indexOf))
                        .doesNotHaveDuplicates()
                        .isSorted());
    }

    private void report(Map<String, JournalingAgent> agents, double seconds) {
        List<List<String>> sessions = agents.values().stream()
                .flatMap(agent -> agent.deliveries().stream())
                .toList();
        int delivered = sessions.stream().mapToInt(List::size).sum();
        assertThat(delivered)
                .as("number of deliveries, including repeated ones")
                .isGreaterThan(AGENTS * EACH);
        System.out.printf(
                "%d commands to %d agents in %.1f s over 2 kills of the brain and %d sessions:"
                        + " all completed, each executed once and in order; %d redelivered over a later connection,"
                        + " %d calls were repeated%n",
                AGENTS * EACH, AGENTS, seconds, sessions.size(), delivered - AGENTS * EACH, refused.get());
    }
}
