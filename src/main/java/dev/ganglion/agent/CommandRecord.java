package dev.ganglion.agent;

import java.time.Instant;

/**
 * An agent's record of a command.
 *
 * <pre>
 *   arrived ──▶ Open ──outcome, failure or timeout──▶ Done ──brain's command_ack──▶ Done, stored ──▶ forgotten
 * </pre>
 */
sealed interface CommandRecord {
    /** The time of arrival. */
    Instant since();

    /** The command runs, or waits for another command with the same target. */
    record Open(Instant since) implements CommandRecord {
        Done toDone(CommandOutcome outcome) {
            return new Done(since, outcome, false);
        }
    }

    /**
     * The command has finished.
     *
     * @param stored whether the brain has acknowledged the outcome
     */
    record Done(Instant since, CommandOutcome outcome, boolean stored) implements CommandRecord {
        /**
         * Maximum size of a result after the brain has acknowledged it, in bytes. Small results are kept in case the
         * brain sends the command again.
         */
        private static final int KEPT_BYTES = 4096;

        Done toStored() {
            return new Done(since, outcome.cutTo(KEPT_BYTES), true);
        }
    }
}
