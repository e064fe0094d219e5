package dev.ganglion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.auth.Agent;
import dev.ganglion.auth.AgentStore;
import dev.ganglion.projection.ProjectionEngine.Place;
import dev.ganglion.protocol.json.Json;
import io.vertx.core.Future;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Tests what a node remembers of the versions of agents. */
class AgentVersionsTest {
    private static final Place PLACE = new Place("project", "slug", 1);

    private final List<Object> asked = new ArrayList<>();
    private long now = -5;
    private String version = "1.13.0";
    private final AgentVersions versions = new AgentVersions(store(), () -> now);

    private AgentStore store() {
        Class<?>[] port = {AgentStore.class};
        return (AgentStore) Proxy.newProxyInstance(port[0].getClassLoader(), port, (self, method, arguments) -> {
            asked.add(arguments[1]);
            return Future.succeededFuture(Optional.of(agent()));
        });
    }

    private Agent agent() {
        Agent.About about = new Agent.About(
                "1",
                version,
                "bare",
                List.of(),
                Json.EMPTY_OBJECT,
                Json.EMPTY_OBJECT,
                Json.EMPTY_OBJECT,
                Json.EMPTY_OBJECT);
        return new Agent(
                "a", "project", "n", null, Instant.EPOCH, about, List.of(), Agent.Connectivity.NEVER_CONNECTED);
    }

    @Test
    void knowsAVersionOnceItWasLookedUp() {
        assertThat(versions.of(PLACE, "a")).as("the projection does not wait").isNull();
        assertThat(versions.of(PLACE, "a")).isEqualTo("1.13.0");
        assertThat(asked).hasSize(1);
    }

    @Test
    void looksUpAVersionAgainAfterAWhile() {
        assertThat(versions.of(PLACE, "a")).isNull();
        version = "1.14.0";
        now += AgentVersions.AGE.toNanos() + 1;
        assertThat(versions.of(PLACE, "a")).as("until the answer arrives").isEqualTo("1.13.0");
        assertThat(versions.of(PLACE, "a")).isEqualTo("1.14.0");
    }

    @Test
    void remembersABoundedNumberOfAgents() {
        for (int i = 0; i <= AgentVersions.MOST; i++) {
            assertThat(versions.of(PLACE, "a" + i)).isNull();
        }
        asked.clear();
        assertThat(versions.of(PLACE, "a" + AgentVersions.MOST)).isNotNull();
        assertThat(asked).isEmpty();
        assertThat(versions.of(PLACE, "a0")).isNull();
        assertThat(asked).containsExactly("a0");
    }
}
