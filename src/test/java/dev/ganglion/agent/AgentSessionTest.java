package dev.ganglion.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ganglion.agent.outbox.AgentCounts;
import dev.ganglion.agent.outbox.Batching;
import dev.ganglion.protocol.Dialect;
import dev.ganglion.protocol.HmacEncoding;
import dev.ganglion.protocol.frame.EventBatch;
import dev.ganglion.protocol.frame.Heartbeat;
import dev.ganglion.protocol.frame.Hello;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AgentSessionTest extends AgentTests {
    @Test
    void connects_to_the_documented_path_and_signs_in_base64() throws Exception {
        Agent agent =
                agent(brain.options().withProfile(AgentProfile.simulated("w-1").withHostName("box")));

        agent.start().await();

        ScriptedSession session = brain.session();
        Hello hello = session.hello();
        assertThat(session.upgrade().path()).isEqualTo("/ws");
        assertThat(session.upgrade().getHeader("Authorization")).isEqualTo("Bearer " + ScriptedBrain.TOKEN);
        assertThat(session.upgrade().getHeader("Origin")).isNull();
        assertThat(hello.protocolVersion()).isEqualTo("2");
        assertThat(hello.worker().id()).isEqualTo("w-1");
        assertThat(hello.worker().role()).isEqualTo("task");
        assertThat(hello.features().engines()).containsExactly("celery");
        assertThat(hello.host().text()).isEqualTo("{\"name\":\"box\"}");
        assertThat(session.frame(Heartbeat.class).bufferSize()).isZero();
        assertThat(session.encodingSeen()).isEqualTo(HmacEncoding.BASE64);
        assertThat(session.opcodes()).containsOnly("text");
        assertThat(agent.state()).isInstanceOf(AgentState.Online.class);
    }

    @Test
    void connects_like_released_agents_in_the_library_dialect() throws Exception {
        agent(brain.options().withDialect(Dialect.LIBRARY)).start().await();

        ScriptedSession session = brain.session();
        assertThat(session.frame(Heartbeat.class).adapterHealth()).isEmpty();
        assertThat(session.upgrade().path()).isEqualTo("/ws/agent");
        assertThat(session.encodingSeen()).isEqualTo(HmacEncoding.HEX);
        assertThat(session.opcodes()).containsOnly("binary");
    }

    @Test
    void sends_events_in_batches_and_completes_the_flush_when_all_are_acked() throws Exception {
        Agent agent = agent(brain.options().withBatching(Batching.DEFAULT.withBatchSize(100)));
        agent.start().await();

        IntStream.range(0, 250).forEach(i -> assertThat(agent.emit(event(i))).isTrue());
        agent.flushed().await();

        ScriptedSession session = brain.session();
        List<Integer> sizes = IntStream.range(0, session.batchesWaiting())
                .mapToObj(i -> take(session).events().size())
                .toList();
        assertThat(sizes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(250);
        assertThat(sizes).allMatch(size -> size <= 100);
        assertThat(agent.counts()).isEqualTo(new AgentCounts(250, 0, 250, 250, 0, 0, 1));
        assertThat(agent.buffered()).isZero();
    }

    @Test
    void keeps_the_order_of_events() throws Exception {
        Agent agent = agent(brain.options().withBatching(Batching.DEFAULT.withBatchSize(7)));
        agent.start().await();
        IntStream.range(0, 100).forEach(i -> assertThat(agent.emit(event(i))).isTrue());
        agent.flushed().await();

        ScriptedSession session = brain.session();
        List<String> seen = IntStream.range(0, session.batchesWaiting())
                .mapToObj(i -> ScriptedSession.ids(take(session)))
                .flatMap(List::stream)
                .toList();
        assertThat(seen)
                .isEqualTo(IntStream.range(0, 100).mapToObj(AgentTests::eventId).toList());
    }

    @Test
    void sends_a_batch_that_is_not_full_after_the_flush_interval() throws Exception {
        Agent agent = agent();
        agent.start().await();

        assertThat(agent.emit(event(1))).isTrue();

        assertThat(ScriptedSession.ids(brain.session().batch())).containsExactly(eventId(1));
    }

    @Test
    void sends_events_that_were_emitted_before_the_start() throws Exception {
        Agent agent = agent();
        assertThat(agent.emit(event(1))).isTrue();

        agent.start().await();
        assertThat(agent.emit(event(2))).isTrue();
        agent.flushed().await();

        assertThat(agent.counts().acked()).isEqualTo(2);
    }

    @Test
    void sends_heartbeats_at_the_interval_of_the_hello_ack() throws Exception {
        brain.onNextHello(session -> session.accept(1, ScriptedSession.MAX_FRAME));
        agent().start().await();

        ScriptedSession session = brain.session();
        long before = System.nanoTime();
        for (int beat = 0; beat < 3; beat++) {
            assertThat(session.frame(Heartbeat.class).droppedEvents()).isZero();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - before))
                .isBetween(Duration.ofMillis(1500), Duration.ofSeconds(6));
    }

    @Test
    void limits_the_number_of_batches_in_flight() throws Exception {
        brain.withholdNextAcks();
        Agent agent = agent(
                brain.options().withBatching(Batching.DEFAULT.withBatchSize(1).withMaxInFlight(3)));
        agent.start().await();
        IntStream.range(0, 10).forEach(i -> assertThat(agent.emit(event(i))).isTrue());

        ScriptedSession session = brain.session();
        EventBatch first = session.batch();
        await().until(() -> session.batchesWaiting() == 2);
        session.ack(first);
        await().until(() -> session.batchesWaiting() == 3);

        assertThat(agent.buffered()).isEqualTo(9);
    }

    @Test
    void drops_and_counts_events_when_the_buffer_is_full() throws Exception {
        brain.withholdNextAcks();
        Agent agent = agent(brain.options().withBatching(new Batching(2, Duration.ofMillis(5), 1, 5)));
        agent.start().await();

        long taken = IntStream.range(0, 8).filter(i -> agent.emit(event(i))).count();
        EventBatch batch = brain.session().batch();

        assertThat(taken).isEqualTo(5);
        assertThat(agent.counts().dropped()).isEqualTo(3);
        assertThat(batch.events().size()).isBetween(1, 2);
        assertThat(agent.buffered()).isEqualTo(5);
    }

    @Test
    void flushes_before_it_closes_with_1000_on_stop() throws Exception {
        Agent agent = agent();
        agent.start().await();
        assertThat(agent.emit(event(1))).isTrue();

        agent.stop(Duration.ofSeconds(5)).await();

        ScriptedSession session = brain.session();
        assertThat(session.closeCode()).isEqualTo(1000);
        assertThat(agent.counts().acked()).isEqualTo(1);
        assertThat(agent.state()).isEqualTo(new AgentState.Stopped(null));
        assertThat(agent.ended().succeeded()).isTrue();
    }

    @Test
    void fails_a_flush_that_is_interrupted_by_stop() throws Exception {
        brain.withholdNextAcks();
        Agent agent = agent();
        agent.start().await();
        assertThat(agent.emit(event(1))).isTrue();
        var flushed = agent.flushed();

        agent.stop(Duration.ofMillis(50)).await();

        assertThatThrownBy(flushed::await).hasMessageContaining("1 unacknowledged events");
        assertThatThrownBy(() -> agent.flushed().await()).hasMessageContaining("unacknowledged");
    }

    @Test
    void rejects_a_second_start_and_calls_before_the_first() {
        Agent agent = agent();
        assertThatThrownBy(() -> agent.flushed().await()).hasMessageContaining("not started");
        agent.start().await();

        assertThatThrownBy(() -> agent.start().await()).isInstanceOf(IllegalStateException.class);
    }

    private static EventBatch take(ScriptedSession session) {
        try {
            return session.batch();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
