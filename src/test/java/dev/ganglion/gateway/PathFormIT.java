package dev.ganglion.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.wire.WireSocket;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathFormIT {
    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    private static WireSocket.Answer ask(String path, Map<String, String> headers) {
        try (WireSocket socket = WireSocket.connect(brain.port())) {
            return socket.upgrade(path, headers);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/ws/../ws, websocket",
        "/ws/./agent, websocket",
        "//ws/agent, websocket",
        "/ws/%61gent, websocket",
        "/ws/x/../dashboard, websocket",
        "/assets/1/../1/app.js, no",
        "/./, no",
        "//metrics, no",
        "/api/v1/../../metrics, no",
        "/readyz/., no",
        "/api/v1/agent/../agent/commands, no",
        "/api/v1/agent%2Fcommands, no",
        "/api/v1/projects/a/agents/b/../c, no",
        "/base/../api/v1/projects, no"
    })
    void refusesAPathThatIsNotItsOwnNormalFormOnEveryListenerPath(String path, String upgrade) {
        WireSocket.Answer answer = ask(path, Map.of("Authorization", BrainExtension.ADMIN, "Upgrade", upgrade));
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        JsonObject body = new JsonObject(answer.body());
        assertThat(body.getString("error")).isEqualTo("invalid_path");
        assertThat(body.getString("message")).contains('"' + path + '"', "normal form");
        assertThat(body.getString("request_id")).isNotEmpty();
    }

    @Test
    void aDeleteWithDotsDeletesAndRecordsNothing() {
        EnrolledAgent agent = brain.agent();
        String project = "/api/v1/projects/" + agent.slug();
        for (String path : List.of(
                project + "/agents/A/../" + agent.id(), project + "/agents/%2E%2E", project + "/agents/%2e%2e")) {
            assertThat(brain.rest().call("DELETE", path, null).status())
                    .as(path)
                    .isEqualTo(400);
        }
        assertThat(brain.rest().get(agent.path()).status()).isEqualTo(200);
        assertThat(brain.rest().get("/audit?limit=5").expect(200).encode()).doesNotContain("A/..", "%2E");
    }
}
