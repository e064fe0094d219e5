package dev.ganglion.projection.projector;

/**
 * The size at which a step ends. It bounds the time for which the script of the step occupies the store.
 *
 * @param tasks largest number of tasks that one step changes
 * @param events largest number of events in one step
 * @param bytes size of the changed tasks at which a step ends, in bytes of heap; a stored record is a quarter of it or
 *     less
 */
record StepLimits(int tasks, int events, int bytes) {
    static final StepLimits USUAL = new StepLimits(2_000, 30_000, 2 << 20);
}
