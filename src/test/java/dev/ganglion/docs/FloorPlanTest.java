package dev.ganglion.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Checks that the floor plan on the page about the architecture lists every package. */
class FloorPlanTest {
    private static final Path SOURCES = Path.of("src/main/java/dev/ganglion");

    @Test
    void pageListsEveryPackage() throws IOException {
        List<String> rows = Document.read(Path.of("src/docs/architecture.md")).prose().stream()
                .map(Document.ProseLine::text)
                .filter(line -> line.startsWith("| `"))
                .toList();

        assertThat(packages())
                .hasSizeGreaterThan(30)
                .allSatisfy(name -> assertThat(rows)
                        .as("a row of the floor plan names " + name)
                        .anyMatch(row -> row.substring(0, row.indexOf(" | ")).contains("`" + name + "`")));
    }

    private static List<String> packages() throws IOException {
        try (Stream<Path> directories = Files.walk(SOURCES)) {
            return directories
                    .filter(directory -> Files.exists(directory.resolve("package-info.java")))
                    .map(directory -> SOURCES.relativize(directory).toString().replace('/', '.'))
                    .filter(name -> !name.isEmpty())
                    .toList();
        }
    }
}
