package dev.ganglion.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.wire.WireAgent;
import dev.ganglion.testing.wire.WireFrames;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CapIT {
    private static final String OLD_MASTER = "an older master secret of the tests - long enough";

    @RegisterExtension
    static final BrainExtension brain =
            new BrainExtension().with("agent.connection-cap", "2").with("agent.handshake-rate", "0");

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private final List<WireAgent> open = new ArrayList<>();

    @AfterEach
    void awaitNoOpenConnections() {
        open.forEach(WireAgent::close);
        brain.awaitNoConnections();
    }

    /**
     * Connects workers until the brain rejects one, at most three more than {@code most}, and returns the number of
     * slots.
     */
    private int slots(EnrolledAgent enrolled, int most) {
        for (int i = 0; i < most + 3; i++) {
            String worker = brain.uniqueName("w");
            if (open.size() == most && most > 0) {
                assertThat(enrolled.endingAfter(WireFrames.helloOf(worker))).hasToString("4429 ");
                return most;
            }
            open.add(enrolled.connect(worker));
        }
        return open.size();
    }

    private static JsonObject cap(int cap) {
        return new JsonObject().put("connection_cap", cap);
    }

    @Test
    void appliesTheCapOfTheBrainByDefault() {
        assertThat(slots(brain.agent(), 2)).isEqualTo(2);
    }

    @Test
    void prefersTheCapOfTheProjectToThatOfTheBrain() {
        assertThat(slots(brain.agent(brain.project(cap(3)), new JsonObject()), 3))
                .isEqualTo(3);
    }

    @Test
    void prefersTheCapOfTheAgentToThatOfTheProject() {
        assertThat(slots(brain.agent(brain.project(cap(3)), cap(1)), 1)).isEqualTo(1);
    }

    @Test
    void treatsZeroAsUnlimited() {
        assertThat(slots(brain.agent(brain.project(cap(0)), new JsonObject()), 0))
                .isEqualTo(3);
    }

    @Test
    void appliesAPatchedCapToNewConnectionsOnly() {
        EnrolledAgent enrolled = brain.agent(brain.project(cap(1)), cap(0));
        assertThat(slots(enrolled, 0)).isEqualTo(3);

        patch(enrolled, cap(1));
        assertThat(enrolled.endingAfter(WireFrames.helloOf("x"))).hasToString("4429 ");
        for (WireAgent each : open) {
            assertThat(each.ingest(WireFrames.event()).accepted()).isEqualTo(1);
        }
        patch(enrolled, cap(4));
        open.add(enrolled.connect("y"));
        JsonObject inherits = patch(enrolled, new JsonObject().putNull("connection_cap"));
        assertThat(inherits.containsKey("connection_cap")).isTrue();
        assertThat(inherits.getValue("connection_cap")).isNull();
        assertThat(enrolled.endingAfter(WireFrames.helloOf("z"))).hasToString("4429 ");
        assertThat(patch(enrolled, new JsonObject().put("name", "renamed")).getString("name"))
                .isEqualTo("renamed");
    }

    @CanIgnoreReturnValue
    private static JsonObject patch(EnrolledAgent enrolled, JsonObject body) {
        return brain.rest().patch(enrolled.path(), body).expect(200);
    }

    @Test
    void acceptsAnAgentOfAPreviousMasterSecret() {
        brain.stop();
        brain.with("master-secret", OLD_MASTER).start();
        EnrolledAgent old = brain.agent();
        brain.stop();
        brain.with("master-secret", BrainExtension.MASTER_SECRET)
                .with("previous-secrets", OLD_MASTER)
                .start();

        try (WireAgent agent = old.connect();
                WireAgent young = brain.agent(old.slug(), new JsonObject()).connectAsLibrary()) {
            assertThat(agent.ingest(WireFrames.event()).accepted()).isEqualTo(1);
            assertThat(young.ingest(WireFrames.event()).accepted()).isEqualTo(1);
            assertThat(agent.ingest(WireFrames.event()).accepted()).isEqualTo(1);
        }
        assertThat(old.events()).hasSize(3);
    }
}
