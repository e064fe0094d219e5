package dev.ganglion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.BrainExtension;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AuditCommandIT {
    private static final String STREAM = "{ganglion}:audit";

    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int verifyOf(String uri, String secret, String... more) {
        Console console = new Console(
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                Map.of("GANGLION_REDIS_URI", uri, "GANGLION_MASTER_SECRET", secret));
        List<String> line = new ArrayList<>(List.of("audit", "verify"));
        line.addAll(List.of(more));
        return Main.commandLine(console).execute(line.toArray(String[]::new));
    }

    private int verify(String... more) {
        out.getBuffer().setLength(0);
        return verifyOf(brain.redis().connectionString().value(), BrainExtension.MASTER_SECRET, more);
    }

    @Test
    void itTellsWhetherTheChainHoldsAndWhereItDoesNot() {
        for (int i = 0; i < 3; i++) {
            String unused = brain.project();
        }
        assertThat(verify()).as(out + " " + err).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("3 records, from 1 to 3", "The chain holds.", "head: 3:");
        String head = out.toString().replaceAll("(?s).*head: (\\S+).*", "$1");
        String unused = brain.project();
        assertThat(verify("--head", head)).as(out.toString()).isEqualTo(ExitCode.OK);

        brain.redis().call("XDEL", STREAM, "2-0");
        assertThat(verify()).isEqualTo(ExitCode.BROKEN_CHAIN);
        assertThat(out.toString()).contains("record 2 is missing", "The chain does not hold.");
        assertThat(out.toString()).doesNotContain("head:");
    }

    @Test
    void whatStandsInTheWayIsSaid() {
        assertThat(verify("--head", "3")).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(err.toString()).contains("--head");
        String nobody = "redis://127.0.0.1:" + dev.ganglion.testing.FaultProcess.freePort();
        assertThat(verifyOf(nobody, BrainExtension.MASTER_SECRET)).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("is Redis there?");
        assertThat(verifyOf(brain.redis().connectionString().value(), "")).isEqualTo(ExitCode.INVALID_CONFIGURATION);
        assertThat(err.toString()).contains("master-secret");
    }
}
