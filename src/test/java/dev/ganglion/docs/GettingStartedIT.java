package dev.ganglion.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.ganglion.testing.http.Rest;
import dev.ganglion.testing.network.Ports;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the commands of the page "Getting started" as they stand, and compares the output with what the page shows.
 *
 * <p>Marks before a block say that it does not run here, or how it runs. The blocks about Celery run in {@code
 * src/test/interop/run}.
 */
@Timeout(400)
class GettingStartedIT {
    private static final Path PAGE = Path.of("src/docs/getting-started.md");
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Duration START = Duration.ofMinutes(2);
    private static final String READY = "Ctrl-C stops everything";
    private static final int NODES = 3;

    @TempDir
    Path clone;

    @TempDir
    Path scripts;

    private final Document page = Document.read(PAGE);
    private final List<Terminal> terminals = new ArrayList<>();
    private final int port = Ports.firstOf(NODES);
    private Path home;

    @BeforeEach
    void build() throws IOException {
        home = clone.resolve("home");
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.put(Attributes.Name.MAIN_CLASS, "dev.ganglion.cli.Main");
        main.put(
                Attributes.Name.CLASS_PATH,
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                        .map(entry -> Path.of(entry).toUri().toString())
                        .collect(Collectors.joining(" ")));
        Path jar = clone.resolve("target").resolve("ganglion.jar");
        Path unused = Files.createDirectories(jar.getParent());
        try (OutputStream file = Files.newOutputStream(jar)) {
            new JarOutputStream(file, manifest).close();
        }
    }

    @AfterEach
    void closeTerminals() {
        terminals.forEach(Terminal::close);
    }

    private Terminal terminal() {
        String path = Path.of(System.getProperty("java.home"), "bin") + File.pathSeparator + System.getenv("PATH");
        Terminal terminal = Terminal.open(
                clone,
                scripts,
                Map.of(
                        "PATH",
                        path,
                        "JDK_JAVA_OPTIONS",
                        "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx256m",
                        "GANGLION_HOME",
                        home.toString(),
                        "GANGLION_HTTP_PORT",
                        String.valueOf(port)));
        terminals.add(terminal);
        return terminal;
    }

    private static boolean installed(String program) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    @Test
    void commandsWorkAndShowWhatThePageShows() throws IOException {
        for (String program : List.of("bash", "curl", "mvn")) {
            assumeThat(installed(program)).as(program + " is installed").isTrue();
        }
        Terminal second = terminal();
        @Nullable Terminal first = null;
        for (CodeBlock block : page.blocks("sh")) {
            if (block.notRun().isPresent()) {
                System.out.println(block + " is not run: " + block.notRun().get());
            } else if (block.howToRun().filter("in the first terminal"::equals).isPresent()) {
                stop(first);
                first = terminal();
                first.start(block.toString(), block.text(), READY, START);
                awaitAgents();
            } else {
                if (block.howToRun()
                        .filter("after the brain has stopped"::equals)
                        .isPresent()) {
                    stop(first);
                    first = null;
                }
                second.run(block.toString(), block.text(), LIMIT);
            }
        }

        assertThat(second.stop()).isEmpty();
        assertThat(home).doesNotExist();
        String shown = terminals.stream().map(Terminal::output).collect(Collectors.joining("\n"));
        assertThat(shown).contains("3 agents online", "\"items\":[{\"id\":", "acked 200");
        assertThat(shown.lines())
                .as("messages below the level of dev")
                .noneMatch(line -> line.contains(" INFO  Brain "));
        for (CodeBlock block : page.blocks("text")) {
            assertThat(missing(block.text(), shown))
                    .as("lines of %s that no terminal shows", block)
                    .isEmpty();
        }
    }

    private static void stop(@Nullable Terminal terminal) {
        if (terminal != null) {
            assertThat(terminal.stop()).as("processes that remain").isEmpty();
        }
    }

    /** Waits until the simulated agents are connected, as they are when a person has read on. */
    private void awaitAgents() throws IOException {
        Rest rest = Rest.at(
                port, "Bearer " + Files.readString(home.resolve("admin-key")).strip());
        Awaitility.await("the simulated agents")
                .pollInterval(Duration.ofMillis(250))
                .atMost(LIMIT)
                .until(() -> rest.get("/cluster").expect(200).getInteger("agents_online") == 3);
    }

    /** Returns the expected lines that are not shown. Numbers and ids may differ; an ellipsis stands for any text. */
    private List<String> missing(String expected, String shown) {
        List<String> lines = shown.lines().map(GettingStartedIT::plain).toList();
        return expected.lines()
                .filter(line -> !line.isBlank())
                .filter(line -> {
                    String wanted = plain(line.replace("/home/you/.ganglion", home.toString()));
                    Pattern pattern = Pattern.compile(Arrays.stream(wanted.split("…", -1))
                            .map(Pattern::quote)
                            .collect(Collectors.joining(".*")));
                    return lines.stream()
                            .noneMatch(each -> pattern.matcher(each).matches());
                })
                .toList();
    }

    private static String plain(String line) {
        return line.replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID")
                .replaceAll("[0-9]+", "0")
                .replace("-SNAPSHOT", "")
                .replaceAll(" +", " ")
                .strip();
    }
}
