package dev.ganglion.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.ganglion.protocol.error.CloseCode;
import dev.ganglion.protocol.frame.AgentStatus;
import dev.ganglion.protocol.frame.ErrorFrame;
import dev.ganglion.protocol.frame.EventBatchAck;
import dev.ganglion.protocol.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentReconnectTest extends AgentTests {
    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1009, 1011, 4002, 4400, 4403, 4408, 4999, 3000})
    void reconnects_after_a_session_that_was_closed_with(int code) throws Exception {
        Agent agent = agent();
        agent.start().await();

        brain.session().close(code);

        assertThat(brain.session().hello()).isNotNull();
        await().until(() -> agent.state() instanceof AgentState.Online);
    }

    @ParameterizedTest
    @ValueSource(ints = {1011, 4400, 4403})
    void reconnects_after_a_hello_that_was_answered_with(int code) throws Exception {
        brain.closeNext(code);
        Agent agent = agent();

        agent.start().await();

        assertThat(agent.counts().sessions()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"4401, UNAUTHORIZED", "4003, REVOKED", "4426, UNSUPPORTED_VERSION", "4429, CAP_REACHED"})
    void stops_and_reports_the_cause_when_the_hello_is_answered_with(int code, CloseCode expected) throws Exception {
        brain.closeNext(code);
        Agent agent = agent();

        AgentRefusedException refused = catchThrowableOfType(
                AgentRefusedException.class, () -> agent.start().await());

        assertThat(refused.closeCode()).isEqualTo(expected);
        assertThat(refused.httpStatus()).isZero();
        assertThat(refused).hasMessageContaining(String.valueOf(code));
        assertThat(agent.state()).isEqualTo(new AgentState.Stopped(refused));
        assertThatThrownBy(() -> agent.ended().await()).isSameAs(refused);
        assertThat(brain.session()).isNotNull();
        assertThat(brain.receivesHelloWithin(Duration.ofMillis(300))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {4401, 4003, 4426, 4429})
    void stops_when_a_session_is_closed_with(int code) throws Exception {
        Agent agent = agent();
        agent.start().await();

        brain.session().close(code);

        assertThatThrownBy(() -> agent.ended().await()).isInstanceOf(AgentRefusedException.class);
        assertThat(brain.receivesHelloWithin(Duration.ofMillis(300))).isFalse();
    }

    @Test
    void stops_after_http_401() throws Exception {
        brain.refuseNext(401);
        Agent agent = agent();

        AgentRefusedException refused = catchThrowableOfType(
                AgentRefusedException.class, () -> agent.start().await());

        assertThat(refused.httpStatus()).isEqualTo(401);
        assertThat(refused.closeCode()).isNull();
        assertThat(brain.receivesHelloWithin(Duration.ofMillis(300))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 404, 429, 500, 502, 503})
    void retries_after_http(int status) throws Exception {
        brain.refuseNext(status);

        agent().start().await();

        assertThat(brain.refusedUpgrade()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void waits_as_long_as_retry_after_asks(int status) throws Exception {
        brain.refuseNext(status, "Retry-After", "1");
        long before = System.nanoTime();

        agent().start().await();

        assertThat(Duration.ofNanos(System.nanoTime() - before))
                .isBetween(Duration.ofMillis(990), Duration.ofSeconds(5));
    }

    @Test
    void reconnects_when_a_frame_from_the_brain_is_forged() throws Exception {
        Agent agent = agent();
        agent.start().await();
        ScriptedSession first = brain.session();

        first.sendForged(new EventBatchAck("a", "b", 1, 1, 0));

        assertThat(first.closeCode()).isEqualTo(4403);
        assertThat(brain.session()).isNotNull();
        assertThat(agent.counts().acked()).isZero();
    }

    @Test
    void reconnects_when_a_frame_from_the_brain_is_replayed() throws Exception {
        agent().start().await();
        ScriptedSession first = brain.session();

        first.sendTwice(new EventBatchAck("a", "b", 1, 1, 0));

        assertThat(first.closeCode()).isEqualTo(4403);
        assertThat(brain.session()).isNotNull();
    }

    @Test
    void reconnects_when_the_brain_sends_an_invalid_frame() throws Exception {
        agent().start().await();
        ScriptedSession first = brain.session();

        first.writeText("not json");

        assertThat(first.closeCode()).isEqualTo(4400);
        assertThat(brain.session()).isNotNull();
    }

    @Test
    void reconnects_when_the_brain_answers_the_hello_with_another_frame() throws Exception {
        brain.onNextHello(session -> session.writeText("{\"v\":2,\"type\":\"heartbeat\",\"id\":\"x\",\"payload\":{}}"));

        agent().start().await();

        assertThat(brain.session().closeCode()).isEqualTo(4400);
    }

    @Test
    void stops_when_the_brain_uses_another_protocol_version() {
        brain.onNextHello(session -> session.writeText("{\"v\":2,\"type\":\"hello_ack\",\"id\":\"x\",\"payload\":"
                + "{\"protocol_version\":\"3\",\"brain_version\":\"9\",\"agent_id\":\"a\",\"project_id\":\"p\","
                + "\"session_id\":\"s\",\"heartbeat_interval_seconds\":10,\"max_frame_size_bytes\":1048576}}"));

        assertThatThrownBy(() -> agent().start().await())
                .isInstanceOfSatisfying(
                        AgentRefusedException.class,
                        refused -> assertThat(refused.closeCode()).isEqualTo(CloseCode.UNSUPPORTED_VERSION));
    }

    @Test
    void does_not_go_online_in_another_project_than_configured() throws Exception {
        List<AgentState> states = new CopyOnWriteArrayList<>();
        Agent agent = new Agent(
                host,
                brain.options().withProjectId("00000000-0000-0000-0000-000000000000"),
                CommandHandler.UNSUPPORTED,
                states::add);
        var started = agent.start();

        assertThat(brain.session().closeCode()).isEqualTo(1000);
        agent.stop(Duration.ZERO).await();

        assertThatThrownBy(started::await).isInstanceOf(IllegalStateException.class);
        assertThat(states).noneMatch(AgentState.Online.class::isInstance);
    }

    @Test
    void reports_its_states_in_order() throws Exception {
        brain.closeNext(1011);
        List<AgentState> states = new CopyOnWriteArrayList<>();
        Agent agent = new Agent(host, brain.options(), CommandHandler.UNSUPPORTED, states::add);

        agent.start().await();
        agent.stop(Duration.ZERO).await();

        assertThat(states.stream().map(state -> state.getClass().getSimpleName()))
                .containsExactly(
                        "Connecting", "Handshaking", "Disconnected", "Connecting", "Handshaking", "Online", "Stopped");
        assertThat(states.get(2)).isInstanceOfSatisfying(AgentState.Disconnected.class, lost -> {
            assertThat(lost.failures()).isEqualTo(1);
            assertThat(lost.reason()).contains("1011");
        });
    }

    @Test
    void ignores_nonfatal_errors_and_status_of_other_workers() throws Exception {
        Agent agent = agent();
        agent.start().await();
        ScriptedSession session = brain.session();

        session.send(new ErrorFrame("e", "odd", "something is odd", false));
        session.send(new AgentStatus("s", Json.parse("{\"event\":\"worker_joined\",\"worker_id\":\"other\"}")));
        assertThat(agent.emit(event(1))).isTrue();
        agent.flushed().await();

        assertThat(agent.counts().sessions()).isEqualTo(1);
    }

    @Test
    void keeps_retrying_while_no_brain_listens() {
        int port = brain.port();
        brain.close();
        Agent agent = agent();
        var started = agent.start();
        await().until(() -> agent.state() instanceof AgentState.Disconnected lost && lost.failures() >= 3);
        assertThat(started.isComplete()).isFalse();
        assertThat(port).isPositive();
    }

    @Test
    void stops_during_the_backoff() {
        brain.close();
        Agent agent = agent(brain.options()
                .withBackoff(new BackoffRange(Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofSeconds(60))));
        var started = agent.start();
        await().until(() -> agent.state() instanceof AgentState.Disconnected lost && lost.failures() == 1);

        agent.stop(Duration.ofMillis(10)).await();

        assertThatThrownBy(started::await).isInstanceOf(IllegalStateException.class);
        assertThat(agent.ended().succeeded()).isTrue();
    }
}
