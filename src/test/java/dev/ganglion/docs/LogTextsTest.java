package dev.ganglion.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Checks that the messages that the troubleshooting page quotes are messages of the brain. Quoted are the first cells of
 * its table of log lines, and everything in double quotes. An ellipsis stands for any text.
 */
class LogTextsTest {
    private static final Path PAGE = Path.of("src/docs/troubleshooting.md");
    private static final String TABLE = "### By log line of the brain";
    private static final Pattern CELL = Pattern.compile("\\| `([^`]+)` \\|.*");
    private static final Pattern QUOTE = Pattern.compile("\"([^\"]+)\"");

    @Test
    void quotedMessagesExist() throws IOException {
        String sources = sources();
        List<String> quoted = quoted(Document.read(PAGE));

        assertThat(quoted)
                .hasSizeGreaterThan(8)
                .allSatisfy(message -> assertThat(contains(sources, message))
                        .as("a source contains: " + message)
                        .isTrue());
    }

    @Test
    void findsMessagesThatDoNotExist() {
        Document page = Document.of(PAGE, """
                ### By log line of the brain
                | Line | Cause |
                |---|---|
                | `Lost the … at the end` | – |
                ## Next
                | `no log line` | It says "Cannot connect". |
                """);
        String source = joined("""
                log("Lost the connection "
                        + "at the end"); log("Cannot reconnect");
                """);

        assertThat(quoted(page)).containsExactly("Lost the … at the end", "Cannot connect");
        assertThat(contains(source, "Lost the … at the end")).isTrue();
        assertThat(contains(source, "Cannot connect")).isFalse();
    }

    private static List<String> quoted(Document page) {
        List<String> quoted = new ArrayList<>();
        boolean inTable = false;
        for (Document.ProseLine line : page.prose()) {
            inTable = line.text().startsWith("#") ? line.text().equals(TABLE) : inTable;
            Matcher cell = CELL.matcher(line.text());
            if (inTable && cell.matches()) {
                quoted.add(cell.group(1));
            }
            Matcher quote = QUOTE.matcher(line.text().replaceAll("`[^`]*`", ""));
            while (quote.find()) {
                quoted.add(quote.group(1));
            }
        }
        return quoted;
    }

    private static boolean contains(String sources, String message) {
        int from = 0;
        for (String part : message.split("…", -1)) {
            int found = sources.indexOf(part.strip(), from);
            if (found < 0 || (from > 0 && found - from > 300)) {
                return false;
            }
            from = found + part.strip().length();
        }
        return true;
    }

    private static String sources() throws IOException {
        StringBuilder sources = new StringBuilder();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file : files.filter(each -> each.toString().endsWith(".java"))
                    .sorted()
                    .toList()) {
                sources.append(joined(Files.readString(file)));
            }
        }
        return sources.toString();
    }

    /** Joins text literals that the source concatenates over several lines. */
    private static String joined(String source) {
        return source.replaceAll("\"\\s*\\+\\s*\"", "");
    }
}
