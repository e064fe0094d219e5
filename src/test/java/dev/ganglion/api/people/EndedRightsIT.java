package dev.ganglion.api.people;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.brain.ClusterExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.http.Rest;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.people.Browser;
import dev.ganglion.testing.people.Dashboard;
import dev.ganglion.testing.people.Login;
import dev.ganglion.testing.people.TestUsers;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that everything that waits on behalf of a caller ends within a second after the caller lost the right to it. */
class EndedRightsIT {
    @RegisterExtension
    static final ClusterExtension nodes = new ClusterExtension();

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private final TestUsers staff = new TestUsers(nodes.first());

    /** A command that never ends, since its agent is not connected. */
    private static String command(EnrolledAgent agent) {
        JsonObject body = new JsonObject()
                .put("agent_id", agent.id())
                .put("worker_name", "w")
                .put("engine", "celery");
        return "/projects/" + agent.slug() + "/commands/"
                + nodes.rest(0)
                        .post("/projects/" + agent.slug() + "/commands/restart-worker", body)
                        .expect(202)
                        .getString("id");
    }

    private static CompletableFuture<Integer> waits(Function<String, Rest.Response> caller, String command) {
        CompletableFuture<Integer> status = CompletableFuture.supplyAsync(
                () -> caller.apply(command + "?wait=30").status());
        try {
            assertThat(status.get(700, TimeUnit.MILLISECONDS))
                    .as("it does not wait")
                    .isNull();
        } catch (TimeoutException e) {
            return status;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return status;
    }

    private static void endsWith(CompletableFuture<Integer> waiting, int status) throws Exception {
        assertThat(waiting.get(1, TimeUnit.SECONDS)).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"disabled\":true}", "{\"password\":\"another good password\"}", "{\"roles\":{}}"})
    void aWaitEndsWhenTheUserLosesTheRight(String change) throws Exception {
        EnrolledAgent agent = nodes.first().agent();
        JsonObject user = staff.user(agent.slug(), "viewer");
        Browser browser = staff.login(user).onPort(nodes.port(2));
        CompletableFuture<Integer> waiting = waits(browser::get, command(agent));
        nodes.rest(1)
                .patch("/users/" + user.getString("id"), new JsonObject(change))
                .expect(200);
        endsWith(waiting, change.contains("roles") ? 404 : 401);
    }

    @Test
    void aWaitEndsWhenTheUserLogsOut() throws Exception {
        EnrolledAgent agent = nodes.first().agent();
        Browser browser = staff.login(staff.user(agent.slug(), "viewer"));
        CompletableFuture<Integer> waiting = waits(browser.onPort(nodes.port(2))::get, command(agent));
        browser.onPort(nodes.port(1)).post("/auth/logout", new JsonObject()).expect(204);
        endsWith(waiting, 401);
    }

    @Test
    void aWaitEndsWhenTheApiKeyIsDeleted() throws Exception {
        EnrolledAgent agent = nodes.first().agent();
        JsonObject key = staff.key("viewer", new JsonObject().put("project", agent.slug()));
        Rest caller = Rest.at(nodes.port(2), "Bearer " + key.getString("key"));
        CompletableFuture<Integer> waiting = waits(caller::get, command(agent));
        nodes.rest(1).delete("/api-keys/" + key.getString("id")).expect(204);
        endsWith(waiting, 401);
    }

    @Test
    void aWaitEndsWhenTheProjectIsDeleted() throws Exception {
        EnrolledAgent agent = nodes.first().agent();
        CompletableFuture<Integer> waiting = waits(nodes.rest(2)::get, command(agent));
        nodes.rest(1).delete("/projects/" + agent.slug()).expect(204);
        endsWith(waiting, 404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"role", "disabled", "project", "deleted"})
    void aDashboardEndsWithinASecondAfterItsRightOnEveryNode(String what) {
        String slug = nodes.first().project();
        String id = nodes.rest(0).get("/projects/" + slug).expect(200).getString("id");
        Login login = Login.as(nodes.first(), nodes.port(0), false, Map.of(slug, "viewer"));
        try (Dashboard dashboard = Dashboard.open(nodes.port(2), login).watching(id)) {
            String user = "/users/" + login.userId();
            switch (what) {
                case "role" ->
                    nodes.rest(1)
                            .patch(user, new JsonObject().put("roles", new JsonObject()))
                            .expect(200);
                case "disabled" ->
                    nodes.rest(1)
                            .patch(user, new JsonObject().put("disabled", true))
                            .expect(200);
                case "project" -> nodes.rest(1).delete("/projects/" + slug).expect(204);
                default -> nodes.rest(1).delete(user).expect(204);
            }
            long from = System.nanoTime();
            assertThat(dashboard.closed()).isIn(4401, 4403);
            assertThat(System.nanoTime() - from).isLessThan(TimeUnit.SECONDS.toNanos(1));
        }
    }
}
