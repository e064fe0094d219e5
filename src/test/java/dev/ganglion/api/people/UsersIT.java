package dev.ganglion.api.people;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.http.Rest;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.people.Browser;
import dev.ganglion.testing.people.TestUsers;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class UsersIT {
    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private final TestUsers staff = new TestUsers(brain);

    private static JsonObject user() {
        return new JsonObject()
                .put("email", brain.uniqueName("u") + "@example.org")
                .put("password", TestUsers.PASSWORD);
    }

    static Stream<Arguments> bad() {
        return Stream.of(
                Arguments.of("password", user().put("password", "nine char")),
                Arguments.of("password", user().put("password", "x".repeat(257))),
                Arguments.of("email", user().put("email", "nobody")),
                Arguments.of("email", user().put("email", "a@b@c")),
                Arguments.of("email", user().put("email", "a b@c")),
                Arguments.of("email", user().put("email", "a@b\n")),
                Arguments.of("email", user().put("email", "a@" + "b".repeat(253))),
                Arguments.of("display_name", user().put("display_name", "n".repeat(201))),
                Arguments.of("is_admin", user().put("is_admin", "yes")),
                Arguments.of("id", user().put("id", "mine")),
                Arguments.of("roles/no-such", user().put("roles", new JsonObject().put("no-such", "viewer"))));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void rejectsAUserOverALimitAndNamesTheField(String field, JsonObject body) {
        Rest.Response answer = brain.rest().post("/users", body);
        assertThat(answer.status()).as(answer.text()).isIn(400, 422);
        assertThat(answer.field()).as(answer.text()).isEqualTo(field);
    }

    @Test
    void rejectsAnUnknownRole() {
        String slug = brain.project();
        Rest.Response answer = brain.rest().post("/users", user().put("roles", new JsonObject().put(slug, "owner")));
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.text()).contains("roles");
    }

    @Test
    void treatsEmailsCaseInsensitively() {
        JsonObject body = user();
        brain.rest().post("/users", body).expect(201);
        Rest.Response answer = brain.rest()
                .post("/users", body.copy().put("email", body.getString("email").toUpperCase(Locale.ROOT)));
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.field()).isEqualTo("email");
    }

    @Test
    void showsAUserAndChangesOnlyTheGivenFields() {
        String slug = brain.project();
        JsonObject made = brain.rest()
                .post("/users", user().put("display_name", "Ada").put("roles", new JsonObject().put(slug, "operator")))
                .expect(201);
        String path = "/users/" + made.getString("id");
        assertThat(made.fieldNames())
                .containsExactlyInAnyOrder(
                        "id", "email", "display_name", "is_admin", "disabled", "roles", "created_at", "last_login_at");
        assertThat(brain.rest().get(path).expect(200)).isEqualTo(made);

        JsonObject admin =
                brain.rest().patch(path, new JsonObject().put("is_admin", true)).expect(200);
        assertThat(admin).isEqualTo(made.copy().put("is_admin", true));
        JsonObject nameless = brain.rest()
                .patch(path, new JsonObject().putNull("display_name"))
                .expect(200);
        assertThat(nameless).isEqualTo(admin.copy().putNull("display_name"));
        assertThat(brain.rest().patch("/users/no-such", new JsonObject()).status())
                .isEqualTo(404);
    }

    @Test
    void grantsAndRevokesGlobalAdminRights() {
        JsonObject user = staff.user(brain.project(), "viewer");
        Browser browser = staff.login(user);
        assertThat(browser.get("/users").status()).isEqualTo(403);
        String path = "/users/" + user.getString("id");
        brain.rest().patch(path, new JsonObject().put("is_admin", true)).expect(200);
        assertThat(browser.get("/users").status()).isEqualTo(200);
        brain.rest().patch(path, new JsonObject().put("is_admin", false)).expect(200);
        assertThat(browser.get("/users").status()).isEqualTo(403);
    }

    @Test
    void listsUsersInPages() {
        for (int i = 0; i < 5; i++) {
            staff.user(new JsonObject());
        }
        int all = brain.rest()
                .get("/users?limit=500")
                .expect(200)
                .getJsonArray("items")
                .size();
        List<String> listed = new ArrayList<>();
        String cursor = "";
        while (cursor != null) {
            JsonObject page = brain.rest()
                    .get("/users?limit=2" + (cursor.isEmpty() ? "" : "&cursor=" + cursor))
                    .expect(200);
            page.getJsonArray("items").forEach(user -> listed.add(((JsonObject) user).getString("id")));
            cursor = page.getString("next_cursor");
        }
        assertThat(listed).hasSize(all).doesNotHaveDuplicates();
    }

    @Test
    void limitsTheBodyOfALogin() {
        Browser nobody = Browser.at(brain.port());
        String filler = " ".repeat(1024 * 1024);
        assertThat(nobody.call("POST", "/auth/login", "{}" + filler).status()).isEqualTo(413);
        assertThat(nobody.tryLogin("a@b", "x".repeat(257)).status()).isEqualTo(422);
        assertThat(nobody.call("POST", "/auth/login", "[]").status()).isIn(400, 422);
    }

    /** The brain reads no body before it has authenticated the caller. */
    @Test
    void authenticatesBeforeReadingTheBody() {
        String large = " ".repeat(1024 * 1024 + 1);
        assertThat(brain.rest("").call("POST", "/api/v1/projects", large).status())
                .isEqualTo(401);
    }
}
