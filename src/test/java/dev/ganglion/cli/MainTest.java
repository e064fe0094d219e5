package dev.ganglion.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.config.listing.ConfigReference;
import dev.ganglion.dev.redis.RedisProcessException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class MainTest {
    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private CommandLine commandLine(Map<String, String> environment) {
        return Main.commandLine(new Console(new PrintWriter(out, true), new PrintWriter(err, true), environment));
    }

    private int run(String... args) {
        return commandLine(Map.of()).execute(args);
    }

    private String file(String text) throws IOException {
        return Files.writeString(directory.resolve("ganglion.yaml"), text).toString();
    }

    @Test
    void versionPrintsTheVersionOfTheBuild() {
        assertThat(run("version")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).matches("ganglion [0-9]+\\.[0-9]+\\.[0-9]+(-SNAPSHOT)?\\R");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "version --help", "config -h", "config check --help", "config show --help"})
    void helpListsTheExitCodes(String line) {
        assertThat(run(line.split(" ", -1))).isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .startsWith("Usage: ganglion")
                .contains("--help", "Exit codes:", "3", "the configuration is not valid");
        assertThat(err.toString()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "config",
                "no-such",
                "config check --no-such",
                "config show --format xml",
                "config check --set port",
                "dev --agents -1",
                "dev --agents 1001",
                "dev --nodes 0"
            })
    void printsUsageOnAWrongCommandLine(String line) {
        assertThat(run(line.isEmpty() ? new String[0] : line.split(" ", -1))).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(err.toString()).isNotBlank();
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void checkAcceptsTheReferenceFileAndNamesTheMissingMasterSecret() {
        assertThat(run("config", "check", "--config", "conf/ganglion.yaml")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("is valid", "master-secret is not set");

        out.getBuffer().setLength(0);
        Map<String, String> environment = Map.of("GANGLION_MASTER_SECRET", "m".repeat(32));
        assertThat(commandLine(environment).execute("config", "check", "--config", "conf/ganglion.yaml"))
                .isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("is valid").doesNotContain("master-secret");
    }

    @Test
    void checkNamesEveryFault() throws IOException {
        String file = file("http:\n  port: 70000\n");

        assertThat(run("config", "check", "--config", file, "--set", "redis.lanes=0"))
                .isEqualTo(3);

        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().lines())
                .containsExactly(
                        "The configuration is not valid:",
                        "  http.port: 70000 is out of range; allowed: 0..65535 (" + file + ":2)",
                        "  redis.lanes: 0 is out of range; allowed: 1..64 (command line redis.lanes)");
    }

    @Test
    void reportsAMissingFileAsAnInvalidConfiguration() {
        assertThat(run("config", "show", "--config", "/no/such/file")).isEqualTo(ExitCode.INVALID_CONFIGURATION);
        assertThat(err.toString()).contains("/no/such/file: cannot be read: the file does not exist");
    }

    @Test
    void showPrintsEffectiveValuesWithTheirOriginAndNoSecret() throws IOException {
        String file = file("admin-key: z4k_hunter2hunter2hunter2\nlog.level: warn\n");

        int code = commandLine(Map.of("GANGLION_HTTP_PORT", "1"))
                .execute("config", "show", "--config", file, "--set", "http.host=::1", "--set=store.pause-limit=5s");

        assertThat(code).isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .doesNotContain("hunter2")
                .containsPattern("(?m)^admin-key +\\[REDACTED] +" + file + ":1$")
                .containsPattern("(?m)^log.level +warn +" + file + ":2$")
                .containsPattern("(?m)^http.port +1 +environment GANGLION_HTTP_PORT$")
                .containsPattern("(?m)^http.host +::1 +command line http.host$")
                .containsPattern("(?m)^store.pause-limit +5s +command line store.pause-limit$")
                .containsPattern("(?m)^redis.lanes +4 +default$");
    }

    @Test
    void showPrintsYamlOnRequest() {
        assertThat(run("config", "show", "--format", "yaml", "--set", "http.port=0"))
                .isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("http:\n  host: 127.0.0.1 # default\n  port: 0 # command line http.port\n");
    }

    @Test
    void referencePrintsTheTableOfKeys() {
        assertThat(run("config", "reference")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).isEqualTo(ConfigReference.yaml());

        out.getBuffer().setLength(0);
        assertThat(run("config", "reference", "--format", "markdown")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).isEqualTo(ConfigReference.markdown());
    }

    @Test
    void printsOneLineForFailuresThatTheUserCanFixAndATraceForOthers() {
        assertThat(failing(new RedisProcessException("Redis is gone"))).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).isEqualTo("ganglion: Redis is gone" + System.lineSeparator());

        assertThat(failing(new IllegalStateException("a bug"))).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("IllegalStateException: a bug", "at dev.ganglion.");
    }

    private int failing(RuntimeException failure) {
        @Command(name = "fail")
        record Fail(RuntimeException failure) implements Callable<Integer> {
            @Override
            public Integer call() {
                throw failure;
            }
        }
        return commandLine(Map.of()).addSubcommand(new Fail(failure)).execute("fail");
    }
}
