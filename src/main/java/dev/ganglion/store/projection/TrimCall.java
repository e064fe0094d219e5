package dev.ganglion.store.projection;

import dev.ganglion.projection.ProjectionEngine.Lease;
import dev.ganglion.projection.segment.Segments.Segment;
import dev.ganglion.store.redis.Arguments;
import dev.ganglion.store.redis.RedisKeys;
import dev.ganglion.store.redis.Script;
import io.vertx.redis.client.Request;
import java.util.List;

/** Builds the call of {@code trim.lua}, which deletes whole segments and frees terms. */
final class TrimCall {
    /** Most segments that one call deletes: up to 131,040 tasks. */
    static final int MOST_SEGMENTS = 32;

    private static final int MOST_TERMS = 2_000;
    private static final int FIXED_KEYS = 4;

    private TrimCall() {}

    /** Removes the segments from what the holder keeps in memory, so that the call has to be made. */
    static Request of(RedisKeys.Projection keys, String node, Lease lease, HeldProjection held, List<Segment> expired) {
        expired.forEach(segment -> held.removeSegment(segment.number()));
        List<String> terms = held.terms().free(held.segments().oldest(), MOST_TERMS);
        held.settle();
        Arguments request = Arguments.of(Script.TRIM_SEGMENTS, FIXED_KEYS + 2 * expired.size())
                .add(keys.lease())
                .add(keys.counts())
                .add(keys.terms())
                .add(keys.segments());
        expired.forEach(segment -> request.add(keys.records(segment.number())).add(keys.columns(segment.number())));
        request.add(node).add(lease.epoch()).add(expired.size());
        expired.forEach(segment -> request.add(segment.number()));
        request.add(terms.size());
        terms.forEach(request::add);
        StepCall.stateCounts(held).forEach((name, count) -> request.add(name).add(count));
        return request.request();
    }
}
