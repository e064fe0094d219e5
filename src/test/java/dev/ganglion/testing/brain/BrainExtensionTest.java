package dev.ganglion.testing.brain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.wire.WireAgent;
import dev.ganglion.testing.wire.WireFrames;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class BrainExtensionTest {
    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    @RegisterExtension
    final QuietLog log = new QuietLog();

    @Test
    void storesTheEventsOfAConnectedAgent() {
        EnrolledAgent enrolled = brain.agent();
        JsonObject event = WireFrames.event();
        try (WireAgent agent = enrolled.connect()) {
            assertThat(agent.ingest(event).accepted()).isEqualTo(1);
            assertThat(enrolled.view().getString("state")).isEqualTo("online");
            agent.closeInOrder();
        }
        brain.awaitNoConnections();
        assertThat(enrolled.events()).extracting(e -> e.getString("id")).containsExactly(event.getString("id"));
    }

    @Test
    void keepsAgentsAndAcksAcrossARestart() {
        EnrolledAgent enrolled = brain.agent();
        JsonObject batch;
        try (WireAgent agent = enrolled.connectAsLibrary()) {
            batch = agent.envelope("event_batch", WireFrames.batchOf(3));
            agent.ingestFrame(batch);
        }
        brain.stop();
        brain.start();
        try (WireAgent agent = enrolled.connect()) {
            assertThat(agent.ingestFrame(agent.envelope("event_batch", batch.getJsonObject("payload"))
                                    .put("id", batch.getString("id")))
                            .accepted())
                    .isEqualTo(3);
        }
        assertThat(enrolled.events()).hasSize(3);
    }
}
