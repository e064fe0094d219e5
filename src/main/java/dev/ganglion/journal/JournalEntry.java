package dev.ganglion.journal;

/**
 * An entry to be appended to an agent's journal.
 *
 * @param agent agent whose journal it is
 * @param id unique id, by which the store ignores an entry that it already has
 * @param mergeKey key under which repeats are merged into one entry with a count; empty for an entry that is never
 *     merged
 * @param count how often the event happened
 * @param notedAt time when the event last happened, in nanoseconds of the node's {@link dev.ganglion.telemetry.Ticker}
 * @param retried whether an earlier attempt may have reached the store
 * @param facts the remaining fields, as a JSON object
 */
public record JournalEntry(
        Agent agent, String id, String mergeKey, long count, long notedAt, boolean retried, String facts) {

    /** The agent whose journal it is. */
    public record Agent(String projectId, int shard, String agentId) {}

    /** The same entry, marked as retried. */
    JournalEntry asRetried() {
        return new JournalEntry(agent, id, mergeKey, count, notedAt, true, facts);
    }
}
