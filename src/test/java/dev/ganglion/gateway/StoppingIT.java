package dev.ganglion.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.wire.Ending;
import dev.ganglion.testing.wire.WireAgent;
import dev.ganglion.testing.wire.WireFrames;
import dev.ganglion.testing.wire.WireSocket;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class StoppingIT {
    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    @RegisterExtension
    final QuietLog log = new QuietLog();

    @Test
    void closesAgentsWith1001AndReleasesTheirSlotsOnStop() {
        EnrolledAgent enrolled = brain.agent();
        WireAgent agent = enrolled.connect();
        WireSocket greeting = enrolled.openSocket();
        String batch = agent.send("event_batch", WireFrames.batchOf(100));
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(brain::stop);

        Ending ending = agent.ending();
        Ending early = WireAgent.endingOf(greeting);
        stopped.join();

        assertThat(ending).hasToString("1001 ");
        assertThat(early).hasToString("1001 ");
        brain.start();
        assertThat(enrolled.view().getString("state")).isEqualTo("offline");
        assertThat(enrolled.view().getInteger("connections")).isZero();
        try (WireAgent again = enrolled.connect()) {
            assertThat(again.ingestFrame(again.envelope("event_batch", WireFrames.batchOf(100))
                                    .put("id", batch))
                            .accepted())
                    .isEqualTo(100);
        }
        assertThat(enrolled.events()).hasSize(100);
    }
}
