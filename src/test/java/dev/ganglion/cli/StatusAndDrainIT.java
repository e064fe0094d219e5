package dev.ganglion.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.ClusterExtension;
import dev.ganglion.testing.log.QuietLog;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@code ganglion status} and {@code ganglion drain} against three nodes. */
class StatusAndDrainIT {
    @RegisterExtension
    static final ClusterExtension nodes = new ClusterExtension().with("cluster.hazelcast", "conf/hazelcast.yaml");

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path home;

    private int run(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--url", "http://127.0.0.1:" + nodes.port(0)));
        return runOn(nodes.port(1), all);
    }

    /** Runs a command with the environment of a node on this machine, so that the command needs no URL. */
    private int runOn(int port, List<String> all) {
        out.getBuffer().setLength(0);
        Map<String, String> environment = Map.of(
                "GANGLION_ADMIN_KEY",
                BrainExtension.ADMIN_KEY,
                "GANGLION_HOME",
                home.toString(),
                "GANGLION_HTTP_PORT",
                String.valueOf(port));
        return Main.commandLine(new Console(new PrintWriter(out, true), new PrintWriter(err, true), environment))
                .execute(all.toArray(new String[0]));
    }

    @Test
    void statusListsTheNodesAndDrainShutsOneDown() {
        assertThat(run("status")).isZero();
        assertThat(out.toString())
                .contains("3 nodes, 0 agents online, 0 connections")
                .contains(nodes.id(0), nodes.id(1), nodes.id(2))
                .containsOnlyOnce("serving, queried");

        assertThat(runOn(nodes.port(0), List.of("status"))).as(err.toString()).isZero();
        assertThat(out.toString()).containsPattern(nodes.id(0) + ".*serving, queried");

        assertThat(run("status", "--json")).isZero();
        assertThat(new JsonObject(out.toString()).getJsonArray("nodes")).hasSize(3);

        assertThat(run("drain", "nobody")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("no node nobody").contains("ganglion status");

        assertThat(run("drain", nodes.id(2), "--timeout", "60")).isZero();
        assertThat(out.toString()).contains("Node " + nodes.id(2)).contains("is shutting down");
        assertThat(run("status")).isZero();
        assertThat(out.toString()).contains("2 nodes").doesNotContain(nodes.id(2));
    }
}
