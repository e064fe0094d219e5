package dev.ganglion.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Checks that the code blocks of all documents are valid in their language. */
class CodeBlocksTest {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static Stream<CodeBlock> blocks(String language) {
        return Document.all().stream().flatMap(document -> document.blocks(language).stream());
    }

    @Test
    void jsonParses() {
        assertThat(blocks("json").map(CodeBlocksTest::jsonFault)).isNotEmpty().containsOnly("");
    }

    @Test
    void yamlParses() {
        assertThat(blocks("yaml").map(CodeBlocksTest::yamlFault)).isNotEmpty().containsOnly("");
    }

    @Test
    void shellParses() throws Exception {
        List<String> faults = new ArrayList<>();
        for (CodeBlock block : blocks("sh").toList()) {
            faults.add(shellFault(block));
        }

        assertThat(faults).isNotEmpty().containsOnly("");
    }

    @Test
    void everyBlockHasALanguage() {
        assertThat(Document.all().stream().flatMap(document -> document.blocks().stream()))
                .filteredOn(block -> block.language().isEmpty())
                .isEmpty();
    }

    @Test
    void findsInvalidBlocks() throws Exception {
        Document document = Document.of(Path.of("page.md"), """
                ```json
                {"a": 1} {
                ```
                ```yaml
                a: [1
                ```
                - indented
                  ```sh
                  if true; then
                  ```
                """);

        assertThat(document.blocks())
                .extracting(CodeBlock::toString)
                .containsExactly("page.md:1", "page.md:4", "page.md:8");
        assertThat(jsonFault(document.blocks().get(0))).startsWith("page.md:1: ");
        assertThat(yamlFault(document.blocks().get(1))).startsWith("page.md:4: ");
        assertThat(shellFault(document.blocks().get(2))).startsWith("page.md:8: ");
    }

    private static String jsonFault(CodeBlock block) {
        try {
            JsonNode parsed = JSON.readTree(block.text());
            return parsed.isMissingNode() ? block + ": empty" : "";
        } catch (JsonProcessingException e) {
            return block + ": " + e.getMessage();
        }
    }

    private static String yamlFault(CodeBlock block) {
        try {
            List<JsonNode> documents = yaml(block);
            return documents.isEmpty() ? block + ": empty" : "";
        } catch (IOException e) {
            return block + ": " + e.getMessage();
        }
    }

    /** Returns the documents of a YAML block. */
    static List<JsonNode> yaml(CodeBlock block) throws IOException {
        YAMLMapper mapper = new YAMLMapper();
        return mapper.readerFor(JsonNode.class)
                .<JsonNode>readValues(block.text())
                .readAll();
    }

    private static String shellFault(CodeBlock block) throws IOException, InterruptedException {
        Process bash =
                new ProcessBuilder("bash", "-n").redirectErrorStream(true).start();
        try (var script = bash.getOutputStream()) {
            script.write(block.text().getBytes(UTF_8));
        }
        String output = new String(bash.getInputStream().readAllBytes(), UTF_8);
        return bash.waitFor() == 0 && output.isEmpty() ? "" : block + ": " + output;
    }
}
