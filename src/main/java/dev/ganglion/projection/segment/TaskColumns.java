package dev.ganglion.projection.segment;

import dev.ganglion.projection.run.Task;
import dev.ganglion.projection.segment.Terms.Kind;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Writes the columns of a task into its row, except those that never change. */
public final class TaskColumns {
    private TaskColumns() {}

    /**
     * Writes the columns of a task.
     *
     * @param place the row, of which only the segment matters here: it is the one that uses the terms
     * @param flags further flags of the row
     */
    public static void write(Rows rows, Task task, String engine, Terms terms, RowPlace place, int flags) {
        long segment = place.segment();
        rows.finishMs(0, task.finishedMs());
        rows.runtimeMs(0, task.runtimeMs());
        rows.state(0, task.state().rank());
        rows.retries(0, task.retries());
        rows.flags(0, flags | flags(task));
        rows.term(Kind.NAME, 0, terms.use(Kind.NAME, task.name(), segment));
        rows.term(Kind.QUEUE, 0, terms.use(Kind.QUEUE, task.queue(), segment));
        rows.term(Kind.WORKER, 0, terms.use(Kind.WORKER, task.worker(), segment));
        rows.term(Kind.AGENT, 0, terms.use(Kind.AGENT, task.agentId(), segment));
        rows.term(Kind.ENGINE, 0, terms.use(Kind.ENGINE, engine, segment));
        rows.term(Kind.FINGERPRINT, 0, terms.use(Kind.FINGERPRINT, fingerprint(task.fingerprint()), segment));
        if (task.priority() instanceof Integer number) {
            rows.priorityNumber(0, number);
        } else {
            rows.term(Kind.PRIORITY, 0, terms.use(Kind.PRIORITY, (String) task.priority(), segment));
        }
    }

    /** Returns the text of a failure's fingerprint in the dictionary: 16 hexadecimal digits; null for no failure. */
    public static @Nullable String fingerprint(long fingerprint) {
        return fingerprint == 0 ? null : HexFormat.of().toHexDigits(fingerprint);
    }

    private static int flags(Task task) {
        return (task.isLost() ? Rows.LOST : 0)
                | (task.isClamped() ? Rows.CLAMPED : 0)
                | (task.isOnlySent() ? Rows.SENT_ONLY : 0);
    }
}
