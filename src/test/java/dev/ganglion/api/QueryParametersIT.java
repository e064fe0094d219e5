package dev.ganglion.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.http.Rest;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.people.Browser;
import dev.ganglion.testing.people.Dashboard;
import dev.ganglion.testing.people.TestUsers;
import dev.ganglion.testing.wire.WireSocket;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the query parameters of every operation of the OpenAPI document. */
class QueryParametersIT {
    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private static String slug = "";
    private static List<Operation> operations = List.of();

    /** An operation, with a path in a project that exists. */
    private record Operation(String method, String path, List<String> parameters, boolean hasBody) {
        Rest.Response ask(String query) {
            return brain.rest().call(method, "/api/v1" + path + query, hasBody ? "{}" : null);
        }
    }

    @BeforeAll
    static void readTheDocument() {
        slug = brain.project();
        JsonObject document =
                brain.rest("").call("GET", "/api/v1/openapi.json", null).expect(200);
        JsonObject shared = document.getJsonObject("components").getJsonObject("parameters");
        List<Operation> found = new ArrayList<>();
        document.getJsonObject("paths")
                .forEach(path -> ((JsonObject) path.getValue())
                        .forEach(each -> found.add(operation(path.getKey(), each.getKey(), each.getValue(), shared))));
        operations = found.stream()
                .filter(each -> !each.path().startsWith("/agent/"))
                .toList();
    }

    private static Operation operation(String path, String method, Object value, JsonObject shared) {
        JsonObject operation = (JsonObject) value;
        List<String> query = operation.getJsonArray("parameters", new JsonArray()).stream()
                .map(JsonObject.class::cast)
                .map(each -> each.containsKey("$ref")
                        ? shared.getJsonObject(each.getString("$ref").substring("#/components/parameters/".length()))
                        : each)
                .filter(each -> each.getString("in").equals("query"))
                .map(each -> each.getString("name"))
                .toList();
        return new Operation(
                method.toUpperCase(Locale.ROOT),
                path.replace("{slug}", slug).replaceAll("\\{(id|engine|task_id)}", "no-such-$1"),
                query,
                operation.containsKey("requestBody"));
    }

    private static void refuses(Rest.Response answer, String parameter, @Nullable String nearest) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(422);
        assertThat(answer.field()).isEqualTo(parameter);
        assertThat(answer.json().getString("message")).startsWith(parameter + ": ");
        if (nearest != null) {
            assertThat(answer.json().getString("message")).contains("nearest known one is " + nearest);
        }
    }

    @Test
    void everyOperationRefusesAnUnknownParameterAndNamesTheNearestKnownOne() {
        assertThat(operations).hasSizeGreaterThan(40);
        for (Operation operation : operations) {
            List<String> known = operation.parameters();
            refuses(operation.ask("?surprise=1"), "surprise", null);
            for (String each : known) {
                refuses(operation.ask("?" + each + "x=1"), each + "x", each);
            }
        }
    }

    @Test
    void everyOperationRefusesARepeatedParameter() {
        for (Operation operation : operations) {
            for (String each : operation.parameters()) {
                refuses(operation.ask("?" + each + "=1&" + each + "=1"), each, null);
            }
        }
    }

    @Test
    void namesStateForTheStatusOfTasks() {
        refuses(brain.rest().get("/projects/" + slug + "/tasks?status=failure"), "status", "state");
        assertThat(brain.rest()
                        .get("/projects/" + slug + "/tasks?state=failure&state=retry")
                        .json()
                        .getString("message"))
                .contains("state=a,b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tasks?state=failure,retry    | 200",
                "tasks?state=failure%2Cretry  | 200",
                "tasks?state=failure          | 200",
                "tasks?state=                 | 422",
                "tasks?state=failure,         | 422",
                "tasks?state=failure,nonsense | 422",
                "tasks?state=failure,failure  | 422",
                "commands?status=failed,timeout | 200",
                "commands?status=failed,none  | 422",
                "events?kind=task.sent,task.failed | 200"
            })
    void severalValuesAreSeparatedByCommas(String query, int status) {
        Rest.Response answer = brain.rest().get("/projects/" + slug + "/" + query);
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        if (status == 422) {
            assertThat(answer.field()).as(answer.text()).startsWith(query.contains("state") ? "state" : "status");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/metrics?name=x", "/api/v1/openapi.json?x=1"})
    void pathsOutsideTheDocumentRefuseUnknownParametersToo(String path) {
        assertThat(brain.rest().call("GET", path, null).status()).isEqualTo(422);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ws?token=x", "/ws/agent?agent=x", "/ws/dashboard?project=x"})
    void socketsRefuseUnknownParameters(String path) {
        try (WireSocket socket = WireSocket.connect(brain.port())) {
            WireSocket.Answer answer = socket.upgrade(path, Map.of("Authorization", "Bearer x"));
            assertThat(answer.status()).isEqualTo(422);
            assertThat(answer.body()).contains("unknown query parameter");
        }
    }

    @Test
    void aDashboardOpensWithoutParameters() {
        TestUsers staff = new TestUsers(brain);
        Browser unused = staff.login(staff.user(slug, "viewer"));
        assertThat(Dashboard.ask(brain.port(), Map.of()).status()).isEqualTo(101);
    }

    @Test
    void pollsRefuseUnknownAndRepeatedParameters() {
        var agent = brain.agent();
        for (String query : List.of("?max_frame=1", "?wait=0&wait=1")) {
            Rest.Response answer =
                    brain.rest("Bearer " + agent.token()).call("GET", "/api/v1/agent/commands" + query, null);
            assertThat(answer.status()).as(answer.text()).isEqualTo(422);
        }
    }

    @Test
    void everyBodyRefusesAnUnknownField() {
        JsonObject paths = brain.rest("")
                .call("GET", "/api/v1/openapi.json", null)
                .expect(200)
                .getJsonObject("paths");
        List<String> open = paths.fieldNames().stream()
                .filter(path -> !path.startsWith("/agent/"))
                .flatMap(path -> paths.getJsonObject(path).stream()
                        .map(each -> (JsonObject) each.getValue())
                        .filter(each -> each.containsKey("requestBody"))
                        .filter(each -> !Boolean.FALSE.equals(each.getJsonObject("requestBody")
                                .getJsonObject("content")
                                .getJsonObject("application/json")
                                .getJsonObject("schema")
                                .getValue("additionalProperties")))
                        .map(each -> each.getString("operationId")))
                .collect(Collectors.toList());
        assertThat(open).as("operations whose body accepts unknown fields").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\":\"a\",\"name\":\"b\",\"slug\":\"twice\"}",
                "{\"slug\":\"twice\",\"name\":\"a\",\"n\\u0061me\":\"b\"}"
            })
    void aBodyWithARepeatedFieldIsRefused(String body) {
        refuses(brain.rest().call("POST", "/api/v1/projects", body), "name", null);
        assertThat(brain.rest().get("/projects/twice").status()).isEqualTo(404);
    }
}
