package dev.ganglion.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ManyAgentsTest extends AgentTests {
    private static final int AGENTS = 500;

    @Test
    void many_agents_share_one_jvm_and_one_client() {
        List<Agent> agents = IntStream.range(0, AGENTS)
                .mapToObj(i -> agent(brain.options().withProfile(AgentProfile.simulated("w-" + i))))
                .toList();

        Future.all(agents.stream().map(Agent::start).toList()).await();
        agents.forEach(agent -> IntStream.range(0, 20)
                .forEach(i -> assertThat(agent.emit(event(i))).isTrue()));
        Future.all(agents.stream().map(Agent::flushed).toList()).await();

        assertThat(agents)
                .allMatch(
                        agent -> agent.counts().acked() == 20 && agent.counts().sessions() == 1);
        Future.all(agents.stream().map(agent -> agent.stop(Duration.ZERO)).toList())
                .await();
        assertThat(vertx.deploymentIDs()).isEmpty();
    }
}
