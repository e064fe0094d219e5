package dev.ganglion.benchmarks.suite;

import dev.ganglion.benchmarks.verify.SampleFrame;
import dev.ganglion.benchmarks.verify.SampleFrame.Content;
import dev.ganglion.benchmarks.workload.TaskEvents;
import dev.ganglion.protocol.json.Json;
import java.time.Instant;

/** Computes the stored size of a batch. */
final class FrameSize {
    /** Bytes of a frame without its events. */
    private static final int ENVELOPE = 230;

    private FrameSize() {}

    static int events(int count) {
        return SampleFrame.of(count, Content.PLAIN, 1).wire().length - ENVELOPE;
    }

    /** Bytes of a batch of {@link TaskEvents}. */
    static int taskEvents(int count) {
        TaskEvents events = new TaskEvents(count, 1);
        int bytes = 2;
        for (int i = 0; i < count; i++) {
            bytes += Json.parse(events.event(i, 0, Instant.EPOCH)).utf8().length + 1;
        }
        return bytes;
    }
}
