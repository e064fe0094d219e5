package dev.ganglion.agent;

import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The commands of the last hour, {@value #MOST} at most, in order of arrival: so that none runs twice, and no outcome is
 * lost before the brain has it, or an hour is over. An open command is never forgotten. Confined to the agent's context.
 */
final class CommandMemory {
    static final int MOST = 1000;
    static final Duration LONGEST = Duration.ofHours(1);

    private final Map<String, CommandRecord> records = new LinkedHashMap<>();
    /** Open, or done and not known to be stored. */
    private int unanswered;

    @Nullable
    CommandRecord find(String id) {
        return records.get(id);
    }

    /** Remembers a new command; false when there is no room, since the brain still waits for the outcome of so many. */
    boolean open(String id, Instant now) {
        forget(now);
        if (records.size() >= MOST) {
            return false;
        }
        records.put(id, new CommandRecord.Open(now));
        unanswered++;
        return true;
    }

    /** Keeps the outcome of an open command; false for any other. */
    boolean done(String id, CommandOutcome outcome) {
        if (!(records.get(id) instanceof CommandRecord.Open open)) {
            return false;
        }
        records.put(id, open.toDone(outcome));
        return true;
    }

    /** The brain has the outcome. */
    void stored(String id) {
        if (records.get(id) instanceof CommandRecord.Done done && !done.stored()) {
            records.put(id, done.toStored());
            unanswered--;
        }
    }

    /** Names every outcome that the brain is not known to have. */
    void forEachUnstored(BiConsumer<String, CommandOutcome> action) {
        records.forEach((id, known) -> {
            if (known instanceof CommandRecord.Done done && !done.stored()) {
                action.accept(id, done.outcome());
            }
        });
    }

    /** Commands that are open, or whose outcome the brain is not known to have. */
    int unanswered() {
        return unanswered;
    }

    private void forget(Instant now) {
        Instant limit = now.minus(LONGEST);
        Iterator<CommandRecord> oldest = records.values().iterator();
        while (oldest.hasNext()) {
            CommandRecord known = oldest.next();
            boolean young = known.since().isAfter(limit);
            if (young && records.size() < MOST) {
                return;
            }
            if (known instanceof CommandRecord.Done done && (done.stored() || !young)) {
                unanswered -= done.stored() ? 0 : 1;
                oldest.remove();
            }
        }
    }
}
