package dev.ganglion.event;

/**
 * An entry on its way to an agent's journal.
 *
 * @param agent whose journal
 * @param id its own, so that a try whose answer was lost adds nothing when it goes again
 * @param kin what repeats are known by: they become one entry with a count; empty for an entry that stands alone
 * @param count how often it happened
 * @param notedAt when it last happened, by {@link System#nanoTime()}
 * @param retried whether it may have reached the store before
 * @param facts the rest of it, a JSON object
 */
public record JournalEntry(
        Agent agent, String id, String kin, long count, long notedAt, boolean retried, String facts) {

    /** Whose journal it is. */
    public record Agent(String projectId, int shard, String agentId) {}

    /** The same entry after a try whose answer was lost. */
    JournalEntry again() {
        return new JournalEntry(agent, id, kin, count, notedAt, true, facts);
    }
}
