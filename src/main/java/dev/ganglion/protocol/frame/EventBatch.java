package dev.ganglion.protocol.frame;

import dev.ganglion.protocol.event.EngineWorkerName;
import dev.ganglion.protocol.event.EventArray;
import dev.ganglion.protocol.event.EventTally;
import dev.ganglion.protocol.event.RejectedEvent;
import java.util.List;

/**
 * A batch of events from one agent.
 *
 * @param events accepted events, in their stored form
 * @param rejected events that broke a rule, each with the reason
 * @param tallies number of accepted events by engine and kind; empty unless the batch was read from a frame
 * @param workers engine workers that the accepted events name; empty unless the batch was read from a frame
 */
public record EventBatch(
        String id,
        EventArray events,
        List<RejectedEvent> rejected,
        List<EventTally> tallies,
        List<EngineWorkerName> workers)
        implements Frame {
    public EventBatch {
        rejected = List.copyOf(rejected);
        tallies = List.copyOf(tallies);
        workers = List.copyOf(workers);
    }

    /** Creates a batch that names no engine workers. */
    public EventBatch(String id, EventArray events, List<RejectedEvent> rejected, List<EventTally> tallies) {
        this(id, events, rejected, tallies, List.of());
    }

    /** Creates a batch without rejected events and without tallies. */
    public EventBatch(String id, EventArray events) {
        this(id, events, List.of(), List.of());
    }

    /** The number of events in the batch, accepted and rejected. */
    public int received() {
        return events.size() + rejected.size();
    }

    @Override
    public FrameType type() {
        return FrameType.EVENT_BATCH;
    }

    @Override
    public <A> void accept(Visitor<A> visitor, A argument) {
        visitor.eventBatch(this, argument);
    }
}
