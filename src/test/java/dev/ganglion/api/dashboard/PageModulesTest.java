package dev.ganglion.api.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Checks the imports of the page's modules: no cycles, no missing files, and the table of screens only in the app. */
class PageModulesTest {
    private static final Path WEB = Path.of("src/main/resources/web");
    // All forms: import … from "./a.js" and export … from "./a.js"; a bare import "./a.js"; a dynamic
    // import("./a.js").
    private static final Pattern IMPORT = Pattern.compile("\\b(?:from|import)\\s*\\(?\\s*[\"']([^\"']+)[\"']");

    private static Map<String, Set<String>> pageImports() throws IOException {
        try (Stream<Path> files = Files.walk(WEB)) {
            Map<String, String> sources = new TreeMap<>();
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".js")).toList()) {
                String name = WEB.relativize(file).toString();
                // Vendored modules are bundles without imports; a text in one could look like an import.
                sources.put(name, name.startsWith("vendor/") ? "" : Files.readString(file));
            }
            return imports(sources);
        }
    }

    /** Maps every module to the modules that it imports, all as paths below the directory of the page. */
    private static Map<String, Set<String>> imports(Map<String, String> sources) {
        Map<String, Set<String>> imports = new TreeMap<>();
        sources.forEach((name, source) -> {
            Set<String> targets = new TreeSet<>();
            Matcher found = IMPORT.matcher(source);
            while (found.find()) {
                String target =
                        Path.of(name).resolveSibling(found.group(1)).normalize().toString();
                if (!sources.containsKey(target)) {
                    throw new IllegalStateException(name + " imports " + found.group(1) + ", which does not exist");
                }
                targets.add(target);
            }
            imports.put(name, targets);
        });
        return imports;
    }

    /** Returns a cycle as a path whose first and last modules are equal; empty if there is none. */
    private static Optional<List<String>> cycle(Map<String, Set<String>> imports) {
        Set<String> finished = new HashSet<>();
        return imports.keySet().stream()
                .map(start -> cycleFrom(start, imports, new ArrayDeque<>(), finished))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<List<String>> cycleFrom(
            String module, Map<String, Set<String>> imports, Deque<String> path, Set<String> finished) {
        if (path.contains(module)) {
            List<String> cycle = new ArrayList<>(path);
            cycle.subList(0, cycle.indexOf(module)).clear();
            cycle.add(module);
            return Optional.of(cycle);
        }
        if (finished.contains(module)) {
            return Optional.empty();
        }
        path.addLast(module);
        for (String target : imports.getOrDefault(module, Set.of())) {
            Optional<List<String>> cycle = cycleFrom(target, imports, path, finished);
            if (cycle.isPresent()) {
                return cycle;
            }
        }
        path.removeLast();
        finished.add(module);
        return Optional.empty();
    }

    @Test
    void thePageHasNoImportCycle() throws IOException {
        assertThat(cycle(pageImports())).isEmpty();
    }

    @Test
    void onlyTheAppImportsTheTableOfScreens() throws IOException {
        List<String> importers = pageImports().entrySet().stream()
                .filter(each -> each.getValue().contains("routes.js"))
                .map(Map.Entry::getKey)
                .toList();

        assertThat(importers).containsExactly("app.js");
    }

    @Test
    void everyModuleIsReachableFromTheApp() throws IOException {
        Map<String, Set<String>> imports = pageImports();
        Set<String> reached = new TreeSet<>();
        Deque<String> open = new ArrayDeque<>(List.of("app.js"));
        while (!open.isEmpty()) {
            String module = open.removeFirst();
            if (reached.add(module)) {
                open.addAll(imports.getOrDefault(module, Set.of()));
            }
        }

        assertThat(reached).isEqualTo(imports.keySet());
    }

    @Test
    void noAddressStartsAtTheRootOfTheHost() throws IOException {
        Pattern rooted = Pattern.compile(
                "(?:href|src|action|url)\\s*[=(]\\s*[\"'`]?/|[\"'`]/(?:api|assets|ws)/|location\\.(?:host|origin)");
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(WEB)) {
            for (Path file : files.filter(each -> each.toString().matches(".*\\.(?:js|css|html|svg)"))
                    .filter(each -> !WEB.relativize(each).startsWith("vendor") && !each.endsWith("home.js"))
                    .toList()) {
                Files.readString(file)
                        .lines()
                        .filter(line -> rooted.matcher(line).find())
                        .forEach(line -> found.add(WEB.relativize(file) + ": " + line.strip()));
            }
        }

        assertThat(found)
                .as("addresses that break the page below a path of a proxy; build them from home.js")
                .isEmpty();
    }

    @Test
    void findsACycleOfAnyLength() {
        assertThat(cycle(Map.of("a.js", Set.of("a.js")))).contains(List.of("a.js", "a.js"));
        assertThat(cycle(imports(Map.of(
                        "app.js", "import { x } from \"./routes.js\";",
                        "routes.js", "import {\n  Tasks,\n} from \"./screens/tasks.js\";",
                        "screens/tasks.js", "import { hrefOf } from '../frame.js';",
                        "frame.js", "export { SCREENS } from \"./routes.js\";"))))
                .hasValueSatisfying(cycle -> {
                    assertThat(cycle).hasSize(4).startsWith(cycle.get(3));
                    assertThat(cycle).containsOnly("routes.js", "screens/tasks.js", "frame.js");
                });
    }

    @Test
    void findsNoCycleWhereTwoModulesShareAnImport() {
        assertThat(cycle(imports(Map.of(
                        "app.js", "import \"./a.js\";\nconst b = import(\"./b.js\");",
                        "a.js", "import { x } from \"./links.js\";",
                        "b.js", "import { x } from \"./links.js\";",
                        "links.js", ""))))
                .isEmpty();
    }

    @Test
    void rejectsAnImportOfAMissingModule() {
        assertThatThrownBy(() -> imports(Map.of("app.js", "import { x } from \"./gone.js\";")))
                .hasMessage("app.js imports ./gone.js, which does not exist");
    }
}
