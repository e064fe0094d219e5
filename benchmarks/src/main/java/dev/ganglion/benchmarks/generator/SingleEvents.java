package dev.ganglion.benchmarks.generator;

import java.util.Random;

/** Makes batches in which every event has a task of its own. A few batches take turns, each time with new ids. */
final class SingleEvents implements Frames {
    private static final int PAYLOADS = 16;

    private final Payload[] payloads = new Payload[PAYLOADS];
    private long made;

    SingleEvents(int perFrame, Random seeds) {
        for (int i = 0; i < PAYLOADS; i++) {
            payloads[i] = Payload.batch(perFrame, seeds.nextLong());
        }
    }

    @Override
    public Payload next(int connection, long frame) {
        return payloads[(int) (made % PAYLOADS)].fresh(made++);
    }
}
