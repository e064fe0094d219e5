package dev.ganglion.gateway.poll;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.protocol.HmacEncoding;
import dev.ganglion.protocol.frame.Command;
import dev.ganglion.testing.agent.PollAgent;
import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.command.CommandOperator;
import dev.ganglion.testing.http.Rest;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.wire.WireFrames;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks uploads and their responses. Released agents drop their frames on an unexpected status. */
class LongPollUploadIT {
    private static final int MEBIBYTE = 1 << 20;

    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private final EnrolledAgent enrolled = brain.agent();
    private final PollAgent agent = PollAgent.of(enrolled);

    private Rest.Response upload(String... frames) {
        return agent.upload(brain.port(), frames);
    }

    private static void assertCounts(Rest.Response answer, int accepted, int rejected) {
        JsonObject body = answer.expect(200);
        assertThat(body.getInteger("accepted")).as(answer.text()).isEqualTo(accepted);
        assertThat(body.getInteger("rejected")).as(answer.text()).isEqualTo(rejected);
        assertThat(body.getJsonArray("errors").size()).isLessThanOrEqualTo(10);
        assertThat(body.getJsonArray("errors").isEmpty()).isEqualTo(rejected == 0);
    }

    private void assertSessionEnded() {
        assertThat(upload(agent.batch()).status()).isEqualTo(503);
        assertThat(agent.poll(brain.port(), 0).status()).isEqualTo(409);
    }

    @Test
    void appliesFramesAndReportsTheirNumberAndAgent() {
        List<String> frames = new ArrayList<>();
        for (int i = 0; i < 70; i++) {
            frames.add(agent.batch());
        }
        Rest.Response answer = upload(frames.toArray(new String[0]));

        assertCounts(answer, 70, 0);
        assertThat(answer.header("X-Z4J-Agent-Id")).contains(enrolled.id());
        assertThat(answer.header("X-Z4J-Project-Id")).contains(enrolled.view().getString("project_id"));
        assertThat(enrolled.events()).hasSize(70);
    }

    @Test
    void deduplicatesARepeatedBatchAcrossSessions() {
        JsonObject batch = agent.envelope("event_batch", WireFrames.batchOf(3));
        assertCounts(upload(agent.sign(batch)), 1, 0);
        JsonObject again =
                agent.envelope("event_batch", batch.getJsonObject("payload")).put("id", batch.getString("id"));
        assertCounts(upload(agent.sign(again)), 1, 0);
        PollAgent next = PollAgent.of(enrolled);
        String there = next.sign(
                next.envelope("event_batch", batch.getJsonObject("payload")).put("id", batch.getString("id")));
        assertCounts(next.upload(brain.port(), there), 1, 0);

        assertThat(enrolled.events()).hasSize(3);
    }

    @Test
    void keepsEventsOfDifferentAgentsWithTheSameSeqApart() {
        PollAgent other = PollAgent.of(brain.agent(enrolled.slug(), new JsonObject()));
        JsonObject large = WireFrames.event().put("data", new JsonObject().put("result", "x".repeat(8_000)));
        assertCounts(upload(agent.sign("event_batch", WireFrames.batch(large))), 1, 0);
        JsonObject theirs = large.copy().put("id", WireFrames.event().getString("id"));
        assertCounts(other.upload(brain.port(), other.sign("event_batch", WireFrames.batch(theirs))), 1, 0);

        assertThat(enrolled.events().stream().map(event -> event.getString("id")))
                .containsExactlyInAnyOrder(large.getString("id"), theirs.getString("id"));
    }

    @Test
    void rejectsTheRestAndEndsTheSessionAfterAnInvalidSignature() {
        String good = agent.batch();
        String bad = agent.batch().replaceFirst("\"hmac\":\"....", "\"hmac\":\"0000");
        assertCounts(upload(good, bad, agent.batch()), 1, 2);

        assertSessionEnded();
        assertThat(enrolled.events()).hasSize(1);
        Awaitility.await()
                .untilAsserted(() -> assertThat(brain.rest()
                                .get(enrolled.path() + "/journal")
                                .expect(200)
                                .getJsonArray("items")
                                .encode())
                        .contains("\"invalid_signature\"", "\"long_poll\"", agent.nonce()));
    }

    @Test
    void rejectsTheRestAndEndsTheSessionAfterAUsedSeq() {
        String first = agent.batch();
        assertCounts(upload(first), 1, 0);
        assertCounts(upload(first, agent.batch()), 0, 2);

        assertSessionEnded();
        assertThat(enrolled.events()).hasSize(1);
    }

    @Test
    void rejectsANonceOfAnEarlierUpload() {
        JsonObject first = agent.envelope("event_batch", WireFrames.batch(WireFrames.event()));
        assertCounts(upload(agent.sign(first)), 1, 0);
        JsonObject second = agent.envelope("event_batch", WireFrames.batch(WireFrames.event()));
        String again = agent.sign(agent.envelope("event_batch", WireFrames.batch(WireFrames.event()))
                .put("nonce", first.getString("nonce")));
        assertCounts(upload(agent.sign(second), again, agent.batch()), 1, 2);

        assertSessionEnded();
        assertThat(enrolled.events()).hasSize(2);
    }

    @Test
    void endsTheSessionOnAStaleFrameAndRecordsTheClockSkew() {
        assertCounts(
                upload(agent.sign(agent.envelope("heartbeat", new JsonObject()).put("ts", WireFrames.at(-90)))), 0, 1);

        assertSessionEnded();
        Awaitility.await().untilAsserted(() -> {
            JsonArray items =
                    brain.rest().get(enrolled.path() + "/journal").expect(200).getJsonArray("items");
            JsonObject last = items.getJsonObject(0);
            assertThat(last.getString("reason")).isEqualTo("stale_timestamp");
            assertThat(last.getInteger("clock_skew_ms")).isBetween(-120_000, -60_000);
        });
    }

    @Test
    void rejectsMalformedFramesOneByOne() {
        String tooLarge = agent.sign(
                "event_batch",
                WireFrames.batch(WireFrames.event().put("data", new JsonObject().put("x", "x".repeat(MEBIBYTE)))));
        assertCounts(
                upload(
                        agent.batch(),
                        "no json",
                        agent.sign("nonsense", new JsonObject()),
                        WireFrames.hello().encode(),
                        tooLarge,
                        agent.batch()),
                2,
                4);
        assertCounts(upload(Collections.nCopies(30, "{}").toArray(new String[0])), 0, 30);
        assertCounts(agent.uploadBody(brain.port(), "{\"frames\":[1,{\"a\":[]},null]}"), 0, 3);
        assertCounts(upload(agent.batch()), 1, 0);

        assertThat(enrolled.events()).hasSize(3);
    }

    @Test
    void acceptsEveryFrameTypeOfAWebSocketSession() {
        CommandOperator operator = CommandOperator.to(enrolled);
        String command = operator.cancel("t");
        assertThat(agent.commands(brain.port())).containsExactly(command);
        assertCounts(upload(agent.acknowledging(command)), 1, 0);
        assertThat(operator.status(command)).isEqualTo("acknowledged");
        JsonObject delta = new JsonObject()
                .put("engine", "celery")
                .put("added", new JsonArray().add(new JsonObject().put("name", "app.t")))
                .put("removed", new JsonArray())
                .put("updated", new JsonArray());
        JsonObject depths =
                new JsonObject().put("adapter_health", new JsonObject().put("celery.queue_depths", "{\"q\":7}"));
        assertCounts(
                upload(
                        agent.sign("heartbeat", depths),
                        agent.sign("registry_delta", delta),
                        agent.sign("agent_status", new JsonObject().put("buffer_depth", 1)),
                        agent.completing("no-such-command", 0),
                        agent.completing(command, new JsonObject().put("a", 1))),
                5,
                0);

        assertThat(operator.await(command, 0).getString("status")).isEqualTo("completed");
        assertThat(operator.get(command).getJsonObject("result")).isEqualTo(new JsonObject().put("a", 1));
        assertThat(brain.rest()
                        .get("/projects/" + enrolled.slug() + "/registry")
                        .expect(200)
                        .encode())
                .contains("app.t");
        String purge = operator.issue(
                        "purge-queue", new JsonObject().put("engine", "celery").put("queue", "q"))
                .getString("id");
        Command purging = (Command) agent.frames(agent.poll(brain.port(), 0)).get(0);
        assertThat(purging.id()).isEqualTo(purge);
        assertThat(purging.parameters().text()).contains("confirm_token");
    }

    @Test
    void deliversOneAckPerBatchInTheEncodingOfTheAgent() {
        JsonObject batch = agent.envelope("event_batch", WireFrames.batchOf(2));
        JsonObject again =
                agent.envelope("event_batch", batch.getJsonObject("payload")).put("id", batch.getString("id"));
        agent.signingIn(HmacEncoding.BASE64);
        assertCounts(upload(agent.sign(batch), agent.sign(again)), 2, 0);

        assertThat(agent.acked(agent.poll(brain.port(), 0, 0))).isEmpty();
        assertThat(agent.acked(agent.poll(brain.port(), 0))).containsExactly(batch.getString("id"));
        assertThat(agent.lastEncoding()).isEqualTo(HmacEncoding.BASE64);
        assertThat(agent.frames(agent.poll(brain.port(), 0))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "7",
                "{}",
                "{\"frames\":[]}",
                "{\"frames\":\"x\"}",
                "{\"frames\":[\"x\"]",
                "{\"frames\":[\"x\"]}]"
            })
    void answers503ToAnInvalidBody(String body) {
        Rest.Response answer = agent.uploadBody(brain.port(), body);

        assertThat(answer.status()).as(answer.text()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).isPresent();
        assertThat(answer.json().getString("message")).contains("frames");
        assertCounts(upload(agent.batch()), 1, 0);
    }

    @Test
    void accepts500FramesAndRejects501() {
        String[] frames = IntStream.range(0, 500)
                .mapToObj(i -> agent.sign("heartbeat", new JsonObject()))
                .toArray(String[]::new);
        List<String> more = new ArrayList<>(List.of(frames));
        more.add(agent.sign("heartbeat", new JsonObject()));

        assertThat(upload(more.toArray(new String[0])).status()).isEqualTo(413);
        assertCounts(upload(frames), 500, 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void rejectsAnOversizedBodyWithAndWithoutContentLength(boolean announced) {
        byte[] part = new byte[MEBIBYTE];
        List<byte[]> parts = Collections.nCopies(65, part);
        var body = announced
                ? BodyPublishers.fromPublisher(BodyPublishers.ofByteArrays(parts), 65L * MEBIBYTE)
                : BodyPublishers.ofByteArrays(parts);

        assertThat(agent.upload(brain.port(), body).status()).isEqualTo(413);
        assertCounts(upload(agent.batch()), 1, 0);
    }

    @Test
    void acceptsABodyOfManyLargeFrames() {
        String filling = "é".repeat(200_000);
        String[] frames = IntStream.range(0, 60)
                .mapToObj(i -> agent.sign(
                        "event_batch",
                        WireFrames.batch(WireFrames.event().put("data", new JsonObject().put("result", filling)))))
                .toArray(String[]::new);

        assertCounts(upload(frames), 60, 0);
        assertThat(enrolled.events("limit=1&kind=task.succeeded")).hasSize(60);
    }

    @Test
    void checksTheBearerTokenBeforeTheSession() {
        for (String authorization : List.of("", "Bearer z4j_agent_nobody", "Basic YTpi")) {
            for (String method : List.of("GET", "POST")) {
                String path = method.equals("GET") ? "/api/v1/agent/commands" : "/api/v1/agent/events";
                Rest.Response answer = brain.rest(authorization).call(method, path, method.equals("GET") ? null : "{}");
                assertThat(answer.status()).as(method + authorization).isEqualTo(401);
                assertThat(answer.json().getString("error")).isEqualTo("unauthorized");
            }
        }
        assertThat(brain.rest().call("GET", "/api/v1/agent/commands", null).status())
                .as("an API key is not an agent token")
                .isEqualTo(401);
    }

    @Test
    void namesTheMissingSessionHeader() {
        Rest rest = brain.rest("Bearer " + enrolled.token());

        Rest.Response upload = rest.call("POST", "/api/v1/agent/events", "{\"frames\":[\"x\"]}");
        Rest.Response poll = rest.call("GET", "/api/v1/agent/commands", null);

        assertThat(upload.status()).isEqualTo(503);
        assertThat(upload.json().getString("message")).contains(PollAgent.NONCE);
        assertThat(poll.status()).isEqualTo(400);
        assertThat(poll.json().getString("message")).contains(PollAgent.NONCE);
    }
}
