package dev.ganglion.sbom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The list of known vulnerabilities that the repository keeps, and what it says of a bill of materials. */
final class KnownVulnerabilities {
    /** The list of this repository. */
    static final Path LIST = Path.of(".ci/vulnerabilities.yaml");

    private static final Set<String> FIELDS = Set.of("ids", "library", "affected", "what", "reachable", "why");
    private static final Set<String> BOUNDS = Set.of("from", "before");

    /** A vulnerability, as the list describes it. */
    private record Vulnerability(
            String ids, String library, List<Bounds> affected, String what, boolean reachable, String why) {
        private boolean concerns(Component component) {
            boolean same = library.endsWith("*")
                    ? component.library().startsWith(library.substring(0, library.length() - 1))
                    : component.library().equals(library);
            return same && affected.stream().anyMatch(bounds -> bounds.contain(component));
        }
    }

    /** A range of versions, without its end. */
    private record Bounds(String from, String before) {
        private boolean contain(Component component) {
            return (from.isEmpty() || component.compareVersion(from) >= 0) && component.compareVersion(before) < 0;
        }
    }

    /**
     * A library inside another one.
     *
     * @param in the other library, or {@code page}
     * @param of version of the other library; empty for the page
     */
    record Inside(Component component, String in, String of) {}

    private final List<Vulnerability> vulnerabilities = new ArrayList<>();
    private final List<Inside> inside = new ArrayList<>();

    private KnownVulnerabilities() {}

    static KnownVulnerabilities read(Path file) throws IOException {
        return parse(Files.readString(file));
    }

    /** Reads a list. Throws {@link IllegalArgumentException} for an entry that lacks something or has too much. */
    static KnownVulnerabilities parse(String yaml) throws IOException {
        JsonNode root = new YAMLMapper().readTree(yaml);
        KnownVulnerabilities known = new KnownVulnerabilities();
        elements(root.path("inside"))
                .forEach(each -> known.inside.add(new Inside(
                        new Component(text(each, "library"), text(each, "version")),
                        text(each, "in"),
                        each.path("of").asText(""))));
        elements(root.path("vulnerabilities")).forEach(each -> known.vulnerabilities.add(vulnerability(each)));
        return known;
    }

    private static Vulnerability vulnerability(JsonNode entry) {
        onlyFields(entry, FIELDS);
        List<Bounds> affected = new ArrayList<>();
        elements(entry.path("affected")).forEach(bounds -> {
            onlyFields(bounds, BOUNDS);
            affected.add(new Bounds(bounds.path("from").asText(""), text(bounds, "before")));
        });
        List<String> ids = elements(entry.path("ids")).map(id -> id.asText()).toList();
        if (ids.isEmpty() || affected.isEmpty() || !entry.path("reachable").isBoolean()) {
            throw new IllegalArgumentException("ids, affected and reachable (true or false) are required: " + entry);
        }
        return new Vulnerability(
                String.join(", ", ids),
                text(entry, "library"),
                affected,
                text(entry, "what"),
                entry.path("reachable").asBoolean(),
                text(entry, "why"));
    }

    private static void onlyFields(JsonNode entry, Set<String> allowed) {
        entry.fieldNames().forEachRemaining(name -> {
            if (!allowed.contains(name)) {
                throw new IllegalArgumentException("unknown field " + name + " in " + entry);
            }
        });
    }

    private static String text(JsonNode entry, String field) {
        String text = entry.path(field).asText("");
        if (text.isBlank()) {
            throw new IllegalArgumentException(field + " is missing in " + entry);
        }
        return text;
    }

    private static Stream<JsonNode> elements(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    /** The libraries that are inside others. */
    List<Inside> inside() {
        return inside;
    }

    /** Returns a line for each vulnerability that an attacker could reach with these components. */
    List<String> reachableIn(List<Component> components) {
        List<Component> all = new ArrayList<>(components);
        inside.forEach(each -> all.add(each.component()));
        Set<String> lines = new TreeSet<>();
        for (Component component : all) {
            vulnerabilities.stream()
                    .filter(each -> each.reachable() && each.concerns(component))
                    .forEach(each -> lines.add(
                            component + ": " + each.ids() + ": " + each.what() + " Reachable: " + each.why()));
        }
        return List.copyOf(lines);
    }

    /** Returns a line for each entry of {@code inside} whose outer library is absent or of another version. */
    List<String> outdatedIn(List<Component> components) {
        return inside.stream()
                .filter(each -> !each.of().isEmpty() && !components.contains(new Component(each.in(), each.of())))
                .map(each -> each.component() + " inside " + each.in() + " " + each.of()
                        + ": the bill of materials has another version; look what it contains")
                .toList();
    }
}
