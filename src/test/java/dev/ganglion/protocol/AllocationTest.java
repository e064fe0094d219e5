package dev.ganglion.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.ganglion.protocol.error.ProtocolLimits;
import dev.ganglion.protocol.event.EventArray;
import dev.ganglion.protocol.frame.EventBatch;
import dev.ganglion.protocol.json.Json;
import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Limits the garbage that the hot path creates. */
class AllocationTest {
    private static final int MAX_BYTES = 1024;

    @Test
    void readingAndVerifyingABatchOf100EventsAllocatesAtMost1KiB() {
        Json event = Json.parse(
                "{\"id\":\"0d9b2bd6-7bd7-4bd1-9df2-0d3a04d2b0e6\",\"engine\":\"celery\",\"kind\":\"task.sent\",\"occurred_at\":\"2026-11-22T12:00:00Z\","
                        + "\"data\":{\"runtime\":0.12345678901234567,\"args\":\"[1, \\\"é\\\"]\",\"n\":[1,2.5,{\"z\":null,\"a\":1e22}]}}");
        Peer peer = new Peer();
        EventBatch batch = new EventBatch("b", EventArray.of(Collections.nCopies(100, event)));
        byte[] wire = new FrameSigner(peer.key, peer.binding).sign(batch, HmacEncoding.HEX, Peer.NOW);
        FrameReader reader = new FrameReader(ProtocolLimits.MAX_FRAME_BYTES);
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 2_000; i++) {
            long before = thread.getCurrentThreadAllocatedBytes();
            reader.read(wire);
            boolean authentic = peer.verifier.isAuthentic(reader);
            least = Math.min(least, thread.getCurrentThreadAllocatedBytes() - before);
            assertThat(List.of(authentic)).containsOnly(true);
        }

        assertThat(least).isLessThanOrEqualTo(MAX_BYTES);
    }
}
