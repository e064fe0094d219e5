package dev.ganglion.gateway;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ganglion.protocol.Vectors;
import dev.ganglion.protocol.frame.EventBatchAck;
import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.wire.WireAgent;
import dev.ganglion.testing.wire.WireFrames;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Sends the values of the test vectors to a brain. The frames are signed over the canonical form that the agents'
 * library gives, so that a signature fails wherever the brain's canonical form differs.
 */
class VectorFramesIT {
    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private final EnrolledAgent enrolled = brain.agent();

    @Test
    void storesEveryCanonicalVectorAsTheAgentSentIt() throws JsonProcessingException {
        List<JsonNode> vectors = Vectors.read("canonical.json").toList();
        try (WireAgent agent = enrolled.connect()) {
            agent.sendSignedOver(events(vectors, "canonical"), "event_batch", events(vectors, "input"));
            EventBatchAck ack = agent.ack();

            assertThat(ack.accepted()).isEqualTo(vectors.size());
        }
        ObjectMapper mapper = new ObjectMapper();
        for (int i = 0; i < vectors.size(); i++) {
            String path = "/projects/" + enrolled.slug() + "/events?task_id=vector-" + i;
            JsonNode page = mapper.readTree(
                    brain.rest().call("GET", "/api/v1" + path, null).text());
            JsonNode sent = mapper.readTree(vectors.get(i).get("input").textValue());
            assertThat(page.at("/items/0/data/value"))
                    .as(vectors.get(i).get("name").textValue())
                    .isEqualTo(sent);
        }
    }

    /** Returns the payload of a batch, in the canonical order of its members. */
    private static String events(List<JsonNode> vectors, String form) {
        return IntStream.range(0, vectors.size())
                .mapToObj(i -> event(i, vectors.get(i).get(form).textValue()))
                .collect(joining(",", "{\"events\":[", "]}"));
    }

    private static String event(int number, String value) {
        String id = "00000000-0000-4000-8000-%012d".formatted(number);
        return ("{\"data\":{\"value\":%s},\"engine\":\"celery\",\"id\":\"%s\",\"kind\":\"task.started\","
                        + "\"occurred_at\":\"2026-01-01T10:00:00Z\",\"task_id\":\"vector-%d\"}")
                .formatted(value, id, number);
    }

    @Test
    void acceptsThePayloadOfEverySigningVector() {
        List<JsonNode> vectors = Vectors.read("signing.json").toList();
        try (WireAgent agent = enrolled.connect()) {
            for (JsonNode vector : vectors) {
                String canonical = vector.get("canonical").textValue();
                agent.sendSignedOver(
                        between(canonical, "\"payload\":", ",\"project_id\":"),
                        vector.get("name").textValue().split("-", 2)[1],
                        between(vector.get("wire").textValue(), "\"payload\":", "}"));
            }
            String last = agent.send("event_batch", WireFrames.batch(WireFrames.event()));

            assertThat(ackOf(agent, last).accepted()).isEqualTo(1);
        }
    }

    private static String between(String text, String start, String end) {
        return text.substring(text.indexOf(start) + start.length(), text.lastIndexOf(end));
    }

    /** Receives frames until the ack of a batch. */
    private static EventBatchAck ackOf(WireAgent agent, String batch) {
        while (true) {
            if (agent.receive() instanceof EventBatchAck ack && ack.ackedId().equals(batch)) {
                return ack;
            }
        }
    }
}
