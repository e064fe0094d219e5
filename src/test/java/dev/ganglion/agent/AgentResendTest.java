package dev.ganglion.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ganglion.agent.outbox.AgentCounts;
import dev.ganglion.agent.outbox.Batching;
import dev.ganglion.protocol.frame.EventBatch;
import dev.ganglion.protocol.frame.EventBatchAck;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AgentResendTest extends AgentTests {
    @Test
    void resends_an_unacked_batch_with_the_same_id_after_a_reconnect() throws Exception {
        brain.withholdNextAcks();
        Agent agent = agent();
        agent.start().await();
        assertThat(agent.emit(event(1))).isTrue();
        ScriptedSession first = brain.session();
        EventBatch batch = first.batch();

        first.close(1011);

        ScriptedSession second = brain.session();
        EventBatch again = second.batch();
        agent.flushed().await();
        assertThat(again.id()).isEqualTo(batch.id());
        assertThat(again.events()).isEqualTo(batch.events());
        assertThat(second.sessionId()).isNotEqualTo(first.sessionId());
        assertThat(agent.counts()).isEqualTo(new AgentCounts(1, 0, 1, 1, 0, 1, 2));
    }

    @Test
    void does_not_resend_acked_batches() throws Exception {
        brain.withholdNextAcks();
        Agent agent = agent(brain.options().withBatching(Batching.DEFAULT.withBatchSize(1)));
        agent.start().await();
        IntStream.range(0, 3).forEach(i -> assertThat(agent.emit(event(i))).isTrue());
        ScriptedSession first = brain.session();
        first.ack(first.batch());
        await().until(() -> agent.counts().acked() == 1);

        first.close(1001);
        agent.flushed().await();

        ScriptedSession second = brain.session();
        assertThat(ScriptedSession.ids(second.batch())).containsExactly(eventId(1));
        assertThat(ScriptedSession.ids(second.batch())).containsExactly(eventId(2));
        assertThat(second.batchesWaiting()).isZero();
    }

    @Test
    void resends_old_batches_in_order_before_new_ones() throws Exception {
        brain.withholdNextAcks();
        Agent agent = agent(brain.options().withBatching(Batching.DEFAULT.withBatchSize(10)));
        agent.start().await();
        IntStream.range(0, 40).forEach(i -> assertThat(agent.emit(event(i))).isTrue());
        ScriptedSession first = brain.session();
        await().until(() -> first.batchesWaiting() >= 4);

        agent.dropConnection().await();
        IntStream.range(40, 60).forEach(i -> assertThat(agent.emit(event(i))).isTrue());
        agent.flushed().await();

        ScriptedSession second = brain.session();
        List<String> seen = new ArrayList<>();
        while (seen.size() < 60) {
            seen.addAll(ScriptedSession.ids(second.batch()));
        }
        assertThat(seen)
                .isEqualTo(IntStream.range(0, 60).mapToObj(AgentTests::eventId).toList());
    }

    @Test
    void ignores_acks_of_unknown_or_already_acked_batches() throws Exception {
        brain.withholdNextAcks();
        Agent agent = agent();
        agent.start().await();
        assertThat(agent.emit(event(1))).isTrue();
        ScriptedSession session = brain.session();
        EventBatch batch = session.batch();

        session.send(new EventBatchAck("a", "someone-elses", 5, 5, 0));
        session.ack(batch);
        session.ack(batch);
        agent.flushed().await();

        assertThat(agent.counts().acked()).isEqualTo(1);
        assertThat(agent.buffered()).isZero();
    }

    @Test
    void counts_events_that_the_brain_rejects() throws Exception {
        brain.withholdNextAcks();
        Agent agent = agent();
        agent.start().await();
        IntStream.range(0, 3).forEach(i -> assertThat(agent.emit(event(i))).isTrue());
        ScriptedSession session = brain.session();
        EventBatch batch = session.batch();

        session.send(new EventBatchAck(
                "a", batch.id(), batch.events().size(), batch.events().size() - 1, 1));
        await().until(() -> agent.counts().rejected() == 1);

        assertThat(agent.counts().acked()).isEqualTo(batch.events().size() - 1L);
    }

    @Test
    void keeps_every_frame_below_the_frame_limit_of_the_brain() throws Exception {
        brain.onNextHello(session -> session.accept(10, 4096));
        Agent agent = agent();
        agent.start().await();

        IntStream.range(0, 60).forEach(i -> assertThat(agent.emit(event(i))).isTrue());
        agent.flushed().await();

        ScriptedSession session = brain.session();
        for (int left = session.batchesWaiting(); left > 0; left--) {
            assertThat(session.batch().events().array().size()).isLessThan(4096 - 1000);
        }
    }

    @Test
    void splits_unacked_batches_when_the_new_frame_limit_is_smaller() throws Exception {
        brain.withholdNextAcks();
        brain.onNextHello(session -> session.accept(10, 4096));
        Agent agent = agent();
        agent.start().await();
        IntStream.range(0, 60).forEach(i -> assertThat(agent.emit(event(i))).isTrue());
        ScriptedSession first = brain.session();
        assertThat(first.batch().events().size()).isPositive();

        first.close(1001);
        agent.flushed().await();

        ScriptedSession second = brain.session();
        List<String> seen = new ArrayList<>();
        for (int left = second.batchesWaiting(); left > 0; left--) {
            seen.addAll(ScriptedSession.ids(second.batch()));
        }
        assertThat(seen)
                .isEqualTo(IntStream.range(0, 60).mapToObj(AgentTests::eventId).toList());
    }

    @Test
    void drops_an_event_that_exceeds_the_frame_limit() throws Exception {
        brain.onNextHello(session -> session.accept(10, 4096));
        Agent agent = agent();
        agent.start().await();
        AgentEvent huge = new AgentEvent(
                UUID.randomUUID(),
                "celery",
                "t",
                "task.failed",
                Instant.now(),
                new JsonObject().put("traceback", "x".repeat(5000)));

        assertThat(agent.emit(huge)).isTrue();
        assertThat(agent.emit(event(1))).isTrue();
        agent.flushed().await();

        assertThat(ScriptedSession.ids(brain.session().batch())).containsExactly(eventId(1));
        assertThat(agent.counts().dropped()).isEqualTo(1);
    }
}
