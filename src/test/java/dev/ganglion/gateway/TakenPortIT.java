package dev.ganglion.gateway;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.FurtherBrain;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Checks that a second brain cannot start on the port of the first. */
class TakenPortIT {
    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    @Test
    void namesTheKeyOfAPortThatIsInUse() {
        String taken = String.valueOf(brain.port());

        assertThatThrownBy(() -> FurtherBrain.start(
                        brain.redis().uri().connectionString().value(), "http.port", taken))
                .hasStackTraceContaining("http.port " + taken)
                .hasRootCauseInstanceOf(IOException.class);
    }
}
