package dev.ganglion.agent;

import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the commands of the last hour in order of arrival, {@value #MAX_COMMANDS} at most.
 *
 * <p>The memory ensures that no command runs twice. It keeps each outcome until the brain has acknowledged it, or for
 * one hour. It never forgets an open command. Confined to the agent's context.
 */
final class CommandMemory {
    static final int MAX_COMMANDS = 1000;
    static final Duration RETENTION = Duration.ofHours(1);

    private final Map<String, CommandRecord> records = new LinkedHashMap<>();
    /** Number of commands that are open, or whose outcome the brain has not acknowledged. */
    private int unanswered;

    @Nullable
    CommandRecord find(String id) {
        return records.get(id);
    }

    /**
     * Remembers a new command. Returns false if the memory is full of commands whose outcome the brain has not
     * acknowledged.
     */
    boolean open(String id, Instant now) {
        forget(now);
        if (records.size() >= MAX_COMMANDS) {
            return false;
        }
        records.put(id, new CommandRecord.Open(now));
        unanswered++;
        return true;
    }

    /** Records the outcome of an open command; returns false for any other command. */
    boolean done(String id, CommandOutcome outcome) {
        if (!(records.get(id) instanceof CommandRecord.Open open)) {
            return false;
        }
        records.put(id, open.toDone(outcome));
        return true;
    }

    /** Records that the brain has acknowledged the outcome. */
    void stored(String id) {
        if (records.get(id) instanceof CommandRecord.Done done && !done.stored()) {
            records.put(id, done.toStored());
            unanswered--;
        }
    }

    /** Calls the action for every outcome that the brain has not acknowledged. */
    void forEachUnstored(BiConsumer<String, CommandOutcome> action) {
        records.forEach((id, known) -> {
            if (known instanceof CommandRecord.Done done && !done.stored()) {
                action.accept(id, done.outcome());
            }
        });
    }

    /** The number of commands that are open, or whose outcome the brain has not acknowledged. */
    int unanswered() {
        return unanswered;
    }

    private void forget(Instant now) {
        Instant limit = now.minus(RETENTION);
        Iterator<CommandRecord> oldest = records.values().iterator();
        while (oldest.hasNext()) {
            CommandRecord known = oldest.next();
            boolean young = known.since().isAfter(limit);
            if (young && records.size() < MAX_COMMANDS) {
                return;
            }
            if (known instanceof CommandRecord.Done done && (done.stored() || !young)) {
                unanswered -= done.stored() ? 0 : 1;
                oldest.remove();
            }
        }
    }
}
