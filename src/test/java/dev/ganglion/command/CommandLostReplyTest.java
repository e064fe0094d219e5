package dev.ganglion.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.AnotherBrain;
import dev.ganglion.testing.BrainExtension;
import dev.ganglion.testing.CommandHands;
import dev.ganglion.testing.Commands;
import dev.ganglion.testing.Enrolled;
import dev.ganglion.testing.ReplyCutter;
import dev.ganglion.testing.Wire;
import dev.ganglion.testing.WireAgent;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
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

    private final Enrolled enrolled = brain.agent();
    private ReplyCutter cutter;
    private AnotherBrain behind;
    private Commands operator;

    @BeforeEach
    void start() {
        cutter = new ReplyCutter(brain.redis().uri());
        behind = AnotherBrain.start(cutter.uri());
        operator = behind.to(enrolled);
    }

    @AfterEach
    void stop() {
        behind.close();
        cutter.close();
    }

    private static String sha(String script) throws IOException, NoSuchAlgorithmException {
        try (InputStream source = CommandLostReplyTest.class.getResourceAsStream("/lua/" + script + ".lua")) {
            byte[] bytes = Objects.requireNonNull(source).readAllBytes();
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
        }
    }

    @Test
    void deliversAClaimedCommandAfterTheReplyWasLost() throws Exception {
        try (WireAgent agent = behind.connect(enrolled, Wire.hello())) {
            String before = operator.cancel("before");
            CommandHands.take(agent, before);
            CommandHands.acknowledgeDurably(agent, before);
            cutter.cutReplyOf(sha("dispatch"));

            String id = operator.issue("purge-queue", new JsonObject().put("queue", "q"))
                    .getString("id");

            CommandHands.take(agent, id);
            assertThat(cutter.hasCut()).isTrue();
            CommandHands.complete(agent, id, 1);
            CommandHands.complete(agent, before, 1);
        }
    }

    @Test
    void answersAWaitingCallerAfterTheReplyToAResultWasLost() throws Exception {
        try (WireAgent agent = behind.connect(enrolled, Wire.hello())) {
            String id = operator.cancel("t");
            CommandHands.take(agent, id);
            CompletableFuture<JsonObject> answered = CompletableFuture.supplyAsync(() -> operator.await(id, 14));
            assertThat(operator.await(id, 1).getString("status")).isEqualTo("dispatched");
            cutter.cutReplyOf(sha("command_frame"));

            CommandHands.complete(agent, id, "done");

            assertThat(cutter.hasCut()).isTrue();
            Awaitility.await().until(answered::isDone);
            assertThat(answered.join().getString("result")).isEqualTo("done");
        }
    }

    @Test
    void returnsTheStoredCommandWhenARequestIsRetriedAfterALostReply() throws Exception {
        try (WireAgent agent = behind.connect(enrolled, Wire.hello())) {
            JsonObject body = Commands.cancelBody("t").put("idempotency_key", enrolled.id());
            cutter.cutReplyOf(sha("command_issue"));

            assertThat(operator.post("cancel-task", body).status()).isEqualTo(503);

            Awaitility.await().until(() -> operator.post("cancel-task", body).status() == 202);
            String id = Commands.ids(operator.list("")).get(0);
            CommandHands.take(agent, id);
            CommandHands.hasNothing(agent);
            assertThat(operator.list("")).hasSize(1);
        }
    }
}
