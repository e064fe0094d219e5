package dev.ganglion.protocol;

import java.util.List;

/**
 * Events of one agent.
 *
 * @param events the ones that follow the rules, as they are stored
 * @param rejected the others, each with its reason
 * @param tallies the accepted ones by engine and kind; only of a batch that was read
 */
public record EventBatch(String id, EventArray events, List<RejectedEvent> rejected, List<EventTally> tallies)
        implements Frame {
    public EventBatch {
        rejected = List.copyOf(rejected);
        tallies = List.copyOf(tallies);
    }

    /** A batch without bad events. */
    public EventBatch(String id, EventArray events) {
        this(id, events, List.of(), List.of());
    }

    /** How many events the batch held, good and bad. */
    public int received() {
        return events.size() + rejected.size();
    }

    @Override
    public FrameType type() {
        return FrameType.EVENT_BATCH;
    }
}
