package dev.ganglion.benchmarks.report;

import static dev.ganglion.benchmarks.report.Rounds.at;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The newest figures in documents, between two marks each. */
public final class ReadmeBlock {
    private static final int FEW = 16;
    private static final int MANY = 1_000;

    private ReadmeBlock() {}

    /** Puts the table and one plot into the project's README, and what they mean for larger ones into the suite's. */
    public static void write(Path readme, Path suiteReadme, ResultFolder results) throws IOException {
        replace(readme, "benchmarks", block(results));
        replace(suiteReadme, "capacity", "From " + results.path().getFileName() + ":\n\n" + Capacity.table(results));
    }

    private static void replace(Path document, String mark, String block) throws IOException {
        String begin = "<!-- " + mark + ": begin -->";
        String text = Files.readString(document);
        int from = text.indexOf(begin);
        int to = text.indexOf("<!-- " + mark + ": end -->");
        if (from < 0 || to < from) {
            throw new IllegalStateException(document + " has no marks for " + mark);
        }
        Files.writeString(document, text.substring(0, from + begin.length()) + "\n" + block + text.substring(to));
    }

    private static String block(ResultFolder results) {
        String folder = "benchmarks/results/" + results.path().getFileName();
        StringBuilder out = new StringBuilder(MarkdownReport.machine(results))
                .append(
                        "\n\n| events per frame | connections | events/s | ack p99 ms | brain µs per frame | Redis µs |\n")
                .append("|---|---|---|---|---|---|\n");
        results.runs("ingest").stream()
                .filter(run -> run.getInteger("connections") == FEW || run.getInteger("connections") == MANY)
                .forEach(run -> out.append(String.format(
                        Locale.ROOT,
                        "| %d | %d | %,.0f | %.1f | %.1f | %.1f |%n",
                        run.getInteger("events_per_frame"),
                        run.getInteger("connections"),
                        at(run, "events_per_s"),
                        at(run, "ack_ms.p99"),
                        at(run, "cost.brain_us_per_frame"),
                        at(run, "cost.redis_us_per_frame"))));
        return out.append("\n![cost by part](")
                .append(folder)
                .append("/cost.svg)\n\nAll figures, the targets and the ceilings: [")
                .append(folder)
                .append("](")
                .append(folder)
                .append("/README.md).\n")
                .toString();
    }
}
