package dev.ganglion.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks that every relative link and every anchor in the repository's Markdown files resolves. */
class LinksTest {
    @TempDir
    Path directory;

    @Test
    void everyLinkResolves() {
        List<Document> documents = Document.all();

        assertThat(documents)
                .extracting(document -> document.path().toString())
                .contains(
                        "README.md",
                        "src/docs/index.md",
                        "docker/README.md",
                        "benchmarks/README.md",
                        "src/test/chaos/README.md",
                        ".github/CONTRIBUTING.md");
        assertThat(documents.stream().flatMap(document -> broken(document).stream()))
                .isEmpty();
    }

    @Test
    void everyPageIsListedInTheIndex() {
        Document index = Document.read(Path.of("src/docs/index.md"));
        List<Path> listed = index.links().stream()
                .map(link -> Path.of("src/docs").resolve(link.target().replaceFirst("#.*", "")))
                .map(Path::normalize)
                .toList();

        assertThat(Document.all())
                .extracting(Document::path)
                .filteredOn(path -> Path.of("src/docs").equals(path.getParent()))
                .filteredOn(path -> !path.endsWith("index.md"))
                .isSubsetOf(listed);
    }

    @Test
    void findsBrokenLinks() throws Exception {
        Path other = directory.resolve("other.md");
        Files.writeString(other, "# Title\n\n## Two words, `code` & [link](x)\n\n## Title\n");
        Document document = Document.of(directory.resolve("page.md"), """
                # Page
                [good](other.md), [an anchor](other.md#two-words-code--link), [the second](other.md#title-1), [here](#page)
                [outside](https://example.org/x) and `[code](none.md)`
                ```text
                [in a block](none.md)
                ```
                [no file](none.md), ![no image](none.png), [no anchor](other.md#three), [not here](#none)
                [no definition]: none.txt
                """);

        assertThat(broken(document))
                .extracting(fault -> fault.substring(fault.indexOf(':')))
                .containsExactly(
                        ":7: none.md does not exist",
                        ":7: none.png does not exist",
                        ":7: other.md#three has no heading for its anchor",
                        ":7: #none has no heading for its anchor",
                        ":8: none.txt does not exist");
    }

    private static List<String> broken(Document document) {
        List<String> faults = new ArrayList<>();
        for (Document.Link link : document.links()) {
            String target = link.target();
            if (!target.matches("[a-z]+:.*")) {
                fault(document, target).ifPresent(fault -> faults.add(document + ":" + link.line() + ": " + fault));
            }
        }
        return faults;
    }

    private static Optional<String> fault(Document document, String target) {
        int hash = target.indexOf('#');
        String file = hash < 0 ? target : target.substring(0, hash);
        Path path = file.isEmpty() ? document.path() : document.path().resolveSibling(file);
        if (!file.isEmpty() && !Files.exists(path)) {
            return Optional.of(target + " does not exist");
        }
        if (hash < 0) {
            return Optional.empty();
        }
        Document named = file.isEmpty() ? document : Document.read(path);
        boolean found = named.anchors().contains(target.substring(hash + 1));
        return found ? Optional.empty() : Optional.of(target + " has no heading for its anchor");
    }
}
