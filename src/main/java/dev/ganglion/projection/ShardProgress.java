package dev.ganglion.projection;

/**
 * How far the stream of one shard is projected.
 *
 * @param position position up to which the stream is projected
 * @param reached total size of all batches up to there, in bytes, which shows whether batches were deleted before they
 *     were projected; negative if unknown
 */
public record ShardProgress(ProjectionPosition position, long reached) {
    /** The progress before the first batch. */
    public static final ShardProgress START = new ShardProgress(ProjectionPosition.START, 0);
}
