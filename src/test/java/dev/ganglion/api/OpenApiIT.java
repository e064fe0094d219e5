package dev.ganglion.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.http.Rest;
import dev.ganglion.testing.log.QuietLog;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenApiIT {
    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private record Operation(String method, String path, boolean hasBody, String role) {
        Rest.Response call(Rest rest) {
            return rest.call(method, "/api/v1" + path, hasBody ? "{}" : null);
        }
    }

    private static List<Operation> operations() {
        JsonObject document =
                brain.rest("").call("GET", "/api/v1/openapi.json", null).expect(200);
        assertThat(document.getString("openapi")).startsWith("3.1");
        assertThat(document.encode()).doesNotContain("__absolute");
        List<Operation> operations = new ArrayList<>();
        JsonObject paths = document.getJsonObject("paths");
        paths.fieldNames()
                .forEach(path -> paths.getJsonObject(path).forEach(each -> {
                    JsonObject operation = (JsonObject) each.getValue();
                    operations.add(new Operation(
                            each.getKey().toUpperCase(Locale.ROOT),
                            path.replace("{slug}", "no-such-project")
                                    .replaceAll("\\{(id|engine|task_id)}", "no-such-$1"),
                            operation.containsKey("requestBody"),
                            operation.getString("x-ganglion-role")));
                }));
        return operations;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer z4k_wrong_key_of_some_length", "Basic YTpi", "Bearer"})
    void requiresAKeyForEveryOperation(String authorization) {
        List<Operation> guarded = operations().stream()
                .filter(operation -> !operation.role().equals("public"))
                .toList();
        assertThat(guarded).hasSizeGreaterThan(30).allSatisfy(operation -> {
            Rest.Response answer = operation.call(brain.rest(authorization));
            assertThat(answer.status()).as(operation.toString()).isEqualTo(401);
            assertThat(answer.json().getString("error")).isEqualTo("unauthorized");
            assertThat(answer.json().getString("request_id")).isNotEmpty();
            assertThat(answer.header("WWW-Authenticate")).contains("Bearer");
        });
    }

    @Test
    void bindsEveryOperation() {
        List<Operation> operators = operations().stream()
                .filter(operation -> !operation.path().startsWith("/agent/"))
                .toList();
        assertThat(operators).hasSizeGreaterThan(10).allSatisfy(operation -> {
            Rest.Response answer = operation.call(brain.rest());
            assertThat(answer.status()).as(operation + " " + answer.text()).isIn(200, 204, 404, 422, 400);
            if (answer.status() == 404) {
                assertThat(answer.json().getString("message"))
                        .as(operation.toString())
                        .containsAnyOf("project", "this id");
            }
        });
    }

    @Test
    void answers404ToUnknownPaths() {
        for (String path : List.of(
                "/api/v1/nothing",
                "/nothing",
                "/api/v2/projects",
                "/api/v1/projects/a/b/c/d",
                "/api/v1/projects/no%25such")) {
            Rest.Response answer = brain.rest().call("GET", path, null);
            assertThat(answer.status()).as(path).isEqualTo(404);
            assertThat(answer.json().getString("error")).isEqualTo("not_found");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PUT    | /api/v1/projects               | GET, POST",
                "POST   | /api/v1/projects/none          | GET, PATCH, DELETE",
                "HEAD   | /api/v1/projects               | GET, POST",
                "PATCH  | /api/v1/health                 | GET, HEAD",
                "POST   | /api/v1/health/ready           | GET, HEAD",
                "DELETE | /api/v1/openapi.json           | GET, HEAD",
                "PUT    | /healthz                       | GET, HEAD",
                "DELETE | /readyz                        | GET, HEAD",
                "POST   | /metrics                       | GET, HEAD",
                "POST   | /ws/dashboard                  | GET",
                "POST   | /                              | GET, HEAD",
                "DELETE | /assets/1/app.js               | GET, HEAD"
            })
    void answers405WithTheAllowedMethods(String method, String path, String allowed) {
        Rest.Response answer = brain.rest().call(method, path, null);
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("Allow")).contains(allowed);
        if (!method.equals("HEAD")) {
            assertThat(answer.json().getString("error")).isEqualTo("method_not_allowed");
        }
    }

    @Test
    void answersHeadLikeGetWithoutTheBody() {
        for (String path : List.of(
                "/healthz", "/readyz", "/metrics", "/api/v1/health", "/api/v1/health/ready", "/api/v1/openapi.json")) {
            Rest.Response got = brain.rest().call("GET", path, null);
            Rest.Response asked = brain.rest().call("HEAD", path, null);
            assertThat(asked.status()).as(path).isEqualTo(200).isEqualTo(got.status());
            assertThat(asked.text()).as(path).isEmpty();
            assertThat(asked.header("Content-Type")).as(path).isEqualTo(got.header("Content-Type"));
        }
        assertThat(brain.rest("").call("HEAD", "/metrics", null).status()).isEqualTo(401);
    }

    @Test
    void servesTheManagementRoutes() {
        Rest anybody = brain.rest("");
        for (String alive : List.of("/healthz", "/api/v1/health")) {
            assertThat(anybody.call("GET", alive, null).expect(200).getString("status"))
                    .isEqualTo("ok");
        }
        for (String ready : List.of("/readyz", "/api/v1/health/ready")) {
            assertThat(anybody.call("GET", ready, null).expect(200).getJsonObject("checks"))
                    .isEqualTo(new JsonObject()
                            .put("store", "ok")
                            .put("cluster", "ok")
                            .put("draining", "ok"));
        }
        assertThat(anybody.call("GET", "/metrics", null).status()).isEqualTo(401);
        assertThat(brain.metrics()).contains("z4j_ws_connections");
    }
}
