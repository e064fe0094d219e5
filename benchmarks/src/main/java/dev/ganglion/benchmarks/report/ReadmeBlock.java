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
    private static final int CONNECTIONS = 64;
    private static final int PERCENT = 100;

    private ReadmeBlock() {}

    /**
     * Replaces the blocks in all documents.
     *
     * @param readme the project's README: throughput beside latency, and one plot
     * @param page the page about benchmarks in the documentation: the cost of verifying a frame, and projections
     * @param suiteReadme the suite's README: what larger clusters carry
     */
    public static void write(Path readme, Path page, Path suiteReadme, ResultFolder results) throws IOException {
        replace(readme, "benchmarks", block(results));
        replace(page, "verify", verify(results));
        replace(page, "projection", ProjectionTables.summary(results));
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
                .append("\n\n| load | events per frame | events/s | ack p50 ms | ack p99 ms |\n")
                .append("|---|---|---|---|---|\n");
        results.runs("open").forEach(run -> row(out, openLoop(run), run));
        results.runs("ingest").stream()
                .filter(run -> run.getInteger("connections") == CONNECTIONS)
                .forEach(run -> row(out, "closed loop: as fast as acks return", run));
        projection(out, results);
        return out.append("\n![latency at 25, 50 and 75 % of capacity](")
                .append(folder)
                .append("/latency.svg)\n\nAll figures, targets and ceilings: [")
                .append(folder)
                .append("](")
                .append(folder)
                .append("/README.md).\n")
                .toString();
    }

    /** How current tasks are at 70 % of the highest ack rate. */
    private static void projection(StringBuilder out, ResultFolder results) {
        JsonObject run = ProjectionVerdicts.atTargetLoad(results);
        if (!run.isEmpty()) {
            out.append(String.format(
                    Locale.ROOT,
                    "%nAt %,.0f events/s, 70 %% of the highest ack rate, half of all tasks are visible %.0f ms after their ack, and 99 %% after %.0f ms.%n",
                    at(run, "events_per_s"),
                    at(run, "lag_ms.p50"),
                    at(run, "lag_ms.p99")));
        }
    }

    private static String openLoop(JsonObject run) {
        return String.format(Locale.ROOT, "open loop at %.0f %% of capacity", at(run, "load") * PERCENT);
    }

    private static void row(StringBuilder out, String load, JsonObject run) {
        out.append(String.format(
                Locale.ROOT,
                "| %s | %d | %,.0f | %.1f | %.1f |%n",
                load,
                run.getInteger("events_per_frame"),
                at(run, "events_per_s"),
                at(run, "ack_ms.p50"),
                at(run, "ack_ms.p99")));
    }

    /** The cost of verifying a frame. Of each size, the round with the lowest ratio to the HMAC alone. */
    private static String verify(ResultFolder results) {
        StringBuilder out = new StringBuilder(
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
        return out.toString();
    }

    private static double ofHmac(JsonObject run) {
        return ratio(run, "verify_us", "hmac_us");
    }
}
