package dev.ganglion.store;

import dev.ganglion.store.event.RejectedEventsTest;
import dev.ganglion.store.event.RetentionTest;
import dev.ganglion.store.frame.BatchMemoryTest;
import dev.ganglion.store.frame.FrameGroupsTest;
import dev.ganglion.store.frame.IngestScriptTest;
import dev.ganglion.store.frame.PayloadKeysTest;
import dev.ganglion.store.frame.SessionScriptsTest;
import dev.ganglion.store.people.AuditTrailTest;
import dev.ganglion.store.projection.StreamProjectionTest;
import dev.ganglion.testing.redis.OnCluster;
import org.junit.jupiter.api.Nested;

/** Repeats the tests of the scripts on a Redis Cluster with three masters. */
class ClusterStoreIT {
    @Nested
    @OnCluster
    class Ingest extends IngestScriptTest {}

    @Nested
    @OnCluster
    class Sessions extends SessionScriptsTest {}

    @Nested
    @OnCluster
    class Groups extends FrameGroupsTest {}

    @Nested
    @OnCluster
    class Payloads extends PayloadKeysTest {}

    @Nested
    @OnCluster
    class Memory extends BatchMemoryTest {}

    @Nested
    @OnCluster
    class Retention extends RetentionTest {}

    @Nested
    @OnCluster
    class Projections extends StreamProjectionTest {}

    @Nested
    @OnCluster
    class Rejected extends RejectedEventsTest {}

    @Nested
    @OnCluster
    class Audit extends AuditTrailTest {}
}
