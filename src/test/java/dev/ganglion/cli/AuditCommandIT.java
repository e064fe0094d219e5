package dev.ganglion.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.network.Ports;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AuditCommandIT {
    private static final String STREAM = "{ganglion}:audit";
    private static final String ENDS = "{ganglion}:audit:ends";

    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void givenAnEmptyAudit() {
        brain.redis().call("DEL", STREAM, ENDS);
    }

    private int verifyOf(String uri, String secret, String... more) {
        return run("verify", uri, secret, more);
    }

    private int run(String command, String uri, String secret, String... more) {
        Console console = new Console(
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                Map.of("GANGLION_REDIS_URI", uri, "GANGLION_MASTER_SECRET", secret));
        List<String> line = new ArrayList<>(List.of("audit", command));
        line.addAll(List.of(more));
        return Main.commandLine(console).execute(line.toArray(String[]::new));
    }

    private int verify(String... more) {
        out.getBuffer().setLength(0);
        return verifyOf(brain.redis().connectionString().value(), BrainExtension.MASTER_SECRET, more);
    }

    @Test
    void verifyNamesTheMissingRecord() {
        for (int i = 0; i < 3; i++) {
            String unused = brain.project();
        }
        assertThat(verify()).as(out + " " + err).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("3 records, from 1 to 3", "The chain is intact.", "head: 3:");
        String head = out.toString().replaceAll("(?s).*head: (\\S+).*", "$1");
        String unused = brain.project();
        assertThat(verify("--head", head)).as(out.toString()).isEqualTo(ExitCode.OK);

        brain.redis().call("XDEL", STREAM, "2-0");
        assertThat(verify()).isEqualTo(ExitCode.BROKEN_CHAIN);
        assertThat(out.toString()).contains("record 2 is missing", "The chain is broken.");
        assertThat(out.toString()).doesNotContain("head:");
    }

    @Test
    void repairRestoresLostMarksSoThatChangesAreAcceptedAgain() {
        String unused = brain.project();
        assertThat(repair()).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("nothing to repair");
        assertThat(verify()).isEqualTo(ExitCode.OK);
        String head = out.toString().replaceAll("(?s).*head: (\\S+).*", "$1");

        brain.redis().call("DEL", ENDS);
        JsonObject project = new JsonObject().put("slug", brain.uniqueName("p")).put("name", "n");
        assertThat(brain.rest().post("/projects", project).status()).isEqualTo(503);
        assertThat(brain.metric("ganglion_audit_failures_total", "step", "record"))
                .isPositive();
        assertThat(verify()).isEqualTo(ExitCode.BROKEN_CHAIN);
        assertThat(out.toString()).contains("ganglion audit repair");

        assertThat(repair("--head", head)).as(out + " " + err).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("Both ends are marked again");
        double recorded = brain.metric("ganglion_audit_records_total");
        String again = brain.project();
        assertThat(brain.metric("ganglion_audit_records_total") - recorded).isEqualTo(1);
        assertThat(verify("--head", head)).as(out.toString()).isEqualTo(ExitCode.OK);
        assertThat(brain.rest().get("/audit").expect(200).encode()).contains("repairAudit", "command_line", again);
    }

    private int repair(String... more) {
        out.getBuffer().setLength(0);
        return run("repair", brain.redis().connectionString().value(), BrainExtension.MASTER_SECRET, more);
    }

    @Test
    void reportsAWrongHeadAnUnreachableRedisAndAMissingSecret() {
        assertThat(verify("--head", "3")).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(err.toString()).contains("--head");
        String unreachable = "redis://127.0.0.1:" + Ports.free();
        assertThat(verifyOf(unreachable, BrainExtension.MASTER_SECRET)).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("check that Redis is running");
        assertThat(verifyOf(brain.redis().connectionString().value(), "")).isEqualTo(ExitCode.INVALID_CONFIGURATION);
        assertThat(err.toString()).contains("master-secret");
    }
}
