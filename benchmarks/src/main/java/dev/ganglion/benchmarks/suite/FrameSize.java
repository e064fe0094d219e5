package dev.ganglion.benchmarks.suite;

import dev.ganglion.benchmarks.verify.SampleFrame;
import dev.ganglion.benchmarks.verify.SampleFrame.Content;

/** How large what is stored of a batch is. */
final class FrameSize {
    /** What a frame is beside its events. */
    private static final int ENVELOPE = 230;

    private FrameSize() {}

    static int events(int count) {
        return SampleFrame.of(count, Content.PLAIN, 1).wire().length - ENVELOPE;
    }
}
