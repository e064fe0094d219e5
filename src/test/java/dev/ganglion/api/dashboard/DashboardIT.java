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
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DashboardIT {
    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private static String slug = "";
    private static String projectId = "";
    private static Login viewer = new Login(0, "", "", "", "");

    @BeforeAll
    static void project() {
        slug = brain.project();
        projectId = idOf(slug);
        viewer = Login.as(brain, brain.port(), false, Map.of(slug, "viewer"));
    }

    @AfterEach
    void awaitNoOpenSockets() {
        Awaitility.await()
                .atMost(WireSocket.PATIENCE)
                .untilAsserted(
                        () -> assertThat(brain.metric("ganglion_dashboards")).isZero());
    }

    private static String idOf(String slug) {
        return brain.rest().get("/projects/" + slug).expect(200).getString("id");
    }

    private static void change(String where) {
        EnrolledAgent unused = brain.agent(where, new JsonObject());
    }

    private static Dashboard opened() {
        return Dashboard.open(brain.port(), viewer);
    }

    @Test
    void notifiesAViewerOfChanges() {
        try (Dashboard dashboard = opened().watching(projectId)) {
            EnrolledAgent agent = brain.agent(slug, new JsonObject());
            dashboard.event("agent.changed");
            try (var connected = agent.connect()) {
                dashboard.event("agent.changed");
                brain.rest()
                        .post(
                                "/projects/" + slug + "/commands/restart-worker",
                                new JsonObject().put("agent_id", agent.id()).put("worker_name", "w"))
                        .expect(202);
                dashboard.event("command.changed");
                connected.socket().reset();
            }
            dashboard.event("agent.changed");
            brain.rest().delete("/projects/" + slug + "/agents/" + agent.id()).expect(204);
            dashboard.event("agent.changed");
        }
    }

    @Test
    void hidesChangesOfOtherProjects() {
        String other = brain.project();
        Login both = Login.as(brain, brain.port(), false, Map.of(slug, "viewer", other, "viewer"));
        try (Dashboard here = Dashboard.open(brain.port(), both).watching(projectId);
                Dashboard there = Dashboard.open(brain.port(), both).watching(idOf(other))) {
            change(other);
            there.event("agent.changed");
            here.send("{\"type\":\"ping\"}");
            here.expect("{\"type\":\"pong\"}");
        }
    }

    @Test
    void sendsEachTopicAtMostOncePer250Milliseconds() {
        try (Dashboard dashboard = opened().watching(projectId)) {
            List<Long> times = new ArrayList<>();
            long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
            Thread changes = new Thread(() -> {
                while (System.nanoTime() < end) {
                    change(slug);
                }
            });
            changes.start();
            while (times.size() < 5) {
                dashboard.expect("{\"type\":\"event\",\"topic\":\"agent.changed\"}");
                times.add(System.nanoTime());
            }
            Awaitility.await().until(() -> !changes.isAlive());
            // A single event may be delayed in transit while the next one is not. Over several events the delays
            // average out.
            assertThat(times.get(4) - times.get(0))
                    .isGreaterThan(Duration.ofMillis(4 * 250 - 100).toNanos());
        }
    }

    @Test
    void answersPings() {
        try (Dashboard dashboard = opened().watching(projectId)) {
            for (int i = 0; i < 5; i++) {
                dashboard.send("{\"type\":\"ping\",\"more\":[1]}");
                dashboard.expect("{\"type\":\"pong\"}");
            }
        }
    }

    @Test
    void acceptsAFragmentedMessage() {
        try (Dashboard dashboard = opened()) {
            byte[] text = Dashboard.subscribe(projectId).getBytes(StandardCharsets.UTF_8);
            dashboard.socket().send(Opcode.TEXT, false, Arrays.copyOf(text, 5));
            dashboard.socket().send(Opcode.CONTINUATION, true, Arrays.copyOfRange(text, 5, text.length));
            dashboard.expect("{\"type\":\"ready\"}");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "[]",
                "null",
                "{}",
                "{\"type\":\"ping\"}",
                "{\"type\":\"subscribe\"}",
                "{\"type\":\"subscribe\",\"project_id\":7}",
                "{\"type\":\"subscribe\",\"project_id\":\"\"}",
                "{\"type\":\"subscribe\",\"project_id\":\"0123456789012345678901234567890123456789012345678901234567890123456789\"}",
                "{\"type\":[\"subscribe\"],\"project_id\":\"p\"}"
            })
    void closesWith4400OnAnInvalidFirstMessage(String text) {
        try (Dashboard dashboard = opened()) {
            dashboard.send(text);
            assertThat(dashboard.closed()).isEqualTo(4400);
        }
    }

    @Test
    void closesWith4400OnAnInvalidLaterMessage() {
        for (String text : List.of("{\"type\":\"dance\"}", "x", Dashboard.subscribe(projectId))) {
            try (Dashboard dashboard = opened().watching(projectId)) {
                dashboard.send(text);
                assertThat(dashboard.closed()).as(text).isEqualTo(4400);
            }
        }
        try (Dashboard dashboard = opened().watching(projectId)) {
            dashboard.socket().send(Opcode.BINARY, "{\"type\":\"ping\"}".getBytes(StandardCharsets.UTF_8));
            assertThat(dashboard.closed()).isEqualTo(4400);
        }
    }

    @Test
    void closesWith4400OnTooManyMessages() {
        try (Dashboard dashboard = opened().watching(projectId)) {
            for (int i = 0; i < 10 * DashboardLimits.MAX_MESSAGES_PER_SECOND; i++) {
                dashboard.send("{\"type\":\"ping\"}");
            }
            assertThat(dashboard.closed()).isEqualTo(4400);
        }
    }

    @Test
    void closesWith1009OnAnOversizedMessage() {
        String large = "{\"type\":\"ping\",\"x\":\"" + "x".repeat(DashboardLimits.MAX_MESSAGE_BYTES) + "\"}";
        try (Dashboard dashboard = opened().watching(projectId)) {
            dashboard.send(large);
            assertThat(dashboard.closed()).isEqualTo(1009);
        }
        try (Dashboard dashboard = opened()) {
            byte[] half = new byte[DashboardLimits.MAX_MESSAGE_BYTES / 2 + 1];
            dashboard.socket().send(Opcode.TEXT, false, half);
            dashboard.socket().send(Opcode.CONTINUATION, false, half);
            assertThat(dashboard.closed()).isEqualTo(1009);
        }
    }

    @Test
    void closesWith4401WithoutASession() {
        for (String cookie :
                List.of("", "other=1", viewer.cookie() + "x", viewer.cookie().replaceAll("=.*", "="))) {
            Map<String, String> headers = Dashboard.headers(viewer);
            headers.remove("Cookie");
            if (!cookie.isEmpty()) {
                headers.put("Cookie", cookie);
            }
            try (Dashboard dashboard = Dashboard.open(brain.port(), headers)) {
                assertThat(dashboard.closed()).as(cookie).isEqualTo(4401);
            }
        }
        // API keys are for REST only: without a session cookie, the dashboard socket rejects them.
        Map<String, String> headers = Dashboard.headers(viewer);
        headers.remove("Cookie");
        headers.put("Authorization", BrainExtension.ADMIN);
        try (Dashboard dashboard = Dashboard.open(brain.port(), headers)) {
            assertThat(dashboard.closed()).isEqualTo(4401);
        }
    }

    @Test
    void closesWith4402OnAnotherOrigin() {
        for (String origin : List.of("http://evil.example", "null", viewer.origin() + "0", "")) {
            Map<String, String> headers = Dashboard.headers(viewer);
            headers.remove("Origin");
            if (!origin.isEmpty()) {
                headers.put("Origin", origin);
            }
            try (Dashboard dashboard = Dashboard.open(brain.port(), headers)) {
                assertThat(dashboard.closed()).as(origin).isEqualTo(4402);
            }
        }
    }

    @Test
    void closesWith4403WithoutARoleOrAProject() {
        for (String id : List.of(idOf(brain.project()), "00000000-0000-0000-0000-000000000000", slug)) {
            try (Dashboard dashboard = opened()) {
                dashboard.send(Dashboard.subscribe(id));
                assertThat(dashboard.closed()).as(id).isEqualTo(4403);
            }
        }
    }

    @Test
    void admitsAGlobalAdminToEveryProject() {
        Login admin = Login.as(brain, brain.port(), true, Map.of());
        try (Dashboard dashboard = Dashboard.open(brain.port(), admin).watching(projectId)) {
            change(slug);
            dashboard.event("agent.changed");
        }
    }

    @Test
    void closesWith4401AtOnceWhenTheSessionEnds() {
        Login leaving = Login.as(brain, brain.port(), false, Map.of(slug, "viewer"));
        try (Dashboard dashboard = Dashboard.open(brain.port(), leaving).watching(projectId);
                Dashboard fresh = Dashboard.open(brain.port(), leaving)) {
            leaving.logout(brain.port());
            assertThat(dashboard.closed()).isEqualTo(4401);
            assertThat(fresh.closed()).isEqualTo(4401);
        }
        Login deleted = Login.as(brain, brain.port(), false, Map.of(slug, "viewer"));
        try (Dashboard dashboard = Dashboard.open(brain.port(), deleted).watching(projectId)) {
            brain.rest().delete("/users/" + deleted.userId()).expect(204);
            assertThat(dashboard.closed()).isEqualTo(4401);
        }
    }

    @Test
    void limitsTheSocketsOfASession() {
        Login busy = Login.as(brain, brain.port(), false, Map.of(slug, "viewer"));
        List<Dashboard> all = new ArrayList<>();
        try {
            for (int i = 0; i < DashboardLimits.MAX_SOCKETS_PER_SESSION; i++) {
                all.add(Dashboard.open(brain.port(), busy).watching(projectId));
            }
            WireSocket.Answer refused = Dashboard.ask(brain.port(), Dashboard.headers(busy));
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.headers()).containsKey("retry-after");
            try (Dashboard another = opened().watching(projectId)) {
                another.send("{\"type\":\"ping\"}");
                another.expect("{\"type\":\"pong\"}");
            }
        } finally {
            all.forEach(Dashboard::close);
        }
    }

    @Test
    void answersAPlainRequestWithUpgradeRequired() {
        assertThat(brain.rest("").call("GET", "/ws/dashboard", null).status()).isEqualTo(426);
        assertThat(brain.rest("").call("POST", "/ws/dashboard", "{}").status()).isIn(404, 405);
    }

    @Test
    void cutsABrowserThatFloodsPingsAndDoesNotReadTheClose() {
        double before = brain.metric("ganglion_dashboards_closed_total", "reason", "too_many_messages");
        ByteArrayOutputStream pings = new ByteArrayOutputStream();
        byte[] ping = WireSocket.frame(Opcode.PING, true, true, new byte[125]);
        while (pings.size() < 1024 * 1024) {
            pings.writeBytes(ping);
        }
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        try (Dashboard dashboard = opened().watching(projectId)) {
            while (brain.metric("ganglion_dashboards") > 0) {
                assertThat(System.nanoTime())
                        .as("time until the brain cuts the connection")
                        .isLessThan(end);
                dashboard.socket().sendBytes(pings.toByteArray());
            }
        } catch (UncheckedIOException cut) {
            assertThat(cut).hasMessageNotContaining("timed out");
        }
        assertThat(brain.metric("ganglion_dashboards_closed_total", "reason", "too_many_messages") - before)
                .isEqualTo(1);
    }
}
