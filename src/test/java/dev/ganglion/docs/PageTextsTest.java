package dev.ganglion.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Checks that the texts of the page that the documentation quotes, in bold or italics, are texts of the page. */
class PageTextsTest {
    private static final Path WEB = Path.of("src/main/resources/web");
    private static final Pattern QUOTE = Pattern.compile("\\*\\*([^*]+)\\*\\*|(?<!\\*)\\*([^*]+)\\*(?!\\*)");
    /** Emphasised words of the document itself. */
    private static final Set<String> OWN_WORDS = Set.of(
            "Contents:",
            "Any other brain",
            "To enrol an agent",
            "To issue a command",
            "Purging a queue",
            "Order.",
            "pending, received, started, success, failure, retry, revoked, rejected, unknown");

    @Test
    void quotedTextsExist() throws IOException {
        String sources = sources();
        List<String> quoted = quoted(Document.read(Path.of("src/docs/the-page.md")));

        assertThat(quoted)
                .hasSizeGreaterThan(20)
                .filteredOn(text -> !OWN_WORDS.contains(text))
                .allSatisfy(text -> assertThat(sources.contains(text))
                        .as("the page contains: " + text)
                        .isTrue());
    }

    @Test
    void findsQuotedTexts() {
        Document page = Document.of(Path.of("page.md"), "Choose **Create it**, then *Now* and `**code**`.\n");

        assertThat(quoted(page)).containsExactly("Create it", "Now");
    }

    private static List<String> quoted(Document page) {
        List<String> quoted = new ArrayList<>();
        for (Document.ProseLine line : page.prose()) {
            Matcher quote = QUOTE.matcher(line.text().replaceAll("`[^`]*`", ""));
            while (quote.find()) {
                quoted.add(quote.group(1) == null ? quote.group(2) : quote.group(1));
            }
        }
        return quoted;
    }

    private static String sources() throws IOException {
        StringBuilder sources = new StringBuilder();
        try (Stream<Path> files = Files.walk(WEB)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".js"))
                    .filter(each -> !each.startsWith(WEB.resolve("vendor")))
                    .toList()) {
                sources.append(Files.readString(file));
            }
        }
        return sources.toString();
    }
}
