package dev.ganglion.api.people;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.people.Browser;
import dev.ganglion.testing.people.TestUsers;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SetupIT {
    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private static JsonObject user(int number) {
        return new JsonObject().put("email", "first" + number + "@example.org").put("password", TestUsers.PASSWORD);
    }

    @Test
    void createsTheFirstUserOnceDespiteConcurrentAttempts() {
        assertThat(brain.rest("").get("/auth/setup").expect(200).getBoolean("needed"))
                .isTrue();
        assertThat(brain.rest("").post("/auth/setup", user(0)).status()).isEqualTo(401);
        assertThat(brain.rest("Bearer z4k_no_key_of_anybody_at_all")
                        .post("/auth/setup", user(0))
                        .status())
                .isEqualTo(401);

        List<Integer> answers = IntStream.range(0, 8)
                .parallel()
                .mapToObj(i -> brain.rest().post("/auth/setup", user(i)).status())
                .toList();

        assertThat(answers).containsOnly(201, 409);
        assertThat(answers.stream().filter(status -> status == 201)).hasSize(1);
        assertThat(brain.rest("").get("/auth/setup").expect(200).getBoolean("needed"))
                .isFalse();
        JsonObject made =
                brain.rest().get("/users").expect(200).getJsonArray("items").getJsonObject(0);
        assertThat(made.getBoolean("is_admin")).isTrue();
        Browser first = Browser.at(brain.port()).login(made.getString("email"), TestUsers.PASSWORD);
        assertThat(first.get("/users").expect(200).getJsonArray("items")).hasSize(1);
        assertThat(first.post("/auth/setup", user(9)).status()).isEqualTo(409);

        String path = "/users/" + made.getString("id");
        assertThat(first.delete(path).status())
                .as("the last admin can be deleted")
                .isEqualTo(204);
        assertThat(first.get("/auth/me").status()).isEqualTo(401);
        assertThat(brain.rest("").get("/auth/setup").expect(200).getBoolean("needed"))
                .as("the admin key can create a first user again")
                .isTrue();
    }
}
