package dev.ganglion.benchmarks.report;

import static dev.ganglion.benchmarks.report.Rounds.at;
import static dev.ganglion.benchmarks.report.Rounds.ratio;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;

/** Replaces the figures in documents, each block between two marks. */
public final class ReadmeBlock {
    private static final int FEW = 16;
    private static final int MANY = 1_000;

    private ReadmeBlock() {}

    /** Writes the table and one chart into the project's README, and the capacity table into the benchmarks' README. */
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
            throw new IllegalStateException(
                    document + " lacks the marks <!-- " + mark + ": begin --> and <!-- " + mark + ": end -->");
        }
        Files.writeString(document, text.substring(0, from + begin.length()) + "\n" + block + text.substring(to));
    }

    private static String block(ResultFolder results) {
        String folder = "benchmarks/results/" + results.path().getFileName();
        StringBuilder out = new StringBuilder(MarkdownReport.machine(results))
                .append(
                        "\n\n| events per frame | connections | events/s | ack p99 ms | brain CPU µs per frame | Redis CPU µs per frame |\n")
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
        verify(results, out);
        return out.append("\n![cost by part](")
                .append(folder)
                .append("/cost.svg)\n\nAll figures, targets and ceilings: [")
                .append(folder)
                .append("](")
                .append(folder)
                .append("/README.md).\n")
                .toString();
    }

    private static void verify(ResultFolder results, StringBuilder out) {
        out.append("\nVerifying a frame, in the round with the lowest ratio to the HMAC alone:\n\n")
                .append(
                        "| events per frame | HMAC alone µs | verify µs | verify / HMAC | through a JSON tree µs | allocated bytes |\n")
                .append("|---|---|---|---|---|---|\n");
        results.runs("verify").stream()
                .collect(Collectors.toMap(
                        run -> run.getInteger("events"),
                        run -> run,
                        BinaryOperator.minBy(Comparator.comparingDouble(ReadmeBlock::ofHmac)),
                        TreeMap::new))
                .forEach((events, run) -> out.append(String.format(
                        Locale.ROOT,
                        "| %d | %.1f | %.1f | %.2f | %.0f | %.0f |%n",
                        events,
                        at(run, "hmac_us"),
                        at(run, "verify_us"),
                        ofHmac(run),
                        at(run, "tree_us"),
                        at(run, "verify_allocated_bytes"))));
    }

    private static double ofHmac(JsonObject run) {
        return ratio(run, "verify_us", "hmac_us");
    }
}
