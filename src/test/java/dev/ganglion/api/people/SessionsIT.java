package dev.ganglion.api.people;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.FurtherBrain;
import dev.ganglion.testing.http.Rest;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.people.Browser;
import dev.ganglion.testing.people.TestUsers;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionsIT {
    private static final String OTHER_PASSWORD = "another horse battery";

    @RegisterExtension
    static final BrainExtension brain = new BrainExtension().with("http.trusted-proxies", "127.0.0.1");

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private final TestUsers staff = new TestUsers(brain);

    private JsonObject admin() {
        return staff.user(new JsonObject().put("is_admin", true));
    }

    private static JsonObject newProject() {
        return new JsonObject().put("slug", brain.uniqueName("made")).put("name", "P");
    }

    private static String error(Rest.Response answer) {
        return answer.json().getString("error");
    }

    @Test
    void returnsTheUserAndSetsAnHttpOnlyCookie() {
        JsonObject user = admin();
        Rest.Response answer =
                Browser.at(brain.port()).tryLogin(user.getString("email").toUpperCase(Locale.ROOT), TestUsers.PASSWORD);

        assertThat(answer.expect(200).getJsonObject("user").getString("id")).isEqualTo(user.getString("id"));
        assertThat(answer.text()).doesNotContain("argon2").doesNotContain("password");
        assertThat(answer.header("Set-Cookie").orElseThrow())
                .matches("ganglion_session=[A-Za-z0-9_-]{43}; .*")
                .contains("; HTTPOnly", "; SameSite=Strict", "; Path=/", "; Max-Age=43200")
                .doesNotContain("; Secure");
    }

    @Test
    void acceptsOnlyTheHostCookieBehindTls() {
        JsonObject user = admin();
        Browser tls = Browser.at(brain.port()).with("X-Forwarded-Proto", "https");
        String cookie = tls.tryLogin(user.getString("email"), TestUsers.PASSWORD)
                .header("Set-Cookie")
                .orElseThrow();

        assertThat(cookie)
                .startsWith("__Host-ganglion_session=")
                .contains("; Secure", "; HTTPOnly", "; SameSite=Strict", "; Path=/")
                .doesNotContain("Domain");
        String pair = cookie.split(";", 2)[0];
        assertThat(tls.with("Cookie", pair).get("/auth/me").status()).isEqualTo(200);
        assertThat(tls.with("Cookie", pair.replace("__Host-", ""))
                        .get("/auth/me")
                        .status())
                .isEqualTo(401);
    }

    @Test
    void acceptsASessionOnEveryNode() {
        Browser first = staff.login(admin());
        try (FurtherBrain other =
                FurtherBrain.start(brain.redis().connectionString().value())) {
            Browser second = first.onPort(other.port());
            assertThat(second.get("/auth/me").expect(200).getString("kind")).isEqualTo("user");
            second.post("/projects", newProject()).expect(201);
            second.post("/auth/logout", new JsonObject()).expect(204);
        }
        assertThat(first.get("/auth/me").status()).isEqualTo(401);
    }

    @Test
    void returnsNameRolesAndCsrfTokenOfTheCaller() {
        String slug = brain.project();
        JsonObject user = staff.user(slug, "operator");
        Browser browser = staff.login(user);
        JsonObject me = browser.get("/auth/me").expect(200);

        assertThat(me.getString("name")).isEqualTo(user.getString("email"));
        assertThat(me.getBoolean("is_admin")).isFalse();
        assertThat(me.getJsonObject("roles")).isEqualTo(new JsonObject().put(slug, "operator"));
        assertThat(me.getJsonObject("session").getString("origin")).isEqualTo(Browser.ORIGIN);
        browser.with("X-CSRF-Token", me.getString("csrf_token"))
                .post("/auth/logout", new JsonObject())
                .expect(204);
        JsonObject key = brain.rest().get("/auth/me").expect(200);
        assertThat(key.getString("kind")).isEqualTo("admin_key");
        assertThat(key.getString("csrf_token")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "wrong", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void rejectsAWriteWithoutTheCsrfToken(String token) {
        Browser browser = staff.login(admin());
        Rest.Response refused = browser.with("X-CSRF-Token", token).post("/projects", newProject());

        assertThat(refused.status()).isEqualTo(403);
        assertThat(error(refused)).isEqualTo("csrf_failed");
        assertThat(browser.with("X-CSRF-Token", "").get("/projects").status()).isEqualTo(200);
        browser.post("/projects", newProject()).expect(201);
    }

    @Test
    void rejectsTheCsrfTokenOfAnotherSession() {
        JsonObject user = admin();
        Browser one = staff.login(user);
        String others = staff.login(user).get("/auth/me").expect(200).getString("csrf_token");
        assertThat(error(one.with("X-CSRF-Token", others).post("/projects", newProject())))
                .isEqualTo("csrf_failed");
    }

    @Test
    void rejectsReadsAndWritesFromAnotherOrigin() {
        Browser browser = staff.login(admin());
        for (String origin :
                List.of("http://evil.example", "null", "http://brain.example:81", "https://brain.example")) {
            Browser other = browser.with("Origin", origin);
            assertThat(error(other.get("/projects"))).as(origin).isEqualTo("origin_mismatch");
            assertThat(error(other.post("/projects", newProject()))).as(origin).isEqualTo("origin_mismatch");
        }
        assertThat(browser.with("Origin", "").get("/projects").status())
                .as("browsers send no Origin with reads of the same origin")
                .isEqualTo(200);
    }

    @Test
    void rejectsPagesForALoginWithoutAnOrigin() {
        Browser shell =
                Browser.at(brain.port()).with("Origin", "").login(admin().getString("email"), TestUsers.PASSWORD);
        shell.post("/projects", newProject()).expect(201);
        assertThat(error(shell.with("Origin", Browser.ORIGIN).get("/projects"))).isEqualTo("origin_mismatch");
    }

    @Test
    void listsAndEndsOnlyOwnSessions() {
        JsonObject user = admin();
        Browser one = staff.login(user);
        Browser two = staff.login(user);
        Browser stranger = staff.login(admin());
        List<JsonObject> sessions = one.get("/auth/sessions").expect(200).getJsonArray("items").stream()
                .map(JsonObject.class::cast)
                .toList();

        assertThat(sessions).hasSize(2);
        String other = sessions.stream()
                .filter(each -> !each.getBoolean("this"))
                .findAny()
                .orElseThrow()
                .getString("id");
        assertThat(stranger.delete("/auth/sessions/" + other).status()).isEqualTo(404);
        one.delete("/auth/sessions/" + other).expect(204);
        assertThat(one.delete("/auth/sessions/" + other).status()).isEqualTo(404);
        assertThat(two.get("/auth/me").status()).isEqualTo(401);
        assertThat(one.get("/auth/me").status()).isEqualTo(200);
    }

    @Test
    void endsTheSessionAndClearsTheCookieOnLogout() {
        JsonObject user = admin();
        Browser browser = staff.login(user);
        Browser other = staff.login(user);
        Rest.Response answer = browser.post("/auth/logout", new JsonObject());

        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.header("Set-Cookie").orElseThrow())
                .startsWith("ganglion_session=;")
                .contains("Max-Age=0");
        assertThat(browser.get("/auth/me").status()).isEqualTo(401);
        assertThat(other.get("/auth/me").status()).isEqualTo(200);
    }

    @Test
    void endsAllSessionsOnANewPassword() {
        JsonObject user = admin();
        String email = user.getString("email");
        Browser browser = staff.login(user);
        brain.rest()
                .patch("/users/" + user.getString("id"), new JsonObject().put("password", OTHER_PASSWORD))
                .expect(200);

        assertThat(browser.get("/auth/me").status()).isEqualTo(401);
        Browser anybody = Browser.at(brain.port());
        assertThat(anybody.tryLogin(email, TestUsers.PASSWORD).status()).isEqualTo(401);
        assertThat(anybody.tryLogin(email, OTHER_PASSWORD).status()).isEqualTo(200);
    }

    @Test
    void requiresTheCurrentPasswordToChangeIt() {
        JsonObject user = staff.user(brain.project(), "viewer");
        String email = user.getString("email");
        Browser browser = staff.login(user);
        JsonObject change =
                new JsonObject().put("current_password", "a guess of it").put("password", OTHER_PASSWORD);

        Rest.Response wrong = browser.post("/auth/password", change);
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.field()).isEqualTo("current_password");
        browser.post("/auth/password", change.put("current_password", TestUsers.PASSWORD))
                .expect(204);
        assertThat(browser.get("/auth/me").status()).isEqualTo(401);
        Browser.at(brain.port()).login(email, OTHER_PASSWORD);
        assertThat(brain.rest().post("/auth/password", change).status()).isEqualTo(403);
    }

    @Test
    void endsTheSessionsOfADisabledOrDeletedUser() {
        JsonObject user = admin();
        String path = "/users/" + user.getString("id");
        Browser browser = staff.login(user);
        brain.rest().patch(path, new JsonObject().put("disabled", true)).expect(200);
        assertThat(browser.get("/auth/me").status()).isEqualTo(401);
        assertThat(Browser.at(brain.port())
                        .tryLogin(user.getString("email"), TestUsers.PASSWORD)
                        .status())
                .isEqualTo(401);
        brain.rest().patch(path, new JsonObject().put("disabled", false)).expect(200);
        assertThat(browser.get("/auth/me").status())
                .as("an ended session stays ended")
                .isEqualTo(401);
        Browser again = staff.login(user);
        brain.rest().delete(path).expect(204);
        assertThat(again.get("/auth/me").status()).isEqualTo(401);
        assertThat(brain.rest().delete(path).status()).isEqualTo(404);
    }

    @Test
    void appliesARemovedRoleToTheNextRequest() {
        String slug = brain.project();
        JsonObject user = staff.user(slug, "viewer");
        Browser browser = staff.login(user);
        assertThat(browser.get("/projects/" + slug).status()).isEqualTo(200);
        brain.rest()
                .patch("/users/" + user.getString("id"), new JsonObject().put("roles", new JsonObject()))
                .expect(200);
        assertThat(browser.get("/projects/" + slug).status()).isEqualTo(404);
    }

    @Test
    void grantsNoOldRolesInAProjectRecreatedUnderItsSlug() {
        String slug = brain.project();
        Browser browser = staff.login(staff.user(slug, "admin"));
        brain.rest().delete("/projects/" + slug).expect(204);
        brain.rest()
                .post("/projects", new JsonObject().put("slug", slug).put("name", "P"))
                .expect(201);
        assertThat(browser.get("/projects/" + slug).status()).isEqualTo(404);
    }

    @Test
    void storesNoCookieAndNoPassword() {
        Browser browser = staff.login(admin());
        String cookie = Browser.at(brain.port())
                .tryLogin(admin().getString("email"), TestUsers.PASSWORD)
                .header("Set-Cookie")
                .orElseThrow()
                .replaceAll("^[^=]+=([^;]+);.*", "$1");
        assertThat(browser.get("/auth/me").status()).isEqualTo(200);
        String dump = StoredData.in(brain.redis());
        assertThat(dump).contains("$argon2id$v=19$m=").doesNotContain(cookie).doesNotContain(TestUsers.PASSWORD);
    }
}
