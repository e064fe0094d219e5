package dev.ganglion.projection;

import dev.ganglion.projection.task.ProjectedEvent;
import dev.ganglion.protocol.event.EventReader;
import dev.ganglion.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The next batches of a shard's stream.
 *
 * @param batches batches from the position on, oldest first; the first one may be partly projected
 * @param waiting number of batches to be projected, including these; more than these if one read does not return all,
 *     and then an estimate
 * @param behindMs age of the oldest of them when they were read, in milliseconds
 */
public record ProjectionSlice(List<StoredBatch> batches, long waiting, long behindMs) {
    /** No batches, and none that wait. */
    public static final ProjectionSlice NONE = new ProjectionSlice(List.of(), 0, 0);

    /**
     * A batch of the stream.
     *
     * @param entry stream id of the batch
     * @param process name of the process that reported the batch; the agent id if it has none
     * @param receivedMs time when it was stored, in milliseconds since 1970
     * @param bytes size of its stored payload in bytes
     * @param upTo total size of all payloads ever stored in the shard up to and including this batch, in bytes
     * @param events a JSON array; null if the events were deleted meanwhile, or are damaged
     */
    public record StoredBatch(
            String entry,
            String agentId,
            String process,
            long receivedMs,
            long bytes,
            long upTo,
            @Nullable Json events) {
        /** Total size of all payloads stored before this batch, in bytes. */
        public long before() {
            return upTo - bytes;
        }
    }

    /**
     * Some events, and the position after them.
     *
     * @param reached total size of all batches up to the end, in bytes
     * @param skipped bytes of events before the end that were deleted before they were projected
     */
    public record Part(List<ProjectedEvent> events, ProjectionPosition end, long reached, long skipped) {}

    /** The part of this slice behind a position; empty if the slice does not contain the position. */
    ProjectionSlice behind(ProjectionPosition position) {
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
     * The next events, at most {@code most}.
     *
     * @param reached total size of all batches before {@code from}, in bytes; negative if unknown
     */
    public Part take(ProjectionPosition from, long reached, int most) {
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
