package dev.ganglion.docs;

import java.util.List;

/** Writes a Markdown table. */
final class Table {
    private final StringBuilder text = new StringBuilder();

    private Table(List<String> headings) {
        row(headings);
        text.append("|---".repeat(headings.size())).append("|\n");
    }

    /** Begins a table with these headings. */
    static Table of(String... headings) {
        return new Table(List.of(headings));
    }

    /** Adds a row. */
    void add(String... cells) {
        row(List.of(cells));
    }

    private void row(List<String> cells) {
        for (String cell : cells) {
            text.append("| ").append(cell.replace("|", "\\|")).append(' ');
        }
        text.append("|\n");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
