package dev.ganglion.docs;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The reference pages of the documentation, with the generator of each. */
final class ReferencePages {
    private static final Path DIRECTORY = Path.of("src/docs");

    private ReferencePages() {}

    /** Returns the generators by the path of their page. */
    static Map<Path, Supplier<String>> generators() {
        Map<Path, Supplier<String>> pages = new LinkedHashMap<>();
        pages.put(DIRECTORY.resolve("configuration.md"), ConfigurationPage::text);
        pages.put(DIRECTORY.resolve("metrics.md"), MetricsPage::text);
        pages.put(DIRECTORY.resolve("close-codes.md"), CloseCodesPage::text);
        pages.put(DIRECTORY.resolve("errors.md"), ErrorsPage::text);
        pages.put(DIRECTORY.resolve("command-line.md"), CommandLinePage::text);
        return pages;
    }

    /** Returns the anchor of a heading. */
    static String anchor(String heading) {
        return Document.of(DIRECTORY, "# " + heading).anchors().iterator().next();
    }
}
