package dev.ganglion.benchmarks.generator;

/**
 * The due times of an open loop's frames: frame {@code k}, counted from 0, is due at {@code begin + k / rate}.
 *
 * @param begin due time of the first frame, by {@link System#nanoTime()}
 * @param framesPerSecond the rate, above 0
 */
record Schedule(long begin, double framesPerSecond) {
    /** Number of frames that are due at this time or earlier. */
    long dueBy(long now) {
        return now < begin ? 0 : 1 + (long) ((now - begin) * framesPerSecond / 1e9);
    }

    /**
     * The share of one of several loops that take turns: every {@code loops}-th frame, starting with frame {@code
     * first}.
     */
    Schedule turn(int first, int loops) {
        return new Schedule(at(first), framesPerSecond / loops);
    }

    /** Due time of a frame, by {@link System#nanoTime()}. */
    long at(long frame) {
        return begin + (long) (frame * 1e9 / framesPerSecond);
    }
}
