package dev.ganglion.benchmarks.report;

import static dev.ganglion.benchmarks.report.Rounds.at;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The newest table in the project's README, between two marks. */
public final class ReadmeBlock {
    private static final String BEGIN = "<!-- benchmarks: begin -->";
    private static final String END = "<!-- benchmarks: end -->";

    private ReadmeBlock() {}

    /** Puts the table and one plot of the folder between the marks. */
    public static void write(Path readme, ResultFolder results) throws IOException {
        String text = Files.readString(readme);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IllegalStateException(readme + " has no marks " + BEGIN + " and " + END);
        }
        Files.writeString(readme, text.substring(0, begin + BEGIN.length()) + "\n" + block(results) + text.substring(end));
    }

    private static String block(ResultFolder results) {
        String folder = "benchmarks/results/" + results.path().getFileName();
        StringBuilder out = new StringBuilder(MarkdownReport.machine(results))
                .append("\n\n| events per frame | connections | events/s | ack p99 ms | brain µs per frame | Redis µs |\n")
                .append("|---|---|---|---|---|---|\n");
        results.runs("ingest").stream()
                .filter(run -> run.getInteger("connections") == 16 || run.getInteger("connections") == 1000)
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
