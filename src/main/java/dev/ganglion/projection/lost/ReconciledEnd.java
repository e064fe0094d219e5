package dev.ganglion.projection.lost;

import org.jspecify.annotations.Nullable;

/**
 * The end of a task as its engine told it.
 *
 * @param success whether the task succeeded; otherwise it failed
 * @param atMicros time of the end, in microseconds since 1970
 * @param exception why it failed; null if unknown
 */
public record ReconciledEnd(
        boolean success, long atMicros, @Nullable String exception) {}
