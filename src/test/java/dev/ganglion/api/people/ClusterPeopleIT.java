package dev.ganglion.api.people;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.people.Browser;
import dev.ganglion.testing.people.TestUsers;
import dev.ganglion.testing.redis.OnCluster;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Checks logins, changes and the audit on a Redis Cluster, where a script can access only the keys of one slot. */
@OnCluster
@Timeout(120)
class ClusterPeopleIT {
    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    @RegisterExtension
    final QuietLog log = new QuietLog();

    @Test
    void supportsLoginsChangesAndAuditOnARedisCluster() {
        TestUsers staff = new TestUsers(brain);
        String slug = brain.project();
        String other = brain.project();
        JsonObject user = staff.user(slug, "admin");
        Browser browser = staff.login(user);
        assertThat(browser.get("/projects").expect(200).getJsonArray("items")).hasSize(1);
        assertThat(browser.get("/projects/" + other).status()).isEqualTo(404);
        browser.post("/projects/" + slug + "/agents", new JsonObject().put("name", "a"))
                .expect(201);
        assertThat(browser.tryLogin(user.getString("email"), "not the password").status())
                .isEqualTo(401);
        assertThat(staff.rest(slug, "viewer").get("/projects/" + slug).status()).isEqualTo(200);
        assertThat(brain.rest().get("/api-keys").expect(200).getJsonArray("items"))
                .hasSize(1);
        assertThat(brain.rest().get("/users").expect(200).getJsonArray("items")).hasSize(1);
        assertThat(browser.get("/projects/" + slug + "/audit").expect(200).getJsonArray("items"))
                .hasSize(1);
        brain.rest().delete("/users/" + user.getString("id")).expect(204);
        assertThat(browser.get("/auth/me").status()).isEqualTo(401);
        assertThat(brain.rest().get("/audit").expect(200).getJsonArray("items")).hasSize(8);
    }
}
