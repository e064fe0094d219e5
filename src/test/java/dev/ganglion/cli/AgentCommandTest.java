package dev.ganglion.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.agent.ScriptedBrain;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Timeout(60)
class AgentCommandTest {
    private final Map<String, String> environment = new HashMap<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory;

    private Vertx vertx;
    private ScriptedBrain brain;

    @BeforeEach
    void startBrain() {
        vertx = Vertx.vertx();
        brain = new ScriptedBrain(vertx);
        environment.put("Z4J_BRAIN_URL", "http://127.0.0.1:" + brain.port());
        environment.put("Z4J_TOKEN", ScriptedBrain.TOKEN);
        environment.put("Z4J_HMAC_SECRET", ScriptedBrain.SECRET);
    }

    @AfterEach
    void stopBrain() {
        brain.close();
        vertx.close().await();
    }

    @Test
    void streamsTheRequestedNumberOfEventsAndPrintsTheTotals() {
        int code = run("--rate", "5000", "--count", "250", "--quiet", "--seed", "1");

        assertThat(err.toString()).isEmpty();
        assertThat(code).isZero();
        assertThat(out).hasToString("sent 250 acked 250 rejected 0 dropped 0 held 0" + System.lineSeparator());
    }

    @Test
    void readsSecretsFromFilesAndUsesTheLibraryDialect() throws Exception {
        environment.clear();
        Files.writeString(directory.resolve("token"), ScriptedBrain.TOKEN + "\n");
        Files.writeString(directory.resolve("secret"), ScriptedBrain.SECRET + "\n");

        int code = run(
                "--url",
                "ws://127.0.0.1:" + brain.port(),
                "--token-file",
                directory.resolve("token").toString(),
                "--secret-file",
                directory.resolve("secret").toString(),
                "--library",
                "--worker-id",
                "w-1",
                "--batch-size",
                "10",
                "--rate",
                "1000",
                "--count",
                "20");

        assertThat(code).isZero();
        assertThat(out.toString()).contains("online as agent").contains("acked 20");
    }

    @Test
    void printsTheReasonAndTheRemedyWhenTheBrainRejectsTheAgent() {
        brain.closeNext(4429);

        assertThat(run("--rate", "10")).isEqualTo(1);
        assertThat(err.toString()).contains("4429").contains("connection_cap");
    }

    @Test
    void exitsWith2OnWrongUsageAndNamesTheFix() {
        assertThat(run("--rate", "0")).isEqualTo(2);
        assertThat(run("--batch-size", "501")).isEqualTo(2);
        assertThat(run("--url", "ws://brain.example")).isEqualTo(2);
        assertThat(run("--token", "a", "--token-file", "b")).isEqualTo(2);
        assertThat(run("--secret-file", "/no/such/file")).isEqualTo(2);
        assertThat(run("--no-such-option")).isEqualTo(2);
        environment.remove("Z4J_TOKEN");
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString())
                .contains("--rate")
                .contains("500")
                .contains("wss://")
                .contains("exclude each other")
                .contains("/no/such/file")
                .contains("Z4J_TOKEN");
    }

    @Test
    void neverPrintsASecret() {
        environment.put("Z4J_HMAC_SECRET", "not-the-right-length");

        assertThat(run()).isEqualTo(2);
        assertThat(run("--help")).isZero();
        assertThat(out.toString() + err).doesNotContain("not-the-right-length").doesNotContain(ScriptedBrain.TOKEN);
    }

    @Test
    void flushesAndExitsWith0OnSigterm() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                AgentCommandMain.class.getName(),
                "--rate",
                "200");
        builder.environment().putAll(environment);
        Process process = builder.redirectErrorStream(true).start();

        List<String> lines;
        try (BufferedReader reader = process.inputReader()) {
            awaitLine(reader, "acked");
            // ProcessHandle.destroy, unlike Process.destroy, leaves the output readable.
            assertThat(process.toHandle().destroy()).isTrue();
            lines = reader.lines().toList();
        }

        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(lines).last().asString().startsWith("sent ").endsWith("held 0");
    }

    private static void awaitLine(BufferedReader reader, String part) {
        Stream<String> lines = reader.lines();
        assertThat(lines.anyMatch(line -> line.contains(part))).as(part).isTrue();
    }

    private int run(String... arguments) {
        return new CommandLine(new AgentCommand(environment))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
