package dev.ganglion.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Checks that the README stays short and contains the commands that build and test the project. */
class ReadmeTest {
    private static final int MAX_WORDS = 1_500;

    private final Document readme = Document.read(Path.of("README.md"));

    @Test
    void containsTheBuildCommands() {
        assertThat(readme.blocks("sh"))
                .extracting(CodeBlock::text)
                .contains("mvn -q -DskipTests package && java -jar target/ganglion.jar dev\n", "mvn verify\n");
    }

    @Test
    void staysShort() {
        assertThat(readme.words()).isBetween(500, MAX_WORDS);
    }

    @Test
    void linksToEveryPage() {
        assertThat(readme.links())
                .extracting(Document.Link::target)
                .contains("src/docs/index.md", "src/docs/getting-started.md", "src/docs/changelog.md", "LICENSE")
                .containsAll(ReferencePages.generators().keySet().stream()
                        .map(Path::toString)
                        .toList());
    }
}
