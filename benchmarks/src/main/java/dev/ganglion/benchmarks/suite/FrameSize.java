package dev.ganglion.benchmarks.suite;

import dev.ganglion.benchmarks.verify.SampleFrame;
import dev.ganglion.benchmarks.verify.SampleFrame.Content;

/** Computes the stored size of a batch. */
final class FrameSize {
    /** Bytes of a frame without its events. */
    private static final int ENVELOPE = 230;

    private FrameSize() {}

    static int events(int count) {
        return SampleFrame.of(count, Content.PLAIN, 1).wire().length - ENVELOPE;
    }
}
