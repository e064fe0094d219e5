package dev.ganglion.agent.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ganglion.agent.Agent;
import dev.ganglion.agent.AgentTests;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SimulatedWorkloadTest extends AgentTests {
    @Test
    void emits_exactly_the_requested_number_of_events() {
        Agent agent = agent();
        agent.start().await();
        SimulatedWorkload workload = workload(agent, 5000, 300);

        workload.start().await();
        await().until(() -> agent.counts().acked() == 300);

        assertThat(workload.accepted()).isEqualTo(300);
        assertThat(agent.counts().emitted()).isEqualTo(300);
    }

    @Test
    void emits_at_about_the_requested_rate() {
        Agent agent = agent();
        agent.start().await();
        SimulatedWorkload workload = workload(agent, 200, Long.MAX_VALUE);
        long before = System.nanoTime();

        workload.start().await();
        await().until(() -> workload.accepted() >= 200);
        workload.stop();

        assertThat((System.nanoTime() - before) / 1e9).isGreaterThan(0.8);
    }

    @Test
    void rejects_a_zero_rate_and_an_agent_that_is_not_started() {
        assertThatThrownBy(() -> workload(agent(), 0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> workload(agent(), 1, 1).start().await()).isInstanceOf(IllegalStateException.class);
    }

    private SimulatedWorkload workload(Agent agent, double rate, long limit) {
        SimulatedTaskEvents stories = new SimulatedTaskEvents("celery", "celery@box", new Random(1));
        return new SimulatedWorkload(host, agent, stories, rate, limit);
    }
}
