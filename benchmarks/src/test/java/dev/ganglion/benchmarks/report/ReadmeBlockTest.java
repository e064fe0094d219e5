package dev.ganglion.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The newest results replace the blocks of documents, and nothing else in them. */
class ReadmeBlockTest {
    private static final ResultFolder RESULTS =
            ResultFolder.newest(Path.of("results")).orElseThrow();

    @TempDir
    Path folder;

    private Path readme;
    private Path page;
    private Path suite;

    @BeforeEach
    void givenDocumentsWithOldBlocks() throws IOException {
        readme = document("readme.md", "benchmarks");
        page = document("page.md", "verify", "projection");
        suite = document("suite.md", "capacity");
    }

    private Path document(String name, String... marks) throws IOException {
        StringBuilder text = new StringBuilder("before\n");
        for (String mark : marks) {
            text.append("<!-- " + mark + ": begin -->\nold\n<!-- " + mark + ": end -->\nafter\n");
        }
        return Files.writeString(folder.resolve(name), text);
    }

    @Test
    void theReadmeShowsThroughputBesideTheLatencyOfAnOpenLoopAndOnePlot() throws IOException {
        ReadmeBlock.write(readme, page, suite, RESULTS);

        assertThat(Files.readString(readme))
                .startsWith("before\n<!-- benchmarks: begin -->\n")
                .endsWith("<!-- benchmarks: end -->\nafter\n")
                .doesNotContain("old")
                .contains("| load | events per frame | events/s | ack p50 ms | ack p99 ms |")
                .containsPattern("\\| open loop at 75 % of capacity \\| 100 \\| [0-9,]+ \\| [0-9.]+ \\| [0-9.]+ \\|")
                .containsPattern("\\| closed loop: as fast as acks return \\| 1 \\| [0-9,]+ \\|")
                .containsOnlyOnce("![");
    }

    @Test
    void thePageShowsTheCostOfVerifyingAndTheSuiteWhatClustersCarry() throws IOException {
        ReadmeBlock.write(readme, page, suite, RESULTS);

        assertThat(Files.readString(page)).contains("| events per frame | HMAC alone µs | verify µs |", "| 500 | ");
        assertThat(Files.readString(suite)).contains("| events per frame | nodes of 2 cores |");
    }

    @Test
    void namesADocumentWithoutMarks() throws IOException {
        Files.writeString(page, "no marks");

        assertThatThrownBy(() -> ReadmeBlock.write(readme, page, suite, RESULTS))
                .hasMessageContaining("page.md lacks the marks <!-- verify: begin -->");
    }

    @Test
    void theDocumentsOfTheRepositoryHaveMarks() throws IOException {
        assertThat(Files.readString(Path.of("../README.md"))).contains("benchmarks: begin", "benchmarks: end");
        assertThat(Files.readString(Path.of("../src/docs/benchmarks.md")))
                .contains("verify: begin", "verify: end", "projection: begin", "projection: end");
    }
}
