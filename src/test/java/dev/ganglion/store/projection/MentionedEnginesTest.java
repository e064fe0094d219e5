package dev.ganglion.store.projection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.bus.ShardRef;
import dev.ganglion.projection.engine.HealthStore.Reports;
import dev.ganglion.protocol.error.ProtocolLimits;
import dev.ganglion.store.StoreTests;
import dev.ganglion.store.agent.AgentFields;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests the limit on the engines that an agent's record collects from heartbeats. */
class MentionedEnginesTest extends StoreTests {
    private RedisEngineHealth health;

    @BeforeEach
    void givenTheAgentsRecord() {
        health = new RedisEngineHealth(store.shared);
        redis.call("HSET", agent(), "name", "a");
    }

    private String agent() {
        return shard().agent(session.agentId());
    }

    private void report(int from, int to) {
        Set<String> engines =
                IntStream.range(from, to).mapToObj(i -> "engine-" + i).collect(Collectors.toSet());
        ShardRef shard = new ShardRef(session.projectId(), 0);
        store.await(health.store(shard, new Reports(Map.of(), Map.of(), Map.of(session.agentId(), engines))));
    }

    private long countEngines() {
        return redis.call("HKEYS", agent())
                .lines()
                .filter(field -> field.startsWith(AgentFields.MENTIONED))
                .count();
    }

    @Test
    void keepsAsManyEnginesAsAHelloMayName() {
        report(0, ProtocolLimits.MAX_ENGINES - 1);
        assertThat(countEngines()).isEqualTo(ProtocolLimits.MAX_ENGINES - 1);
        report(ProtocolLimits.MAX_ENGINES - 1, ProtocolLimits.MAX_ENGINES);
        assertThat(countEngines()).isEqualTo(ProtocolLimits.MAX_ENGINES);
        report(ProtocolLimits.MAX_ENGINES, ProtocolLimits.MAX_ENGINES + 1);
        assertThat(countEngines()).isEqualTo(ProtocolLimits.MAX_ENGINES);
    }

    @Test
    void countsARepeatedEngineOnce() {
        report(0, 1);
        report(0, 1);
        report(1, ProtocolLimits.MAX_ENGINES);
        assertThat(countEngines()).isEqualTo(ProtocolLimits.MAX_ENGINES);
    }

    @Test
    void doesNotRecreateADeletedAgent() {
        redis.call("DEL", agent());
        report(0, 1);
        assertThat(redis.call("EXISTS", agent())).isEqualTo("0");
    }
}
