package dev.ganglion.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The figures of all experiments, as Markdown. */
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
            "Refused",
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
        Counts counts = outcome.counts();
        List<String> row = new ArrayList<>(List.of(
                name, String.valueOf(Duration.ofNanos(System.nanoTime() - begin).toSeconds())));
        for (long number : new long[] {
            counts.acked(),
            counts.stored(),
            counts.duplicated(),
            counts.lost(),
            counts.issued(),
            counts.completed(),
            counts.twice(),
            counts.calls(),
            counts.failedCalls(),
            counts.refused(),
            counts.atCap(),
            outcome.over(),
            outcome.samples()
        }) {
            row.add(String.valueOf(number));
        }
        row.add(outcome.good() ? "holds" : "**FAILED**");
        rows.add(row);
        List<String> said = new ArrayList<>(outcome.figures());
        outcome.faults().forEach(fault -> said.add("**" + fault + "**"));
        notes.put(name, said);
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
        List<String> row = new ArrayList<>(java.util.Collections.nCopies(HEAD.size(), ""));
        row.set(0, name);
        row.set(HEAD.size() - 1, result);
        return row;
    }

    boolean good() {
        return good;
    }

    /** The table and what was measured. */
    String text() {
        StringBuilder text = new StringBuilder();
        text.append("| ").append(String.join(" | ", HEAD)).append(" |\n|---");
        text.append("|---:".repeat(HEAD.size() - 2)).append("|---|\n");
        rows.forEach(row -> text.append("| ").append(String.join(" | ", row)).append(" |\n"));
        notes.forEach((name, said) -> {
            text.append("\n`").append(name).append("`:\n\n");
            said.forEach(line -> text.append("- ").append(line).append('\n'));
        });
        return text.toString();
    }

    /** The file that is kept. */
    String document() {
        return "# What the fault experiments gave\n\n"
                + "Written by `src/test/chaos/run --write`" + (quick ? " with `--quick`" : "") + ", on "
                + Runtime.getRuntime().availableProcessors() + " cores with Java "
                + Runtime.version().feature() + ". Three nodes and one Redis (`appendfsync always`) as processes; "
                + Load.SINGLES + " agents with one worker and " + Load.GROUPS + " with " + Load.GROUP
                + " stream events and execute commands, eight workers contend for four slots of one more.\n\n"
                + "*Commands* were taken by REST, *executed twice* counts only where that may not be, *failed* are REST"
                + " calls that had to be made again, *refused* are connections of agents that had a right to their slot"
                + " (HTTP 429 or 503, 4429) and came in later, *at the cap* are refusals of the contest, which are right;"
                + " *over-admitted* are samples in which more slots were live than the cap, by Redis's or by the"
                + " sockets' count. The marks are 0 duplicated, lost, executed twice and over-admitted.\n\n"
                + text();
    }
}
