package dev.ganglion.api.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.brain.FurtherBrain;
import dev.ganglion.testing.http.Rest;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.wire.WireAgent;
import dev.ganglion.testing.wire.WireFrames;
import dev.ganglion.testing.wire.WireSocket;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenRotationIT {
    private static final int WEEK = 604_800;
    private static final String OLD_MASTER = "an older master secret of the tests - long enough";

    @RegisterExtension
    static final BrainExtension brain = new BrainExtension().with("agent.handshake-rate", "0");

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private static JsonObject overlap(Object seconds) {
        return new JsonObject().put("overlap_seconds", seconds);
    }

    private static EnrolledAgent rotated(EnrolledAgent agent, JsonObject answer) {
        return new EnrolledAgent(
                brain, agent.slug(), agent.id(), answer.getString("token"), answer.getString("hmac_secret"));
    }

    private static EnrolledAgent rotate(EnrolledAgent agent, int overlapSeconds) {
        return rotated(
                agent,
                brain.rest()
                        .post(agent.path() + "/token", overlap(overlapSeconds))
                        .expect(201));
    }

    private static int knock(int port, EnrolledAgent agent) {
        try (WireSocket socket = WireSocket.connect(port)) {
            return socket.upgrade(EnrolledAgent.LIBRARY, Map.of("Authorization", "Bearer " + agent.token()))
                    .status();
        }
    }

    private static int knock(EnrolledAgent agent) {
        return knock(brain.port(), agent);
    }

    private static Instant end(JsonObject answer) {
        return Instant.parse(answer.getString("previous_valid_until"));
    }

    @Test
    void acceptsBothTokensDuringTheOverlap() {
        EnrolledAgent old = brain.agent();
        Instant before = Instant.now();
        JsonObject answer = brain.rest()
                .call("POST", "/api/v1" + old.path() + "/token", null)
                .expect(201);
        EnrolledAgent young = rotated(old, answer);

        assertThat(answer.fieldNames())
                .containsExactlyInAnyOrder("agent", "token", "hmac_secret", "previous_valid_until");
        assertThat(answer.getJsonObject("agent").getString("id")).isEqualTo(old.id());
        assertThat(young.token()).startsWith("z4j_agent_").isNotEqualTo(old.token());
        assertThat(young.secretText()).isEqualTo(old.secretText());
        assertThat(end(answer)).isBetween(before.plusSeconds(299), Instant.now().plusSeconds(301));
        for (EnrolledAgent each : new EnrolledAgent[] {old, young}) {
            try (WireAgent agent = each.connect(brain.uniqueName("w"))) {
                assertThat(agent.ingest(WireFrames.event()).accepted()).isEqualTo(1);
            }
        }
    }

    @Test
    void rejectsTheOldTokenAtOnceOnEveryNodeWithoutAnOverlap() {
        EnrolledAgent old = brain.agent();
        try (FurtherBrain other =
                FurtherBrain.start(brain.redis().connectionString().value())) {
            try (WireAgent before = other.connect(old, WireFrames.hello())) {
                assertThat(before.ingest(WireFrames.event()).accepted()).isEqualTo(1);
            }
            EnrolledAgent young = rotate(old, 0);

            assertThat(knock(old)).isEqualTo(401);
            assertThat(knock(young)).isEqualTo(101);
            assertThat(knock(other.port(), old)).isEqualTo(401);
            assertThat(knock(other.port(), young)).isEqualTo(101);
        }
    }

    @Test
    void expiresAnOldTokenDespiteALaterRotation() {
        EnrolledAgent first = brain.agent();
        EnrolledAgent second = rotate(first, 2);
        JsonObject answer =
                brain.rest().post(first.path() + "/token", overlap(WEEK)).expect(201);
        EnrolledAgent third = rotated(first, answer);

        assertThat(end(answer)).isAfter(Instant.now().plusSeconds(WEEK - 60));
        await().atMost(Duration.ofSeconds(20)).until(() -> knock(first) == 401);
        assertThat(knock(second)).isEqualTo(101);
        assertThat(knock(third)).isEqualTo(101);
    }

    @Test
    void supportsConsecutiveRotations() {
        EnrolledAgent agent = brain.agent();
        EnrolledAgent last = agent;
        for (int i = 1; i < 16; i++) {
            last = rotate(agent, 3600);
            assertThat(knock(last)).isEqualTo(101);
        }
        assertThat(knock(agent)).isEqualTo(101);

        Rest.Response refused = brain.rest().post(agent.path() + "/token", overlap(1));
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.json().getString("error")).isEqualTo("conflict");
        assertThat(refused.field()).isEqualTo("overlap_seconds");

        EnrolledAgent only = rotate(agent, 0);
        assertThat(knock(agent)).isEqualTo(401);
        assertThat(knock(last)).isEqualTo(401);
        assertThat(knock(only)).isEqualTo(101);
        assertThat(knock(rotate(agent, 1))).isEqualTo(101);
    }

    @Test
    void keepsASessionAfterItsTokenExpiresUntilTheAgentIsRevoked() {
        EnrolledAgent old = brain.agent();
        try (WireAgent agent = old.connect()) {
            EnrolledAgent young = rotate(old, 0);
            assertThat(knock(old)).isEqualTo(401);
            assertThat(agent.ingest(WireFrames.event()).accepted()).isEqualTo(1);

            JsonObject unused = brain.rest().delete(old.path()).expect(204);

            assertThat(agent.ending().code()).isEqualTo(4003);
            assertThat(knock(young)).isEqualTo(401);
        }
    }

    @Test
    void deletesAllTokensOfARevokedAgent() {
        EnrolledAgent old = brain.agent();
        EnrolledAgent second = rotate(old, 3600);
        EnrolledAgent third = rotate(old, 3600);

        JsonObject unused = brain.rest().delete(old.path()).expect(204);

        for (EnrolledAgent each : new EnrolledAgent[] {old, second, third}) {
            assertThat(knock(each)).isEqualTo(401);
        }
        Rest.Response response = brain.rest().post(old.path() + "/token", overlap(0));
        assertThat(response.status()).isEqualTo(404);
        assertThat(brain.redis().call("KEYS", "*" + old.id() + "*")).isEmpty();
        for (String key : brain.redis().call("KEYS", "ganglion:token:*").lines().toList()) {
            assertThat(brain.redis().call("GET", key)).doesNotContain(old.id());
        }
    }

    @Test
    void returnsTheSecretWithTheTokenAfterAChangeOfTheMasterSecret() {
        brain.stop();
        brain.with("master-secret", OLD_MASTER).start();
        EnrolledAgent agent = brain.agent();
        brain.stop();
        brain.with("master-secret", BrainExtension.MASTER_SECRET)
                .with("previous-secrets", OLD_MASTER)
                .start();

        EnrolledAgent young = rotate(agent, 3600);

        assertThat(young.secretText()).isNotEqualTo(agent.secretText());
        try (WireAgent before = agent.connect("old");
                WireAgent after = young.connect("young")) {
            assertThat(before.ingest(WireFrames.event()).accepted()).isEqualTo(1);
            assertThat(after.ingest(WireFrames.event()).accepted()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"overlap_seconds\":-1}",
                "{\"overlap_seconds\":604801}",
                "{\"overlap_seconds\":1.5}",
                "{\"overlap_seconds\":\"300\"}",
                "{\"overlap_seconds\":null}",
                "{\"overlap\":1}"
            })
    void rejectsAnInvalidOverlapAndNamesTheField(String body) {
        EnrolledAgent agent = brain.agent();
        Rest.Response answer = brain.rest().call("POST", "/api/v1" + agent.path() + "/token", body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(422);
        assertThat(answer.field()).startsWith("overlap");
        assertThat(knock(agent)).isEqualTo(101);
    }
}
