package dev.ganglion.event;

import dev.ganglion.protocol.EventReader;
import dev.ganglion.protocol.Json;
import java.util.ArrayList;
import java.util.List;

/**
 * What comes next in a shard's stream.
 *
 * @param batches from the position on, oldest first; the first may be one of which some events are done
 * @param waiting how many batches wait, these among them; an estimate when there are more than one read gives
 * @param behindMs how long the oldest of them has waited
 */
public record ProjectionSlice(List<StoredBatch> batches, long waiting, long behindMs) {
    /** Nothing. */
    static final ProjectionSlice NONE = new ProjectionSlice(List.of(), 0, 0);

    /**
     * A batch of the stream.
     *
     * @param entry the stream's id of it
     * @param receivedMs when it was stored
     * @param events a JSON array; empty when the batch was trimmed meanwhile
     */
    public record StoredBatch(String entry, String agentId, long receivedMs, Json events) {}

    /** Some events, and how far one is after them. */
    record Part(List<ProjectedEvent> events, ProjectionPosition end) {}

    /** What is left of it from a position on; nothing if the position is not one within it. */
    ProjectionSlice after(ProjectionPosition position) {
        for (int i = 0; i < batches.size(); i++) {
            if (batches.get(i).entry().equals(position.entry())) {
                int from = position.done() == 0 ? i + 1 : i;
                return new ProjectionSlice(batches.subList(from, batches.size()), waiting - from, behindMs);
            }
        }
        return NONE;
    }

    /** The next events, at most so many. */
    Part take(ProjectionPosition from, int most) {
        List<ProjectedEvent> events = new ArrayList<>();
        ProjectionPosition end = from;
        for (StoredBatch batch : batches) {
            int done = batch.entry().equals(from.entry()) ? from.done() : 0;
            EventReader reader = new EventReader(batch.events());
            while (reader.next()) {
                if (reader.index() < done) {
                    continue;
                }
                if (events.size() == most) {
                    return new Part(events, end);
                }
                events.add(ProjectedEvent.of(reader, batch.agentId(), batch.receivedMs()));
                end = new ProjectionPosition(batch.entry(), reader.index() + 1);
            }
            end = new ProjectionPosition(batch.entry(), 0);
        }
        return new Part(events, end);
    }
}
