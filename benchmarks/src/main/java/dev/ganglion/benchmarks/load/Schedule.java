package dev.ganglion.benchmarks.load;

/**
 * When the frames of an open loop are due: frame {@code k}, from 0, at {@code begin + k / rate}.
 *
 * @param begin of the first frame, by {@link System#nanoTime()}
 * @param framesPerSecond above 0
 */
record Schedule(long begin, double framesPerSecond) {
    /** How many frames are due at that time or before, 0 or more. */
    long dueBy(long now) {
        return now < begin ? 0 : 1 + (long) ((now - begin) * framesPerSecond / 1e9);
    }

    /** Every n-th frame of this one, from the given one on: what one of n loops sends that take turns. */
    Schedule turn(int first, int loops) {
        return new Schedule(at(first), framesPerSecond / loops);
    }

    /** When a frame is due, by {@link System#nanoTime()}. */
    long at(long frame) {
        return begin + (long) (frame * 1e9 / framesPerSecond);
    }
}
