package dev.ganglion.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.http.Rest;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.wire.WireSocket;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RestLimitsIT {
    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private static JsonObject project(String slug) {
        return new JsonObject().put("slug", slug).put("name", "P");
    }

    static Stream<JsonObject> goodProjects() {
        return Stream.of(
                project("ab"),
                project("s".repeat(63)),
                project("--"),
                project("n-1").put("name", "n".repeat(200)),
                project("n-2").put("name", "😀"),
                project("cap-0").put("connection_cap", 0),
                project("cap-most").put("connection_cap", 100_000),
                project("cap-null").putNull("connection_cap"));
    }

    @ParameterizedTest
    @MethodSource("goodProjects")
    void createsAProjectAtTheLimits(JsonObject body) {
        JsonObject made = brain.rest().post("/projects", body).expect(201);
        assertThat(made.fieldNames()).containsExactlyInAnyOrder("id", "slug", "name", "connection_cap", "created_at");
        assertThat(made.getValue("connection_cap")).isEqualTo(body.getValue("connection_cap"));
        assertThat(brain.rest().get("/projects/" + body.getString("slug")).expect(200))
                .isEqualTo(made);
    }

    static Stream<Arguments> badProjects() {
        return Stream.of(
                Arguments.of("slug", project("a")),
                Arguments.of("slug", project("s".repeat(64))),
                Arguments.of("slug", project("Upper")),
                Arguments.of("slug", project("a b")),
                Arguments.of("slug", project("ab\n")),
                Arguments.of("slug", project("")),
                Arguments.of("slug", new JsonObject().put("name", "P")),
                Arguments.of("slug", project("x").put("slug", 12)),
                Arguments.of("name", project("bad-1").put("name", "")),
                Arguments.of("name", project("bad-2").put("name", "n".repeat(201))),
                Arguments.of("name", new JsonObject().put("slug", "bad-3")),
                Arguments.of("shards", project("bad-shards-0").put("shards", 0)),
                Arguments.of("shards", project("bad-shards-65").put("shards", 65)),
                Arguments.of("connection_cap", project("bad-4").put("connection_cap", -1)),
                Arguments.of("connection_cap", project("bad-5").put("connection_cap", 100_001)),
                Arguments.of("connection_cap", project("bad-6").put("connection_cap", "1")),
                Arguments.of("connection_cap", project("bad-7").put("connection_cap", 1.5)),
                Arguments.of("connection_cap", project("bad-8").put("connection_cap", 1L << 40)),
                Arguments.of("surprise", project("bad-9").put("surprise", 1)));
    }

    @ParameterizedTest
    @MethodSource("badProjects")
    void rejectsAProjectOverALimitAndNamesTheField(String field, JsonObject body) {
        Rest.Response answer = brain.rest().post("/projects", body);
        assertThat(answer.status()).as(answer.text()).isIn(400, 422);
        assertThat(answer.field()).as(answer.text()).isEqualTo(field);
        assertThat(answer.json().getString("message")).contains(field);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "", "[]", "1", "null", "\"s\"", "{\"slug\":}", "{\"slug\":\"ab\"}x", "{\"a\":NaN}"})
    void answers4xxToABodyThatIsNotAnObject(String body) {
        String slug = brain.project();
        for (String method : List.of("POST", "PATCH")) {
            String path = "/api/v1/projects" + (method.equals("POST") ? "" : "/" + slug);
            Rest.Response answer = brain.rest().call(method, path, body);
            assertThat(answer.status()).as(method + " " + answer.text()).isIn(400, 422);
            assertThat(answer.json().getString("error")).isIn("invalid_request", "validation_failed");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "text/plain", "application/xml", "nonsense", "application/x-www-form-urlencoded"})
    void rejectsAnotherContentType(String type) {
        Rest.Response answer =
                brain.rest().call("POST", "/api/v1/projects", project("typed").encode(), type);
        assertThat(answer.status()).as(answer.text()).isIn(400, 415, 422);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Application/JSON", "application/json; charset=UTF-8", "APPLICATION/JSON;charset=utf-8"})
    void ignoresTheCaseOfTheContentType(String type) {
        Rest.Response answer =
                brain.rest().call("POST", "/api/v1/projects", project("a").encode(), type);
        assertThat(answer.status()).as(answer.text()).isEqualTo(422);
        assertThat(answer.field()).isEqualTo("slug");
    }

    @Test
    void acceptsABodyOfOneMebibyte() {
        String filler = " ".repeat(1024 * 1024 - project("body-1").encode().length());
        assertThat(brain.rest()
                        .call("POST", "/api/v1/projects", project("body-1").encode() + filler)
                        .status())
                .isEqualTo(201);
        Rest.Response over =
                brain.rest().call("POST", "/api/v1/projects", project("body-2").encode() + filler + " ");
        assertThat(over.status()).isEqualTo(413);
        assertThat(over.json().getString("error")).isEqualTo("payload_too_large");
    }

    @Test
    void answersConflictForATakenSlug() {
        String slug = brain.project();
        Rest.Response answer = brain.rest().post("/projects", project(slug));
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.field()).isEqualTo("slug");
    }

    @Test
    void listsInPagesOf1To500() {
        String slug = brain.project();
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            made.add(brain.agent(slug, new JsonObject()).id());
        }
        List<String> listed = new ArrayList<>();
        String cursor = "";
        while (cursor != null) {
            JsonObject page = brain.rest()
                    .get("/projects/" + slug + "/agents?limit=2" + (cursor.isEmpty() ? "" : "&cursor=" + cursor))
                    .expect(200);
            page.getJsonArray("items").forEach(agent -> listed.add(((JsonObject) agent).getString("id")));
            cursor = page.getString("next_cursor");
        }
        assertThat(listed).containsExactlyInAnyOrderElementsOf(made);
        assertThat(brain.rest().get("/projects/" + slug + "/agents?limit=500").status())
                .isEqualTo(200);
        for (String limit : List.of("0", "501", "many")) {
            Rest.Response answer = brain.rest().get("/projects?limit=" + limit);
            assertThat(answer.status()).as(answer.text()).isIn(400, 422);
            assertThat(answer.field()).isEqualTo("limit");
        }
    }

    @Test
    void listsOneAgentByItsIdAndNoneOnceItIsRevoked() {
        String slug = brain.project();
        String id = brain.agent(slug, new JsonObject()).id();
        String other = brain.agent(slug, new JsonObject()).id();
        String path = "/projects/" + slug + "/agents?id=" + id;

        JsonObject known = brain.rest().get(path).expect(200);
        assertThat(known.getJsonArray("items")).hasSize(1);
        assertThat(known.getJsonArray("items").getJsonObject(0).getString("id"))
                .isEqualTo(id)
                .isNotEqualTo(other);

        brain.rest().delete("/projects/" + slug + "/agents/" + id).expect(204);
        assertThat(brain.rest().get(path).expect(200).getJsonArray("items")).isEmpty();
    }

    @Test
    void hidesObjectsOfAnotherProject() {
        String mine = brain.project();
        String path = brain.agent().path();
        String foreign = "/projects/" + mine + path.substring(path.indexOf("/agents"));
        for (Rest.Response answer : List.of(
                brain.rest().get(foreign),
                brain.rest().get(foreign + "/workers"),
                brain.rest().patch(foreign, new JsonObject().put("name", "x")),
                brain.rest().delete(foreign))) {
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.json().getString("error")).isEqualTo("not_found");
        }
        assertThat(brain.rest().get(path).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/projects/%zz",
                "/projects/%",
                "/projects?limit=%zz",
                "/projects/a%00b",
                "/projects/%ff",
                "/projects/ab/events?kind=%zz",
                "/projects/ab/agents?cursor=%"
            })
    void answers4xxToABadlyEncodedAddress(String address) {
        try (WireSocket socket = WireSocket.connect(brain.port())) {
            Map<String, String> headers =
                    Map.of("Authorization", BrainExtension.ADMIN, "Connection", "close", "Upgrade", "no");
            WireSocket.Answer answer = socket.upgrade("/api/v1" + address, headers);
            assertThat(answer.status()).isIn(400, 404, 422);
            assertThat(new JsonObject(answer.body()).fieldNames()).contains("error", "message", "request_id");
        }
    }
}
