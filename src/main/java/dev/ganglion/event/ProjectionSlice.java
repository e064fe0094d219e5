package dev.ganglion.event;

import dev.ganglion.protocol.EventReader;
import dev.ganglion.protocol.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What comes next in a shard's stream.
 *
 * @param batches from the position on, oldest first; the first may be one of which some events are done
 * @param waiting how many batches wait, these among them; an estimate when there are more than one read gives
 * @param behindMs how long the oldest of them had waited when they were read
 */
public record ProjectionSlice(List<StoredBatch> batches, long waiting, long behindMs) {
    private static final ProjectionSlice NONE = new ProjectionSlice(List.of(), 0, 0);

    /**
     * A batch of the stream.
     *
     * @param entry the stream's id of it
     * @param receivedMs when it was stored
     * @param bytes the bytes of its events
     * @param upTo the bytes of all that was ever stored in the shard, up to and with it
     * @param events a JSON array; null when they went meanwhile
     */
    public record StoredBatch(
            String entry,
            String agentId,
            long receivedMs,
            long bytes,
            long upTo,
            @Nullable Json events) {
        /** The bytes of all that was stored before it. */
        long before() {
            return upTo - bytes;
        }
    }

    /**
     * Some events, and how far one is after them.
     *
     * @param reached the bytes of all batches up to the end
     * @param skipped bytes on the way there that went before they were projected
     */
    record Part(List<ProjectedEvent> events, ProjectionPosition end, long reached, long skipped) {}

    /** What of it is left behind a position in it; nothing when the position is not in it. */
    ProjectionSlice rest(ProjectionPosition position) {
        for (int i = 0; i < batches.size(); i++) {
            if (batches.get(i).entry().equals(position.entry())) {
                int from = position.done() == 0 ? i + 1 : i;
                List<StoredBatch> left = batches.subList(from, batches.size());
                long waited = left.isEmpty()
                        ? 0
                        : left.get(0).receivedMs() - batches.get(0).receivedMs();
                return new ProjectionSlice(left, waiting - from, Math.max(0, behindMs - waited));
            }
        }
        return NONE;
    }

    /**
     * The next events, at most so many.
     *
     * @param reached the bytes of all batches before {@code from}; negative when that is not known
     */
    Part take(ProjectionPosition from, long reached, int most) {
        List<ProjectedEvent> events = new ArrayList<>();
        ProjectionPosition end = from;
        long at = reached;
        long skipped = 0;
        for (StoredBatch batch : batches) {
            skipped += at < 0 ? 0 : Math.max(0, batch.before() - at);
            at = batch.before();
            int done = batch.entry().equals(from.entry()) ? from.done() : 0;
            if (batch.events() == null) {
                skipped += batch.bytes();
                at = batch.upTo();
                end = new ProjectionPosition(batch.entry(), 0);
                continue;
            }
            EventReader reader = new EventReader(batch.events());
            while (reader.next()) {
                if (reader.index() < done) {
                    continue;
                }
                if (events.size() == most) {
                    return new Part(events, end, at, skipped);
                }
                events.add(ProjectedEvent.of(reader, batch.agentId(), batch.receivedMs()));
                end = new ProjectionPosition(batch.entry(), reader.index() + 1);
            }
            at = batch.upTo();
            end = new ProjectionPosition(batch.entry(), 0);
        }
        return new Part(events, end, at, skipped);
    }
}
