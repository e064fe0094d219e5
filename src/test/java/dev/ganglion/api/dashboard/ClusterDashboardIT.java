package dev.ganglion.api.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.brain.ClusterExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.people.Dashboard;
import dev.ganglion.testing.people.Login;
import dev.ganglion.testing.wire.WireFrames;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests that a dashboard on one node shows events of other nodes. */
class ClusterDashboardIT {
    @RegisterExtension
    static final ClusterExtension nodes = new ClusterExtension();

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private static String idOf(String slug) {
        return nodes.rest(0).get("/projects/" + slug).expect(200).getString("id");
    }

    @Test
    void showsChangesFromOtherNodes() {
        EnrolledAgent agent = nodes.first().agent();
        Login login = Login.as(nodes.first(), nodes.port(0), false, Map.of(agent.slug(), "viewer"));
        try (Dashboard dashboard = Dashboard.open(nodes.port(2), login).watching(idOf(agent.slug()))) {
            try (var connected = nodes.connect(1, agent, "w")) {
                dashboard.event("agent.changed");
                nodes.rest(0)
                        .post(
                                "/projects/" + agent.slug() + "/commands/restart-worker",
                                new JsonObject().put("agent_id", agent.id()).put("worker_name", "w"))
                        .expect(202);
                dashboard.event("command.changed");
                Awaitility.await().until(() -> nodes.first().metric("ganglion_command_hop_seconds_count") == 1);
                connected.socket().reset();
            }
            dashboard.event("agent.changed");
        }
    }

    /** A rejection changes only the journal, which the page shows. */
    @Test
    void showsARejectionFromAnotherNodeOnceTheJournalContainsIt() {
        EnrolledAgent agent = nodes.first().agent(nodes.first().project(), new JsonObject().put("connection_cap", 1));
        Login login = Login.as(nodes.first(), nodes.port(0), false, Map.of(agent.slug(), "viewer"));
        try (var connected = nodes.connect(1, agent, "w")) {
            Awaitility.await().untilAsserted(() -> assertThat(journal(agent)).contains("connect"));
            try (Dashboard dashboard = Dashboard.open(nodes.port(2), login).watching(idOf(agent.slug()))) {
                assertThat(agent.endingAfter(WireFrames.helloOf("another")).code())
                        .isEqualTo(4429);
                do {
                    dashboard.event("agent.changed");
                } while (!journal(agent).contains("4429"));
            }
            connected.socket().reset();
        }
    }

    private static String journal(EnrolledAgent agent) {
        return nodes.rest(0).get(agent.path() + "/journal").expect(200).encode();
    }

    @Test
    void endsALoginOnAllNodes() {
        String slug = nodes.first().project();
        Login login = Login.as(nodes.first(), nodes.port(0), false, Map.of(slug, "viewer"));
        try (Dashboard second = Dashboard.open(nodes.port(1), login).watching(idOf(slug));
                Dashboard third = Dashboard.open(nodes.port(2), login).watching(idOf(slug))) {
            login.logout(nodes.port(0));
            assertThat(second.closed()).isEqualTo(4401);
            assertThat(third.closed()).isEqualTo(4401);
        }
    }

    @Test
    void everyNodeShowsTheSamplesOfAllNodes() {
        EnrolledAgent agent = nodes.first().agent();
        try (var connected = nodes.connect(1, agent, "w")) {
            for (int node = 0; node < 3; node++) {
                int queried = node;
                Awaitility.await().atMost(ClusterExtension.SETTLED).untilAsserted(() -> {
                    JsonObject overview = nodes.rest(queried)
                            .get("/projects/" + agent.slug() + "/overview")
                            .expect(200);
                    var samples = overview.getJsonArray("samples");
                    assertThat(samples).isNotEmpty();
                    assertThat(samples.getJsonObject(samples.size() - 1).getInteger("connections"))
                            .isEqualTo(1);
                });
            }
            connected.socket().reset();
        }
    }
}
