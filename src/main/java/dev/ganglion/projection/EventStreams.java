package dev.ganglion.projection;

import io.vertx.core.Future;

/** Reads the event streams of projects, for the projectors. */
public interface EventStreams {
    /** Reads the next batches of a shard's stream, oldest first. The slice is empty at the end of the stream. */
    Future<ProjectionSlice> read(String projectId, int shard, ProjectionPosition position);
}
