package dev.ganglion.agent.outbox;

import java.util.concurrent.atomic.LongAdder;

/** The counters behind {@link AgentCounts}. The agent writes them; any thread may read them. */
public final class AgentCounters {
    final LongAdder emitted = new LongAdder();
    public final LongAdder dropped = new LongAdder();
    final LongAdder sent = new LongAdder();
    final LongAdder acked = new LongAdder();
    final LongAdder rejected = new LongAdder();
    final LongAdder resentBatches = new LongAdder();
    public final LongAdder sessions = new LongAdder();

    public AgentCounts counts() {
        return new AgentCounts(
                emitted.sum(),
                dropped.sum(),
                sent.sum(),
                acked.sum(),
                rejected.sum(),
                resentBatches.sum(),
                sessions.sum());
    }
}
