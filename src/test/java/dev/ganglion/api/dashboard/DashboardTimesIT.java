package dev.ganglion.api.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.people.Dashboard;
import dev.ganglion.testing.people.Login;
import dev.ganglion.testing.wire.WireSocket;
import dev.ganglion.testing.wire.WireSocket.Opcode;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DashboardTimesIT {
    @RegisterExtension
    static final BrainExtension brain = new BrainExtension()
            .with("agent.hello-timeout", "2s")
            .with("agent.heartbeat-interval", "1s")
            .with("agent.idle-timeout", "3s");

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private static Login viewerOf(String slug) {
        return Login.as(brain, brain.port(), false, Map.of(slug, "viewer"));
    }

    private static String idOf(String slug) {
        return brain.rest().get("/projects/" + slug).expect(200).getString("id");
    }

    @Test
    void closesWith4400OnALateFirstMessage() {
        long begin = System.nanoTime();
        try (Dashboard dashboard = Dashboard.open(brain.port(), viewerOf(brain.project()))) {
            assertThat(dashboard.closed()).isEqualTo(4400);
        }
        assertThat(System.nanoTime() - begin)
                .isGreaterThan(Duration.ofSeconds(2).toNanos());
    }

    @Test
    void closesASilentSocketWith4408DespiteOutgoingEvents() {
        String slug = brain.project();
        long begin = System.nanoTime();
        try (Dashboard dashboard = Dashboard.open(brain.port(), viewerOf(slug)).watching(idOf(slug))) {
            EnrolledAgent unused = brain.agent(slug, new JsonObject());
            // A WebSocket ping frame does not count as a message.
            dashboard.socket().send(Opcode.PING, new byte[0]);
            assertThat(dashboard.closed()).isEqualTo(4408);
        }
        assertThat(System.nanoTime() - begin)
                .isGreaterThan(Duration.ofSeconds(3).toNanos());
    }

    @Test
    void keepsASocketOpenWhilePingsArrive() {
        String slug = brain.project();
        try (Dashboard dashboard = Dashboard.open(brain.port(), viewerOf(slug)).watching(idOf(slug))) {
            long end = System.nanoTime() + Duration.ofSeconds(6).toNanos();
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(500))
                    .atMost(WireSocket.PATIENCE)
                    .until(() -> {
                        dashboard.send("{\"type\":\"ping\"}");
                        dashboard.expect("{\"type\":\"pong\"}");
                        return System.nanoTime() > end;
                    });
        }
    }
}
