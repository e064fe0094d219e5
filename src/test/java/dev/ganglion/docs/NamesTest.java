package dev.ganglion.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ganglion.cli.Main;
import dev.ganglion.config.key.KnownKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Checks that the commands, options, configuration keys, variables and metrics that documents name exist. */
class NamesTest {
    private static final Pattern VARIABLE = Pattern.compile("\\bGANGLION_[A-Z_]+[A-Z]\\b");
    private static final Set<String> OTHER_VARIABLES = Set.of("GANGLION_HOME");
    private static final Pattern KEY = Pattern.compile(
            "(?:http|redis|auth|audit|agent|events|store|cluster|drain|metrics|log)\\.[a-z][a-z.-]*[a-z]");
    /** Words of the form of a key that name a file, or an event of the page or of the bus. */
    private static final Pattern NO_KEY = Pattern.compile(".*\\.(json|env|conf|md|py|lua|changed|stored)");

    private static final Pattern METRIC = Pattern.compile("\\b(ganglion_[a-z_]+[a-z]|z4j_[a-z_]+[a-z])\\b");
    /** Names of the same form that are no metrics: a network, a cookie, and Python modules. */
    private static final Pattern NO_METRIC = Pattern.compile(
            "ganglion_(edge|session)|z4j_(agent|bare|celery|django|rq|fastapi|flask|dramatiq|lifespan|doctor).*");

    private static Stream<CodeBlock> blocks(String language) {
        return Document.all().stream().flatMap(document -> document.blocks(language).stream());
    }

    @Test
    void commandLinesParse() {
        List<String> faults = new ArrayList<>();
        List<List<String>> found = new ArrayList<>();
        blocks("sh")
                .forEach(block -> ShellText.commands(block.text()).forEach(words -> {
                    List<String> arguments = arguments(words);
                    if (arguments != null) {
                        found.add(arguments);
                        commandFault(arguments).ifPresent(fault -> faults.add(block + ": " + fault));
                    }
                }));

        assertThat(found).hasSizeGreaterThan(20);
        assertThat(faults).isEmpty();
    }

    @Test
    void commandsInTextExist() {
        List<String> faults = new ArrayList<>();
        for (Document document : Document.all()) {
            for (Document.ProseLine code : document.inlineCode()) {
                List<String> arguments = arguments(List.of(code.text().split(" +", -1)));
                if (arguments != null
                        && !arguments.isEmpty()
                        && !arguments.get(0).matches("[-<].*|[A-Z]+")) {
                    CommandLine command = Main.commandLine(CommandLinePage.console())
                            .getSubcommands()
                            .get(arguments.get(0));
                    boolean known = command != null
                            && (command.getSubcommands().isEmpty()
                                    || arguments.size() == 1
                                    || arguments.get(1).matches("[-<].*")
                                    || command.getSubcommands().containsKey(arguments.get(1)));
                    if (!known) {
                        faults.add(document + ":" + code.number() + ": no command " + code.text());
                    }
                }
            }
        }

        assertThat(faults).isEmpty();
    }

    @Test
    void configurationKeysExist() throws IOException {
        List<String> faults = new ArrayList<>();
        for (CodeBlock block : blocks("yaml").toList()) {
            for (JsonNode document : CodeBlocksTest.yaml(block)) {
                List<String> keys = keys("", document);
                boolean configuration = keys.stream().anyMatch(NamesTest::known);
                keys.stream()
                        .filter(key -> configuration && !known(key))
                        .forEach(key -> faults.add(block + ": no key " + key));
            }
        }
        for (Document document : Document.all()) {
            for (Document.ProseLine code : document.inlineCode()) {
                String key = code.text();
                if (KEY.matcher(key).matches() && !NO_KEY.matcher(key).matches() && !known(key) && !isPackage(key)) {
                    faults.add(document + ":" + code.number() + ": no key " + key);
                }
            }
        }

        assertThat(faults).isEmpty();
    }

    @Test
    void variablesExist() throws IOException {
        List<String> faults = new ArrayList<>();
        for (Document document : Document.all()) {
            Matcher variable = VARIABLE.matcher(Files.readString(document.path()));
            while (variable.find()) {
                if (KnownKeys.byVariable(variable.group()).isEmpty() && !OTHER_VARIABLES.contains(variable.group())) {
                    faults.add(document + ": no variable " + variable.group());
                }
            }
        }

        assertThat(faults).isEmpty();
    }

    @Test
    void metricsExist() throws IOException {
        Set<String> series = new HashSet<>();
        AllMetrics.families().values().forEach(family -> {
            series.add(family.name());
            series.addAll(family.series());
        });
        List<Path> files =
                new ArrayList<>(Document.all().stream().map(Document::path).toList());
        files.add(AlertRules.FILE);
        files.add(Path.of("docker/watching/rules-test.yaml"));
        files.add(Path.of("docker/watching/ganglion.json"));
        Set<String> faults = new TreeSet<>();
        for (Path file : files) {
            Matcher metric = METRIC.matcher(Files.readString(file));
            while (metric.find()) {
                if (!series.contains(metric.group())
                        && !NO_METRIC.matcher(metric.group()).matches()) {
                    faults.add(file + ": no metric " + metric.group());
                }
            }
        }

        assertThat(faults).isEmpty();
    }

    @Test
    void findsUnknownNames() {
        String script = """
                VARIABLE=1 java -jar target/ganglion.jar status --no-such "a b" > file # ganglion in a comment
                ganglion drain node \\
                  --timeout 5 | cat; ganglion nothing
                cat > x <<'END'
                ganglion in a document
                END
                """;

        assertThat(ShellText.commands(script).stream().map(NamesTest::arguments))
                .filteredOn(arguments -> arguments != null)
                .containsExactly(
                        List.of("status", "--no-such", "a b"),
                        List.of("drain", "node", "--timeout", "5"),
                        List.of("nothing"));
        assertThat(commandFault(List.of("status", "--no-such")))
                .hasValueSatisfying(fault -> assertThat(fault).contains("--no-such"));
        assertThat(commandFault(List.of("nothing"))).isPresent();
        assertThat(commandFault(List.of("drain", "node", "--timeout", "5"))).isEmpty();
        assertThat(known("agent.idle-timeout") && known("master-secret-file") && known("cluster.*"))
                .isTrue();
        assertThat(known("agent.idle-time") || known("http.port-file")).isFalse();
    }

    /** Returns the arguments of the program if these words call it, or null. */
    private static @Nullable List<String> arguments(List<String> words) {
        int first = 0;
        while (first < words.size() && words.get(first).matches("[A-Z0-9_]+=.*")) {
            first++;
        }
        List<String> command = words.subList(first, words.size());
        if (command.size() > 2
                && command.get(0).equals("java")
                && command.get(1).equals("-jar")
                && command.get(2).endsWith("ganglion.jar")) {
            return command.subList(3, command.size());
        }
        return !command.isEmpty() && command.get(0).equals("ganglion") ? command.subList(1, command.size()) : null;
    }

    private static Optional<String> commandFault(List<String> arguments) {
        if (arguments.equals(List.of("$@"))) {
            return Optional.empty();
        }
        try {
            CommandLine.ParseResult unused =
                    Main.commandLine(CommandLinePage.console()).parseArgs(arguments.toArray(String[]::new));
            return Optional.empty();
        } catch (ParameterException e) {
            return Optional.of(String.join(" ", arguments) + ": " + e.getMessage());
        }
    }

    private static boolean known(String key) {
        return key.endsWith(".*")
                ? KnownKeys.isSection(key.substring(0, key.length() - 2))
                : KnownKeys.byName(key).isPresent();
    }

    private static boolean isPackage(String name) {
        return Files.isDirectory(Path.of("src/main/java/dev/ganglion", name.split("\\.", -1)));
    }

    private static List<String> keys(String prefix, JsonNode node) {
        List<String> keys = new ArrayList<>();
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            String name = prefix + member.getKey();
            if (member.getValue().isObject()) {
                keys.addAll(keys(name + ".", member.getValue()));
            } else {
                keys.add(name);
            }
        }
        return keys;
    }
}
