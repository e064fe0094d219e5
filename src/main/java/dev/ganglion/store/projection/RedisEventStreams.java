package dev.ganglion.store.projection;

import dev.ganglion.projection.EventStreams;
import dev.ganglion.projection.ProjectionPosition;
import dev.ganglion.projection.ProjectionSlice;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.SharedLine;
import dev.ganglion.store.stream.ForwardStreamReader;
import io.vertx.core.Future;

/** Reads the event streams in Redis for the projectors. */
public final class RedisEventStreams implements EventStreams {
    private final ForwardStreamReader reader;

    public RedisEventStreams(SharedLine line) {
        this.reader = new ForwardStreamReader(line);
    }

    @Override
    public Future<ProjectionSlice> read(String projectId, int shard, ProjectionPosition position) {
        return reader.read(RedisKeys.Shard.of(projectId, shard), position);
    }
}
