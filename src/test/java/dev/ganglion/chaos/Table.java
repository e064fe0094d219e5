package dev.ganglion.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The results of all experiments, as Markdown. */
final class Table {
    private static final List<String> HEAD = List.of(
            "Experiment",
            "Seconds",
            "Acked",
            "Stored",
            "Duplicated",
            "Lost",
            "Commands",
            "Completed",
            "Executed twice",
            "REST calls",
            "Failed",
            "Rejected",
            "At the cap",
            "Over-admitted",
            "Samples",
            "Result");

    private final boolean quick;
    private final List<List<String>> rows = new ArrayList<>();
    private final Map<String, List<String>> notes = new LinkedHashMap<>();
    private boolean good = true;

    Table(boolean quick) {
        this.quick = quick;
    }

    void add(String name, long begin, Outcome outcome) {
        LoadTotals counts = outcome.counts();
        List<String> row = new ArrayList<>(List.of(
                name, String.valueOf(Duration.ofNanos(System.nanoTime() - begin).toSeconds())));
        for (long number : new long[] {
            counts.events().acked(),
            counts.events().stored(),
            counts.events().duplicated(),
            counts.events().lost(),
            counts.commands().issued(),
            counts.commands().completed(),
            counts.commands().twice(),
            counts.calls(),
            counts.failedCalls(),
            counts.refused(),
            counts.atCap(),
            outcome.over(),
            outcome.samples()
        }) {
            row.add(String.valueOf(number));
        }
        row.add(outcome.good() ? "passed" : "**FAILED**");
        rows.add(row);
        List<String> lines = new ArrayList<>(outcome.figures());
        outcome.faults().forEach(fault -> lines.add("**" + fault + "**"));
        notes.put(name, lines);
        good &= outcome.good();
    }

    void failed(String name, RuntimeException failure) {
        rows.add(row(name, "**FAILED**"));
        notes.put(name, List.of("**" + failure.getMessage() + "**"));
        good = false;
    }

    void skipped(String name, String reason) {
        rows.add(row(name, "skipped"));
        notes.put(name, List.of("skipped: " + reason));
    }

    private static List<String> row(String name, String result) {
        List<String> row = new ArrayList<>(Collections.nCopies(HEAD.size(), ""));
        row.set(0, name);
        row.set(HEAD.size() - 1, result);
        return row;
    }

    boolean good() {
        return good;
    }

    /** Returns the table and the measurements. */
    String text() {
        StringBuilder text = new StringBuilder();
        text.append("| ").append(String.join(" | ", HEAD)).append(" |\n|---");
        text.append("|---:".repeat(HEAD.size() - 2)).append("|---|\n");
        rows.forEach(row -> text.append("| ").append(String.join(" | ", row)).append(" |\n"));
        notes.forEach((name, lines) -> {
            text.append("\n`").append(name).append("`:\n\n");
            lines.forEach(line -> text.append("- ").append(line).append('\n'));
        });
        return text.toString();
    }

    /** Returns the content of the results file. */
    String document() {
        return "# Results of the fault experiments\n\n"
                + "Written by `src/test/chaos/run --write`" + (quick ? " with `--quick`" : "") + ", on "
                + Runtime.getRuntime().availableProcessors() + " cores with Java "
                + Runtime.version().feature() + ". Three nodes and one Redis (`appendfsync always`) as processes; "
                + Load.SINGLES + " agents with one worker process and " + Load.GROUPS + " with " + Load.GROUP
                + " stream events and execute commands. Eight worker processes contend for four slots of another"
                + " agent.\n\n"
                + "*Commands* were accepted by REST. *Executed twice* counts only executions that are not allowed."
                + " *Failed* are REST calls that had to be retried. *Rejected* are connections of agents that were"
                + " entitled to their slot (HTTP 429 or 503, 4429) and connected later. *At the cap* are intended"
                + " rejections in the contest. *Over-admitted* are samples in which more slots were live than the cap"
                + " allows, counted in Redis or by the sockets. Required are 0 duplicated, lost, executed twice and"
                + " over-admitted.\n\n"
                + text();
    }
}
