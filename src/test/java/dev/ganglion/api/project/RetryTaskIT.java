package dev.ganglion.api.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.protocol.frame.Command;
import dev.ganglion.protocol.frame.Frame;
import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.http.Rest;
import dev.ganglion.testing.wire.WireAgent;
import dev.ganglion.testing.wire.WireFrames;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Checks which task facts a retry_task command carries, and when it requires all arguments. */
@Timeout(60)
class RetryTaskIT {
    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    private final EnrolledAgent enrolled = brain.agent();

    @Test
    void carriesTheNewestNameAndPriorityButNoStoredArguments() {
        try (WireAgent agent = enrolled.connect()) {
            agent.ingest(
                    event("task.received", "{'name':'old.name','priority':3,'args':'[1]','kwargs':'{}'}"),
                    event("task.started", "{'task_name':'shop.send','args':'[1]'}"),
                    event("task.failed", "{'task_name':'<unknown: t-1>','priority':true}"),
                    WireFrames.eventWith("task_id", "other"));

            assertThat(retry(new JsonObject()).status()).isEqualTo(202);

            JsonObject parameters = parameters(agent);
            assertThat(parameters)
                    .isEqualTo(new JsonObject()
                            .put("engine", "celery")
                            .put("task_id", "t-1")
                            .put("task_name", "shop.send")
                            .put("priority", 3));
        }
    }

    @Test
    void carriesATextualPriorityAndTheGivenArguments() {
        try (WireAgent agent = enrolled.connect()) {
            agent.ingest(event("task.sent", "{'task_name':'shop.send','priority':'high'}"));

            assertThat(retry(overrides()).status()).isEqualTo(202);

            JsonObject parameters = parameters(agent);
            assertThat(parameters.getString("priority")).isEqualTo("high");
            assertThat(parameters.getJsonArray("override_args")).isEqualTo(new JsonArray().add(1));
        }
    }

    @Test
    void findsTheNameAmongOtherEventData() {
        try (WireAgent agent = enrolled.connect()) {
            JsonObject event = event("task.sent", "{'task_name':'shop.send','priority':1}");
            event.getJsonObject("data")
                    .put("long", new BigInteger("9".repeat(4300)))
                    .put("k".repeat(60_000), true);
            agent.ingest(event);

            assertThat(retry(new JsonObject()).status()).isEqualTo(202);

            assertThat(parameters(agent).getString("task_name")).isEqualTo("shop.send");
        }
    }

    @Test
    void carriesNeitherNameNorPriorityForAnUnknownTask() {
        try (WireAgent agent = enrolled.connect()) {
            assertThat(retry(new JsonObject()).status()).isEqualTo(202);

            assertThat(parameters(agent).fieldNames()).containsExactlyInAnyOrder("engine", "task_id");
        }
    }

    @Test
    void requiresBothOverridesForAnEngineWithoutRetry() {
        JsonObject able = new JsonObject().put("celery", new JsonArray().add("cancel_task"));
        try (WireAgent agent = enrolled.connect(WireFrames.helloWith("capabilities", able))) {
            Rest.Response none = retry(new JsonObject());
            Rest.Response half = retry(new JsonObject().put("override_args", new JsonArray()));

            assertThat(none.expect(422).getString("error")).isEqualTo("override_required");
            assertThat(none.field()).isEqualTo("override_args");
            assertThat(half.expect(422).getString("error")).isEqualTo("override_required");
            assertThat(half.field()).isEqualTo("override_kwargs");
            assertThat(retry(overrides()).status()).isEqualTo(202);
            assertThat(parameters(agent).getJsonObject("override_kwargs")).isEqualTo(new JsonObject());
        }
    }

    private Rest.Response retry(JsonObject more) {
        JsonObject body = new JsonObject()
                .put("agent_id", enrolled.id())
                .put("engine", "celery")
                .put("task_id", "t-1");
        return brain.rest().post("/projects/" + enrolled.slug() + "/commands/retry-task", body.mergeIn(more));
    }

    private static JsonObject overrides() {
        return new JsonObject().put("override_args", new JsonArray().add(1)).put("override_kwargs", new JsonObject());
    }

    private static JsonObject parameters(WireAgent agent) {
        Frame frame = agent.receive();
        assertThat(frame).isInstanceOf(Command.class);
        return new JsonObject(((Command) frame).parameters().text());
    }

    private static JsonObject event(String kind, String data) {
        return WireFrames.event()
                .put("task_id", "t-1")
                .put("kind", kind)
                .put("data", new JsonObject(data.replace('\'', '"')));
    }
}
