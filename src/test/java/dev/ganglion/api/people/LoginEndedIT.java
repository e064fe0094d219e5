package dev.ganglion.api.people;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ganglion.BrainInternals;
import dev.ganglion.bus.Addresses;
import dev.ganglion.testing.brain.ClusterExtension;
import dev.ganglion.testing.people.Browser;
import dev.ganglion.testing.people.TestUsers;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LoginEndedIT {
    @RegisterExtension
    static final ClusterExtension nodes = new ClusterExtension();

    private static Map<Integer, List<String>> listen() {
        Map<Integer, List<String>> heard = new ConcurrentHashMap<>();
        for (int node = 0; node < 3; node++) {
            List<String> mine = new CopyOnWriteArrayList<>();
            heard.put(node, mine);
            BrainInternals.vertx(nodes.brain(node))
                    .eventBus()
                    .<String>localConsumer(Addresses.LOGIN_ENDED, message -> mine.add(message.body()));
        }
        return heard;
    }

    private static String session(Browser browser) {
        return browser.get("/auth/me").expect(200).getJsonObject("session").getString("id");
    }

    /** Dashboard sockets that a login session opened on any node close when the session ends. */
    @Test
    void notifiesEveryNodeWhenALoginEnds() {
        TestUsers staff = new TestUsers(nodes.first());
        Map<Integer, List<String>> heard = listen();
        JsonObject user = staff.user(new JsonObject());
        Browser revoked = staff.login(user);
        Browser out = staff.login(user).onPort(nodes.port(1));
        Browser deleted = staff.login(user).onPort(nodes.port(2));
        List<String> ended = List.of(session(revoked), session(out), session(deleted));

        out.delete("/auth/sessions/" + ended.get(0)).expect(204);
        assertThat(revoked.onPort(nodes.port(2)).get("/auth/me").status()).isEqualTo(401);
        out.post("/auth/logout", new JsonObject()).expect(204);
        nodes.rest(2).delete("/users/" + user.getString("id")).expect(204);

        await().atMost(ClusterExtension.SETTLED)
                .untilAsserted(() -> assertThat(heard.values())
                        .allSatisfy(mine -> assertThat(mine).containsExactlyInAnyOrderElementsOf(ended)));
        assertThat(deleted.get("/auth/me").status()).isEqualTo(401);
    }
}
