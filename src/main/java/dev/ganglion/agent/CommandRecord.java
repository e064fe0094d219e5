package dev.ganglion.agent;

import java.time.Instant;

/**
 * What an agent remembers of a command.
 *
 * <pre>
 *   arrived ──▶ Open ──outcome, failure or timeout──▶ Done ──brain's command_ack──▶ Done, stored ──▶ forgotten
 * </pre>
 */
sealed interface CommandRecord {
    /** When it arrived. */
    Instant since();

    /** It runs, or waits for another with the same target. */
    record Open(Instant since) implements CommandRecord {
        Done toDone(CommandOutcome outcome) {
            return new Done(since, outcome, false);
        }
    }

    /**
     * It is over.
     *
     * @param stored whether the brain said that it has the outcome
     */
    record Done(Instant since, CommandOutcome outcome, boolean stored) implements CommandRecord {
        /** A large result has done its duty then; a small one is kept for a brain that asks again. */
        private static final int KEPT_BYTES = 4096;

        Done toStored() {
            return new Done(since, outcome.within(KEPT_BYTES), true);
        }
    }
}
