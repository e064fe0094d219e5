package dev.ganglion.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Checks the REST routes that documents name against the OpenAPI document. */
class RoutesTest {
    private static final Pattern ADDRESS = Pattern.compile("(?:\\$\\{?\\w+}?|https?://[^/]+)(/[^?]*)(?:\\?.*)?");
    private static final Pattern ROW = Pattern.compile("\\| `([A-Z]+) (/\\S+)` \\| ([a-z-]+).*");
    private static final Set<String> OUTSIDE =
            Set.of("/readyz", "/healthz", "/metrics", "/ws", "/ws/agent", "/api/v1/openapi.json", "/");

    /** The roles by method and path, such as {@code GET /projects}. */
    private static Map<String, String> operations() throws IOException {
        Map<String, String> operations = new TreeMap<>();
        JsonNode document = new YAMLMapper().readTree(Files.readString(Path.of("src/main/resources/openapi.yaml")));
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    if (operation.getValue().has("x-ganglion-role")) {
                        operations.put(
                                operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(),
                                operation.getValue().get("x-ganglion-role").asText());
                    }
                }));
        return operations;
    }

    @Test
    void callsNameRoutesThatExist() throws IOException {
        Set<String> operations = operations().keySet();
        List<String> checked = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        for (Document document : Document.all()) {
            for (CodeBlock block : document.blocks("sh")) {
                for (List<String> words : ShellText.commands(block.text())) {
                    if (words.get(0).equals("curl")) {
                        checked.add(words.toString());
                        calls(words).stream()
                                .filter(call -> operations.stream().noneMatch(operation -> fits(call, operation)))
                                .forEach(call -> faults.add(block + ": no route " + call));
                    }
                }
            }
        }

        assertThat(checked).hasSizeGreaterThan(30);
        assertThat(faults).isEmpty();
    }

    @Test
    void restGuideListsEveryRouteWithItsRole() throws IOException {
        Map<String, String> expected = operations();
        Map<String, String> listed = new TreeMap<>();
        for (Document.ProseLine line :
                Document.read(Path.of("src/docs/rest-guide.md")).prose()) {
            Matcher row = ROW.matcher(line.text());
            if (row.matches() && row.group(2).endsWith("<verb>")) {
                String prefix = row.group(1) + " " + row.group(2).replace("<verb>", "");
                expected.keySet().stream()
                        .filter(operation -> operation.startsWith(prefix))
                        .forEach(operation ->
                                listed.put(operation, operation.endsWith("purge-queue") ? "admin" : row.group(3)));
            } else if (row.matches()) {
                listed.put(row.group(1) + " " + row.group(2), row.group(3));
            }
        }

        assertThat(listed).isEqualTo(expected);
    }

    @Test
    void findsUnknownRoutes() throws IOException {
        Set<String> operations = operations().keySet();
        List<String> call = calls(List.of("curl", "-d", "{}", "$BRAIN/api/v1/projects/demo/agents/$ID/tokens?x=1"));

        assertThat(call).containsExactly("POST /projects/demo/agents/$ID/tokens");
        assertThat(operations).noneMatch(operation -> fits(call.get(0), operation));
        assertThat(operations).anyMatch(operation -> fits("POST /projects/demo/agents/$ID/token", operation));
        assertThat(operations).noneMatch(operation -> fits("GET /projects/demo/agents/$ID/token", operation));
    }

    /** Returns method and path of a call of {@code curl}, if the path belongs to the REST interface. */
    private static List<String> calls(List<String> words) {
        String method = words.contains("-d") ? "POST" : "GET";
        List<String> calls = new ArrayList<>();
        for (int i = 1; i < words.size(); i++) {
            Matcher address = ADDRESS.matcher(words.get(i));
            if (words.get(i).equals("-X")) {
                method = words.get(i + 1);
            } else if (address.matches()
                    && address.group(1).startsWith("/api/v1/")
                    && !OUTSIDE.contains(address.group(1))) {
                calls.add(method + " " + address.group(1).substring("/api/v1".length()));
            } else if (address.matches()
                    && !OUTSIDE.contains(address.group(1))
                    && words.get(i).matches("(\\$\\{?(BRAIN|Z4J_BRAIN_URL)|https?://10\\.).*")) {
                calls.add(method + " " + address.group(1));
            }
        }
        return calls;
    }

    private static boolean fits(String call, String operation) {
        String[] called = call.split("[ /]", -1);
        String[] known = operation.split("[ /]", -1);
        boolean fits = called.length == known.length;
        for (int i = 0; fits && i < known.length; i++) {

            fits = known[i].equals(called[i]) || known[i].startsWith("{");
        }
        return fits;
    }
}
