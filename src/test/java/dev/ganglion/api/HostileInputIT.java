package dev.ganglion.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.http.Rest;
import dev.ganglion.testing.log.QuietLog;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sends hostile values for every parameter and every field of the OpenAPI document. The brain never answers with 5xx. */
@Timeout(120)
class HostileInputIT {
    private static final String LONG = "x".repeat(600);
    private static final List<String> TEXTS = Stream.concat(
                    Stream.of(
                            "",
                            " ",
                            "\u0000",
                            "\ud83d\ude00",
                            LONG,
                            "..",
                            "a|b",
                            "null",
                            "true",
                            "{}",
                            "[]",
                            "0",
                            "-1",
                            "-0",
                            "1e400",
                            "1e9",
                            "5.0",
                            "1.5",
                            "NaN",
                            "2147483648",
                            "9223372036854775808",
                            "9".repeat(400),
                            "+999999999-12-31T23:59:59Z",
                            "-999999999-01-01T00:00:00Z",
                            "+292278995-01-01T00:00:00Z",
                            "1969-12-31T23:59:59Z",
                            "9999-12-31T23:59:59-18:00",
                            "2026-02-30T00:00:00Z",
                            "2026-01-01T00:00:00"),
                    Stream.of(
                                    "e:99999999999999999999-0/1",
                                    "e:1-99999999999999999999/1",
                                    "e:1-0/99999999999",
                                    "e:<99999999999999999999-1",
                                    "e:*,*,*",
                                    "d:99999999999999999999-0",
                                    "d:18446744073709551615-18446744073709551615",
                                    "t:9999999999999999,9999999999999999",
                                    "9999999999999999",
                                    "9999999999999999-9999999999999999",
                                    "9999999999999999|x",
                                    "999999999",
                                    "999999999|x",
                                    "0",
                                    "0|0",
                                    "e:0-0/0",
                                    "e:<0-0",
                                    "d:0-0",
                                    "t:0",
                                    "1:a")
                            .map(text -> Base64.getUrlEncoder()
                                    .withoutPadding()
                                    .encodeToString(text.getBytes(StandardCharsets.UTF_8))))
            .toList();
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "0",
            "-1",
            "1e400",
            "-1e400",
            "1e308",
            "1.5",
            "5.0",
            "9223372036854775808",
            "\"\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"+999999999-12-31T23:59:59Z\"",
            "\"+292278995-01-01T00:00:00Z\"",
            "\"1969-12-31T23:59:59Z\"",
            "\"" + LONG + "\"",
            "[]",
            "[[[[]]]]",
            "{}",
            "{\"a\":{\"b\":[1e400]}}",
            "[" + "[".repeat(900) + "]".repeat(900) + "]");

    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private static String slug = "";
    private static JsonObject document = new JsonObject();

    @BeforeAll
    static void readTheDocument() {
        slug = brain.project();
        document = brain.rest("").call("GET", "/api/v1/openapi.json", null).expect(200);
    }

    private record Operation(String method, String path, JsonObject definition) {
        List<String> parameters(String in) {
            return definition.getJsonArray("parameters", new JsonArray()).stream()
                    .map(each -> resolved((JsonObject) each))
                    .filter(each -> each.getString("in").equals(in))
                    .map(each -> each.getString("name"))
                    .toList();
        }

        String place() {
            return path.replace("{slug}", slug).replaceAll("\\{(id|engine|task_id)}", "no-such");
        }
    }

    private static List<Operation> operations() {
        List<Operation> found = new ArrayList<>();
        document.getJsonObject("paths")
                .forEach(path -> ((JsonObject) path.getValue())
                        .forEach(each -> found.add(new Operation(
                                each.getKey().toUpperCase(Locale.ROOT), path.getKey(), (JsonObject) each.getValue()))));
        return found.stream().filter(each -> !each.path().startsWith("/agent/")).toList();
    }

    private static JsonObject resolved(JsonObject object) {
        JsonObject at = object;
        while (at.containsKey("$ref")) {
            String[] parts = at.getString("$ref").split("/", -1);
            at = document;
            for (int i = 1; i < parts.length; i++) {
                at = at.getJsonObject(parts[i]);
            }
        }
        return at;
    }

    private static void answers4xxAtMost(String method, String path, @Nullable String body) {
        Rest.Response answer = brain.rest().call(method, "/api/v1" + path, body);
        assertThat(answer.status())
                .as(method + " " + path + " " + body + " " + answer.text())
                .isLessThan(500);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Test
    void noQueryParameterCausesAServerError() {
        for (Operation operation : operations()) {
            for (String name : operation.parameters("query")) {
                for (String value : TEXTS) {
                    answers4xxAtMost(operation.method(), operation.place() + "?" + name + "=" + encoded(value), null);
                }
            }
        }
    }

    @Test
    void noPathParameterCausesAServerError() {
        for (Operation operation : operations()) {
            for (String name : operation.parameters("path")) {
                for (String value : TEXTS) {
                    String path = operation.path().replace("{" + name + "}", encoded(value));
                    String rest = path.replace("{slug}", slug).replaceAll("\\{(id|engine|task_id)}", "no-such");
                    answers4xxAtMost(
                            operation.method(), rest, operation.definition().containsKey("requestBody") ? "{}" : null);
                }
            }
        }
    }

    @Test
    void noFieldOfABodyCausesAServerError() {
        for (Operation operation : operations()) {
            if (operation.path().equals("/auth/login")
                    || !operation.definition().containsKey("requestBody")) {
                continue; // failed logins are throttled
            }
            JsonObject schema = operation
                    .definition()
                    .getJsonObject("requestBody")
                    .getJsonObject("content")
                    .getJsonObject("application/json")
                    .getJsonObject("schema");
            JsonObject fields = schema.getJsonObject("properties");
            for (String field : fields.fieldNames()) {
                for (String value : VALUES) {
                    StringBuilder body = new StringBuilder("{\"" + field + "\":" + value);
                    for (Object required : schema.getJsonArray("required", new JsonArray())) {
                        if (!required.equals(field)) {
                            body.append(",\"" + required + "\":"
                                    + plausible(resolved(fields.getJsonObject((String) required))));
                        }
                    }
                    answers4xxAtMost(
                            operation.method(),
                            operation.place(),
                            body.append('}').toString());
                }
            }
        }
    }

    private static String plausible(JsonObject schema) {
        return switch (String.valueOf(schema.getValue("type"))) {
            case "integer" -> "1";
            case "object" -> "{}";
            case "boolean" -> "false";
            default ->
                schema.containsKey("enum")
                        ? "\"" + schema.getJsonArray("enum").getString(0) + "\""
                        : "\"some-plausible-text\"";
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "since=%2B999999999-01-01T00:00:00Z",
                "until=1999-12-31T23:59:59Z",
                "since=%2B10000-01-01T00:00:00Z",
                "until=-0001-01-01T00:00:00Z"
            })
    void aTimeOutOfRangeIsRefusedWithTheAllowedRange(String query) {
        for (String list : List.of("events", "tasks")) {
            Rest.Response answer = brain.rest().get("/projects/" + slug + "/" + list + "?" + query);
            assertThat(answer.status()).as(answer.text()).isEqualTo(422);
            assertThat(answer.field()).isEqualTo(query.substring(0, 5));
            assertThat(answer.json().getString("message")).contains("2000-01-01T00:00:00Z", "9999-12-31T23:59:59Z");
        }
    }

    @ParameterizedTest
    @CsvSource({"+292278995-01-01T00:00:00Z, 422", "9999-12-31T23:59:59Z, 201", "1999-12-31T23:59:59Z, 422"})
    void anExpiryOutOfRangeIsRefusedWithTheAllowedRange(String time, int status) {
        Rest.Response answer = brain.rest()
                .post(
                        "/api-keys",
                        new JsonObject().put("name", "k").put("role", "viewer").put("expires_at", time));
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        if (status == 422) {
            assertThat(answer.field()).isEqualTo("expires_at");
            assertThat(answer.json().getString("message")).contains("9999-12-31T23:59:59Z");
        } else {
            String key = answer.json().getString("key");
            assertThat(brain.rest("Bearer " + key).get("/projects").status()).isEqualTo(200);
        }
    }
}
