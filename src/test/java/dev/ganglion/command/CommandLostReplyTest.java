package dev.ganglion.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.protocol.Digests;
import dev.ganglion.store.redis.Script;
import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.brain.FurtherBrain;
import dev.ganglion.testing.command.CommandOperator;
import dev.ganglion.testing.command.CommandSteps;
import dev.ganglion.testing.http.Rest;
import dev.ganglion.testing.network.ReplyDroppingProxy;
import dev.ganglion.testing.wire.WireAgent;
import dev.ganglion.testing.wire.WireFrames;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests commands when Redis has run a request but the connection breaks before the brain receives the reply. */
class CommandLostReplyTest {
    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    private final EnrolledAgent enrolled = brain.agent();
    private ReplyDroppingProxy cutter;
    private FurtherBrain behind;
    private CommandOperator operator;

    @BeforeEach
    void start() {
        cutter = new ReplyDroppingProxy(brain.redis().uri());
        behind = FurtherBrain.start(cutter.uri());
        operator = CommandOperator.to(enrolled, behind::rest);
    }

    @AfterEach
    void stop() {
        behind.close();
        cutter.close();
    }

    private static String sha(Script script) {
        return Digests.sha1Hex(script.source());
    }

    @Test
    void deliversAClaimedCommandAfterTheReplyWasLost() throws Exception {
        try (WireAgent agent = behind.connect(enrolled, WireFrames.hello())) {
            String before = operator.cancel("before");
            CommandSteps.receive(agent, before);
            CommandSteps.acknowledgeDurably(agent, before);
            cutter.cutReplyOf(sha(Script.DISPATCH));

            String id = operator.issue("purge-queue", new JsonObject().put("queue", "q"))
                    .getString("id");

            CommandSteps.receive(agent, id);
            assertThat(cutter.hasCut()).isTrue();
            CommandSteps.complete(agent, id, 1);
            CommandSteps.complete(agent, before, 1);
        }
    }

    @Test
    void answersAWaitingCallerAfterTheReplyToAResultWasLost() throws Exception {
        try (WireAgent agent = behind.connect(enrolled, WireFrames.hello())) {
            String id = operator.cancel("t");
            CommandSteps.receive(agent, id);
            CompletableFuture<JsonObject> answered = CompletableFuture.supplyAsync(() -> operator.await(id, 14));
            assertThat(operator.await(id, 1).getString("status")).isEqualTo("dispatched");
            cutter.cutReplyOf(sha(Script.COMMAND_FRAME));

            CommandSteps.complete(agent, id, "done");

            assertThat(cutter.hasCut()).isTrue();
            Awaitility.await().until(answered::isDone);
            assertThat(answered.join().getString("result")).isEqualTo("done");
        }
    }

    @Test
    void returnsTheStoredCommandWhenARequestIsRetriedAfterALostReply() throws Exception {
        try (WireAgent agent = behind.connect(enrolled, WireFrames.hello())) {
            JsonObject body = CommandOperator.cancelBody("t").put("idempotency_key", enrolled.id());
            cutter.cutReplyOf(sha(Script.COMMAND_ISSUE));

            Rest.Response lost = operator.post("cancel-task", body);
            assertThat(lost.status()).isEqualTo(503);
            assertThat(lost.json().getJsonObject("details").getBoolean("may_have_happened"))
                    .isTrue();

            Awaitility.await().until(() -> operator.post("cancel-task", body).status() == 202);
            String id = CommandOperator.ids(operator.list("")).get(0);
            CommandSteps.receive(agent, id);
            CommandSteps.assertNothingReceived(agent);
            assertThat(operator.list("")).hasSize(1);
        }
    }
}
