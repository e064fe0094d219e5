package dev.ganglion.docs;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A fenced code block of a document.
 *
 * @param document the document
 * @param line line number of the opening fence, from 1
 * @param language language after the opening fence; empty if there is none
 * @param text content without the fences and without their indentation, with a line end after each line
 * @param before the line before the opening fence; may hold a mark for tests
 */
record CodeBlock(Document document, int line, String language, String text, String before) {
    private static final Pattern MARK = Pattern.compile("\\s*<!-- (not run|run): (.+) -->\\s*");

    /** Returns the reason why the block cannot run, if a mark gives one. */
    Optional<String> notRun() {
        return mark("not run");
    }

    /** Returns how the block has to run, if a mark says so. */
    Optional<String> howToRun() {
        return mark("run");
    }

    private Optional<String> mark(String kind) {
        Matcher mark = MARK.matcher(before);
        return mark.matches() && mark.group(1).equals(kind) ? Optional.of(mark.group(2)) : Optional.empty();
    }

    @Override
    public String toString() {
        return document.path() + ":" + line;
    }
}
