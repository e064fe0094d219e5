package dev.ganglion.gateway.poll;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.agent.PollAgent;
import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.http.Rest;
import dev.ganglion.testing.wire.WireFrames;
import dev.ganglion.testing.wire.WireSocket;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Checks long polls while the store is unavailable, and while the node shuts down. */
class LongPollStoreIT {
    @RegisterExtension
    static final BrainExtension brain =
            new BrainExtension().with("agent.handshake-rate", "1").with("agent.handshake-burst", "1");

    @Test
    void answers503WithoutTheStoreAndLosesNothing() {
        EnrolledAgent enrolled = brain.agent();
        PollAgent agent = PollAgent.of(enrolled);
        JsonObject batch = agent.envelope("event_batch", WireFrames.batchOf(5));
        String frame = agent.sign(batch);
        brain.redis().process().freeze();
        Rest.Response upload = agent.upload(brain.port(), frame);
        Rest.Response poll = agent.poll(brain.port(), 0);
        brain.redis().process().thaw();

        assertThat(upload.status()).isEqualTo(503);
        assertThat(upload.header("Retry-After")).isPresent();
        assertThat(poll.status()).isEqualTo(503);
        PollAgent next = PollAgent.of(enrolled);
        Awaitility.await().atMost(WireSocket.PATIENCE).untilAsserted(() -> {
            JsonObject again =
                    next.envelope("event_batch", batch.getJsonObject("payload")).put("id", batch.getString("id"));
            assertThat(next.upload(brain.port(), next.sign(again)).status()).isEqualTo(200);
        });
        assertThat(enrolled.events()).hasSize(5);
    }

    @Test
    void endsAWaitingPollWithNoFramesWhenTheNodeShutsDown() {
        EnrolledAgent enrolled = brain.agent();
        PollAgent agent = PollAgent.of(enrolled);
        CompletableFuture<Rest.Response> poll = agent.pollLater(brain.port(), 60);
        Awaitility.await().until(() -> enrolled.view().getString("state").equals("online"));

        brain.stop();
        Rest.Response answer = poll.join();
        brain.start();

        assertThat(agent.frames(answer)).isEmpty();
        assertThat(agent.poll(brain.port(), 0).status()).isEqualTo(200);
    }

    @Test
    void doesNotApplyTheHandshakeRateToPolls() {
        PollAgent agent = PollAgent.of(brain.agent());
        for (int i = 0; i < 20; i++) {
            assertThat(agent.poll(brain.port(), 0).status()).isEqualTo(200);
        }
    }
}
