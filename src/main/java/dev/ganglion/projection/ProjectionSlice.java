package dev.ganglion.projection;

import dev.ganglion.protocol.json.Json;
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
}
