package dev.ganglion.api;

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
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Calls every operation of the document as every kind of caller, and checks that exactly the documented roles are
 * admitted.
 */
class RoleMatrixIT {
    private static final Set<String> WORDS =
            Set.of("public", "agent", "self", "viewer", "operator", "admin", "global-admin");
    private static final List<String> ROLES = List.of("viewer", "operator", "admin");

    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private static String project;
    private static String elsewhere;

    /**
     * The kinds of callers. Each has a role in one project only, except callers without any role and callers with a
     * role everywhere.
     */
    enum Caller {
        NOBODY,
        KEY_ELSEWHERE,
        KEY_VIEWER,
        KEY_OPERATOR,
        KEY_ADMIN,
        KEY_GLOBAL_ADMIN,
        KEY_VIEWER_EVERYWHERE,
        USER_ELSEWHERE,
        USER_VIEWER,
        USER_OPERATOR,
        USER_ADMIN,
        USER_GLOBAL_ADMIN,
        ADMIN_KEY;

        boolean global() {
            return this == ADMIN_KEY || name().endsWith("GLOBAL_ADMIN");
        }

        boolean elsewhere() {
            return name().endsWith("_ELSEWHERE");
        }

        /** The role in the project; empty if there is none. */
        String role() {
            String last = name().replace("_EVERYWHERE", "").replaceAll("^(KEY|USER)_", "");
            String word = last.toLowerCase(Locale.ROOT);
            return ROLES.contains(word) ? word : "";
        }
    }

    private record Operation(String method, String path, JsonObject json) {
        String role() {
            return json.getString("x-ganglion-role", "");
        }

        boolean ofProject() {
            return path.contains("{slug}");
        }

        @Nullable
        String body() {
            return json.containsKey("requestBody") ? "{}" : null;
        }

        String at(String slug) {
            return path.replace("{slug}", slug).replaceAll("\\{(id|engine|task_id)}", "no-such-$1");
        }

        @Override
        public String toString() {
            return method + " " + path + " (" + role() + ")";
        }
    }

    @BeforeAll
    static void createTwoProjects() {
        project = brain.project();
        elsewhere = brain.project();
    }

    private static List<Operation> operations() {
        JsonObject paths = brain.rest("")
                .call("GET", "/api/v1/openapi.json", null)
                .expect(200)
                .getJsonObject("paths");
        List<Operation> operations = new ArrayList<>();
        paths.fieldNames()
                .forEach(path -> paths.getJsonObject(path)
                        .forEach(each -> operations.add(new Operation(
                                each.getKey().toUpperCase(Locale.ROOT), path, (JsonObject) each.getValue()))));
        return operations;
    }

    /**
     * Returns a function that performs an operation as this caller. It creates new credentials for each operation,
     * since some operations invalidate them.
     */
    private static Function<Operation, Rest.Response> caller(Caller caller) {
        TestUsers staff = new TestUsers(brain);
        String slug = caller.elsewhere() ? elsewhere : project;
        String role = caller.elsewhere() ? "admin" : caller.role();
        JsonObject bound = new JsonObject().put("project", slug);
        return switch (caller) {
            case NOBODY -> operation -> send(brain.rest(""), operation, project);
            case ADMIN_KEY -> operation -> send(brain.rest(), operation, brain.project());
            case KEY_GLOBAL_ADMIN -> {
                Rest rest = brain.rest(
                        "Bearer " + staff.key("admin", new JsonObject()).getString("key"));
                yield operation -> send(rest, operation, brain.project());
            }
            case KEY_VIEWER_EVERYWHERE -> {
                Rest rest = brain.rest(
                        "Bearer " + staff.key("viewer", new JsonObject()).getString("key"));
                yield operation -> send(rest, operation, project);
            }
            case KEY_ELSEWHERE, KEY_VIEWER, KEY_OPERATOR, KEY_ADMIN -> {
                Rest rest = brain.rest("Bearer " + staff.key(role, bound).getString("key"));
                yield operation -> send(rest, operation, project);
            }
            default -> {
                JsonObject user = caller == Caller.USER_GLOBAL_ADMIN
                        ? staff.user(new JsonObject().put("is_admin", true))
                        : staff.user(slug, role);
                Browser[] browser = {staff.login(user)};
                yield operation -> {
                    Rest.Response answer = browser[0].call(
                            operation.method(),
                            operation.at(caller.global() ? brain.project() : project),
                            operation.body());
                    if (operation.path().equals("/auth/logout")) {
                        browser[0] = staff.login(user);
                    }
                    return answer;
                };
            }
        };
    }

    private static Rest.Response send(Rest rest, Operation operation, String slug) {
        return rest.call(operation.method(), "/api/v1" + operation.at(slug), operation.body());
    }

    @Test
    void declaresTheRequiredRoleOfEveryOperation() {
        assertThat(operations()).hasSizeGreaterThan(40).allSatisfy(operation -> {
            assertThat(WORDS).as(operation.toString()).contains(operation.role());
            boolean roleOfAProject = ROLES.contains(operation.role());
            assertThat(!roleOfAProject || operation.ofProject())
                    .as(operation.toString())
                    .isTrue();
        });
    }

    @ParameterizedTest
    @EnumSource(Caller.class)
    void enforcesTheDeclaredRole(Caller caller) {
        Function<Operation, Rest.Response> call = caller(caller);
        for (Operation operation : operations()) {
            Rest.Response answer = call.apply(operation);
            String what = caller + " " + operation + ": " + answer.status() + " " + answer.text();
            switch (expected(caller, operation)) {
                case 401 -> assertThat(answer.status()).as(what).isEqualTo(401);
                case 403 -> {
                    assertThat(answer.status()).as(what).isEqualTo(403);
                    assertThat(answer.json().getString("error")).as(what).isEqualTo("forbidden");
                }
                case 404 -> {
                    assertThat(answer.status()).as(what).isEqualTo(404);
                    assertThat(answer.json().getString("message")).as(what).contains("no project");
                }
                default -> {
                    assertThat(answer.status()).as(what).isIn(200, 204, 404, 422, 400);
                    assertThat(answer.text()).as(what).doesNotContain("no project");
                }
            }
        }
    }

    private static int expected(Caller caller, Operation operation) {
        String role = operation.role();
        if (role.equals("public")) {
            return 200;
        } else if (caller == Caller.NOBODY || role.equals("agent")) {
            return 401;
        } else if (caller.global()) {
            return 200;
        } else if (!operation.ofProject()) {
            return role.equals("self") ? 200 : 403;
        } else if (caller.elsewhere()) {
            return 404;
        }
        return role.equals("self") || ROLES.indexOf(caller.role()) >= level(role) ? 200 : 403;
    }

    private static int level(String role) {
        int level = ROLES.indexOf(role);
        return level < 0 ? Integer.MAX_VALUE : level;
    }

    @Test
    void listsOnlyTheProjectsOfTheCaller() {
        TestUsers staff = new TestUsers(brain);
        assertThat(slugs(staff.rest(project, "viewer").get("/projects").expect(200)))
                .containsExactly(project);
        assertThat(slugs(staff.login(staff.user(elsewhere, "viewer"))
                        .get("/projects")
                        .expect(200)))
                .containsExactly(elsewhere);
        assertThat(slugs(brain.rest().get("/projects?limit=500").expect(200))).contains(project, elsewhere);
        JsonObject both = new JsonObject()
                .put("roles", new JsonObject().put(project, "viewer").put(elsewhere, "admin"));
        Browser two = staff.login(staff.user(both));
        JsonObject first = two.get("/projects?limit=1").expect(200);
        JsonObject second = two.get("/projects?limit=1&cursor=" + first.getString("next_cursor"))
                .expect(200);
        assertThat(slugs(first)).containsExactly(project);
        assertThat(slugs(second)).containsExactly(elsewhere);
        assertThat(second.getString("next_cursor")).isNull();
    }

    private static List<String> slugs(JsonObject page) {
        return page.getJsonArray("items").stream()
                .map(each -> ((JsonObject) each).getString("slug"))
                .toList();
    }

    /**
     * The authorized path is the path that is served: no spelling of a path may give a role in one project access to
     * another.
     */
    @Test
    void enforcesRolesForEverySpellingOfAPath() {
        Rest rest = new TestUsers(brain).rest(project, "admin");
        for (String path : List.of(
                "/api/v1/projects/" + project + "/../" + elsewhere + "/agents",
                "/api/v1/projects/" + project + "/%2e%2e/" + elsewhere + "/agents",
                "/api/v1/projects/" + project + "/..%2f" + elsewhere + "/agents",
                "/api/v1//projects/" + elsewhere + "/agents",
                "/api/v1/%70rojects/" + elsewhere + "/agents",
                "/api/v1/./users",
                "/api/v1/users/",
                "/api/v1//users",
                "/api/v1/%75sers")) {
            assertThat(rest.call("GET", path, null).status()).as(path).isIn(400, 403, 404);
        }
        String mine = "/api/v1/projects/" + elsewhere + "/../" + project + "/agents";
        assertThat(rest.call("GET", mine, null).status()).isEqualTo(400);
    }
}
